"""Hearing: own words, a receipt, a case with somebody responsible; anonymous and confidential voices; recordings."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from lianxin.domain.needs.commands.posting import ADDRESS_LIMITS
from lianxin.domain.places.tests.factories import make_venue
from lianxin.domain.voice.commands import hearing, moving, pictures, posting
from lianxin.domain.voice.models import Case, CasePicture, CaseReport
from lianxin.domain.voice.queries import reports
from lianxin.domain.voice.rules import receipts
from lianxin.platform import facts, files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Refused, TooMany
from lianxin.platform.ids import new_id
from lianxin.platform.models import Message
from lianxin.platform.tests.test_files import JFIF, exif, jpeg, segment

from .tier_factories import AT, DAY, HOUR, SYSTEM, TODAY, Place, case_of, fresh, make_place, open_duties, say

OGG, MP4 = b"OggS\0\x02" + b"\0" * 40, b"\0\0\0\x18ftypM4A " + b"\0" * 40


@pytest.fixture
def place(db: None, tmp_path: Path, settings: Any) -> Place:
    settings.FILES_ROOT = tmp_path / "files"
    return make_place()


def desk(place: Place, words: str = "楼道的灯不亮了", **more: object) -> CaseReport:
    """What somebody says at the desk."""
    entries = {"actor": place.keeper, "community": place.community.pk, "how": "desk", "at": AT, "words": words} | more
    return hearing.hear(**entries)  # type: ignore[arg-type]


def test_words_are_kept_as_they_were_said_with_receipt_case_and_fact(place: Place) -> None:
    row = say(place, "  阮楼道灯唔着，\r\n老人怕跌倒。 ")

    kept, case = fresh(row), case_of(row)
    assert kept.words == "阮楼道灯唔着，\n老人怕跌倒。"
    assert (kept.person_id, kept.taken_by, kept.first_case) == (place.resident().person, None, case.pk)
    assert len(kept.receipt) == 9
    assert kept.receipt[0] == "6"
    assert receipts.read_number(receipts.spaced(kept.receipt)) == kept.receipt
    assert (case.state, case.number, case.voices, case.responsible_role) == ("new", 1, 1, "community_staff")
    assert case.title.startswith("阮楼道灯唔着")
    with scope.everything():
        assert facts.figure("cases_heard", from_on=TODAY, until_on=TODAY + DAY) == 1
    assert [duty.title for duty in open_duties("voice.new_cases")] == ["Look at 1 new case"]


def test_number_of_another_kind_of_slip_is_none_of_ours(place: Place) -> None:
    row = say(place)

    assert receipts.read_number("8" + row.receipt[1:]) == ""
    assert receipts.read_number(row.receipt[:8]) == ""
    assert len({receipts.number_for(new_id()) for _number in range(50)}) > 45


def test_desk_writes_down_for_somebody_with_helper_and_read_back(place: Place) -> None:
    row = desk(place, person=place.resident(1).person, helper_name="林秀英的女儿", read_back_at=AT, language="teochew")

    assert (row.taken_by, row.helper_name, row.read_back_at) == (place.keeper.account, "林秀英的女儿", AT)
    assert row.household_id is not None


def test_resident_speaks_for_nobody_else_and_only_on_the_page(place: Place) -> None:
    with pytest.raises(Missing):
        say(place, person=place.resident(1).person)
    with pytest.raises(NotAllowed):
        say(place, how="desk")


def test_anonymous_voice_keeps_nobody_even_of_who_is_logged_in(place: Place) -> None:
    row = say(place, confidentiality="anonymous", guest_name="林秀英", guest_phone="13800138111", channel="none")

    assert (row.person, row.household, row.guest_name, row.guest_phone) == (None, None, "", None)
    assert case_of(row).title == "other"
    with pytest.raises(Invalid) as refused:
        say(place, "另一件", confidentiality="anonymous", channel="sms")
    assert "channel" in refused.value.fields


def test_networks_that_name_nobody_are_limited_and_others_are_not(place: Place) -> None:
    guest = Actor.anonymous().visiting(place.community.pk)
    entries = {"community": place.community.pk, "person": None, "at": AT}
    for number in range(ADDRESS_LIMITS[0].most):
        posting.post(actor=guest, address="198.51.100.7", words=f"第{number}件", **entries)

    with pytest.raises(posting.TooManyPosts) as refused:
        posting.post(actor=guest, address="198.51.100.7", words="又一件", **entries)
    assert "minutes" in str(refused.value.detail)
    assert posting.post(actor=guest, address="198.51.100.8", words="别处的一件", **entries)
    own = place.resident()
    named = posting.post(actor=own, address="198.51.100.7", words="我的", **entries | {"person": own.person})
    assert named.person_id == own.person
    with pytest.raises(posting.TooManyPosts):
        posting.post(
            actor=own, address="198.51.100.7", words="不留名", confidentiality="anonymous", **entries | {"person": None}
        )


def test_same_words_within_a_day_are_refused_with_the_receipt(place: Place) -> None:
    first = say(place)

    with pytest.raises(hearing.AlreadyHeard) as refused:
        say(place, "楼道的灯，不亮了。", at=AT + HOUR)

    assert refused.value.extra["receipt"] == first.receipt
    assert receipts.spaced(first.receipt) in str(refused.value.detail)
    assert say(place, by=1).pk != first.pk
    assert say(place, at=AT + 2 * DAY).pk != first.pk


def test_me_too_joins_a_case_of_the_board_and_no_other(place: Place) -> None:
    case = case_of(say(place))
    with pytest.raises(Missing):
        say(place, "我家楼道也是", by=1, case=case.pk)
    moving.edit(actor=place.keeper, case=case.pk, public_title="楼道灯不亮", is_public=True, at=AT)

    also = say(place, "我家楼道也是", by=1, case=case.pk)

    assert (also.case_id, also.first_case) == (case.pk, case.pk)
    assert case_of(also).voices == 2
    with pytest.raises(hearing.AlreadyHeard):
        say(place, "再说一次", by=1, case=case.pk)
    with scope.everything():
        assert Case.objects.count() == 1


def test_danger_is_a_duty_of_its_own_within_hours(place: Place) -> None:
    case = case_of(say(place, "配电箱冒火花", is_danger=True))

    (duty,) = open_duties("voice.danger")
    assert duty.due_at <= AT + 2 * HOUR
    assert "火花" not in duty.title
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    assert open_duties("voice.danger") == []
    (running,) = open_duties("voice.case")
    assert running.assignee_account == place.keeper.account


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("words", {"words": " \n"}),
        ("words", {"words": "长" * 2001}),
        ("guest_phone", {"guest_phone": "1380013"}),
        ("guest_phone", {"channel": "phone"}),
        ("channel", {"channel": "pigeon"}),
        ("subject", {"subject": "weather"}),
        ("confidentiality", {"confidentiality": "secret"}),
        ("heard_at", {"heard_at": AT + DAY}),
        ("lat", {"lng": 116.7}),
        ("lat", {"lng": 23.35, "lat": 116.7}),
        ("venue", {"venue": new_id()}),
        ("how", {"how": "smoke"}),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(place: Place, field: str, given: dict) -> None:
    with pytest.raises(Invalid) as refused:
        desk(place, **{"words": "灯不亮", **given})

    assert list(refused.value.fields) == [field]


def test_same_form_sent_twice_is_one_voice_and_a_client_key_is_used_once(place: Place) -> None:
    key = new_id()

    assert desk(place, key=key).pk == desk(place, key=key).pk

    venue = make_venue(place.community)
    row = desk(place, "另一件事", venue=venue.pk, lng=116.71, lat=23.36, place_words="门口", client_key="a/1")
    case = case_of(row)
    assert (case.venue_id, case.lng, case.place_words) == (venue.pk, 116.71, "门口")
    assert desk(place, "另一件事", client_key="a/1").pk == row.pk


def test_who_tells_at_the_desk_gets_the_receipt_by_message(place: Place) -> None:
    desk(place, guest_name="阿婆", guest_phone="138 0013 8222", channel="sms")
    say(place, "别的", channel="sms")

    with scope.everything():
        assert list(Message.objects.values_list("template", flat=True)) == ["case_heard"]


def test_recordings_of_phones_are_taken_and_others_are_not(place: Place) -> None:
    spoken = [desk(place, "", voice_file=BytesIO(sound)) for sound in (OGG, MP4, b"#!AMR\n" + b"\0" * 9)]

    assert all(row.voice_file is not None and row.words == "" for row in spoken)
    assert files.find_file(spoken[1].voice_file).content_type == "audio/mp4"
    assert case_of(spoken[0]).title == "other"
    for wrong in (b"MZ\x90\0\x03\0\0\0", b"#!AMR" + b"\0" * (5 * 1024 * 1024)):
        with pytest.raises((files.FileKindRefused, files.FileTooLarge)):
            desk(place, "有话", voice_file=BytesIO(wrong))
    later = pictures.add_voice_note(
        actor=place.resident(), report=say(place).pk, upload=BytesIO(b"\x1aE\xdf\xa3" + b"\0" * 20), at=AT
    )
    with pytest.raises(Refused):
        pictures.add_voice_note(actor=place.resident(), report=later.pk, upload=BytesIO(OGG), at=AT)


def test_pictures_lose_where_they_were_taken_and_five_are_enough(place: Place) -> None:
    row = say(place)
    for number in range(pictures.MOST):
        kept = pictures.add_picture(
            actor=place.resident(),
            report=row.pk,
            upload=BytesIO(jpeg(JFIF, segment(0xE1, exif(1)))),
            caption=f"图{number}",
            at=AT,
        )

    with files.open_file(file=files.find_file(kept.file_id)) as taken:
        assert b"Exif" not in taken.read()
    with pytest.raises(Refused):
        pictures.add_picture(
            actor=place.resident(), report=row.pk, upload=BytesIO(jpeg(JFIF, segment(0xE1, exif(1)))), at=AT
        )
    with pytest.raises(NotAllowed):
        pictures.add_picture(
            actor=place.resident(1), report=row.pk, upload=BytesIO(jpeg(JFIF, segment(0xE1, exif(1)))), at=AT
        )
    pictures.show(actor=place.keeper, picture=kept.pk, at=AT)
    pictures.remove(actor=place.resident(), picture=kept.pk, reason="有邻居在上面", at=AT)
    with scope.everything():
        assert not CasePicture.objects.filter(is_public=True).exists()


def test_photos_of_what_is_confidential_are_never_shown(place: Place) -> None:
    row = desk(place, confidentiality="confidential")
    picture = pictures.add_picture(
        actor=place.keeper, report=row.pk, upload=BytesIO(jpeg(JFIF, segment(0xE1, exif(1)))), at=AT
    )

    with pytest.raises(Refused):
        pictures.show(actor=place.keeper, picture=picture.pk, at=AT)


def test_receipt_opens_with_slip_or_phone_or_link_only(place: Place) -> None:
    named, unnamed = say(place), say(place, "长椅断了", confidentiality="anonymous")
    token = receipts.token_for(named.pk, named.receipt)

    def opened(**given: str) -> object:
        return reports.by_receipt(at=AT, **given).id

    assert opened(number=receipts.spaced(named.receipt), word="8000") == named.pk
    assert opened(number=unnamed.receipt, word=receipts.word_for(unnamed.pk)) == unnamed.pk
    assert opened(number=named.receipt, token=token) == named.pk
    wrong = next(word for word in ("0000", "1111", "2222") if word not in (receipts.word_for(named.pk), "8000"))
    for given in (
        {"number": named.receipt, "word": wrong},
        {"number": "612345678", "word": "8000"},
        {"number": "", "word": ""},
        {"number": unnamed.receipt, "token": token},
        {"number": named.receipt, "token": "-"},
    ):
        with pytest.raises(Missing):
            opened(**given)


def test_own_page_is_the_speakers_and_nobody_elses(place: Place) -> None:
    mine = say(place)
    say(place, "别的事", by=1)

    assert [one.id for one in reports.list_own(actor=place.resident(), on=TODAY)] == [mine.pk]
    assert reports.own_page(actor=place.resident(), report=mine.pk, at=AT).can == ("withdraw", "appeal", "urge")
    for stranger in (place.resident(1), Actor.anonymous()):
        with pytest.raises(Missing):
            reports.own_page(actor=stranger, report=mine.pk, at=AT)


def test_twenty_a_day_are_enough(place: Place) -> None:
    for number in range(hearing.MOST_A_DAY):
        say(place, f"第{number}件事：{chr(0x4E00 + 97 * number)}")

    with pytest.raises(TooMany):
        say(place, "再一件")


def test_many_voices_are_kept_as_one_would_be(place: Place) -> None:
    opened, joined = new_id(), new_id()
    voices = [
        hearing.Voice(words="灯坏了", id=opened, heard_at=AT - 40 * DAY, guest_phone="13800138333", channel="sms"),
        hearing.Voice(words="下水道堵了", heard_at=AT - 3 * DAY, subject="sanitation", title="下水道"),
    ]
    made = hearing.hear_many(actor=SYSTEM, community=place.community.pk, voices=voices, is_sample=True, at=AT)
    with scope.everything():
        first = CaseReport.objects.get(pk=opened).case
    hearing.hear_many(
        actor=SYSTEM,
        community=place.community.pk,
        voices=[hearing.Voice(words="我家也是", id=joined, case=first.pk)],
        is_sample=True,
        at=AT,
    )

    with scope.everything():
        rows = list(CaseReport.objects.filter(pk__in=made).order_by("heard_at"))
        assert not Message.objects.exists()
        assert facts.figure("cases_heard", from_on=TODAY - 41 * DAY, until_on=TODAY + DAY) == 3
    assert [case_of(row).opened_at for row in rows] == [AT - 40 * DAY, AT - 3 * DAY]
    assert fresh(first).voices == 2
    assert case_of(rows[1]).title == "下水道"
    assert case_of(rows[0]).due_at < AT
