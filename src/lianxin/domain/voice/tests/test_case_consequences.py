"""What follows for cases when people go, records become one, staff leave, communities merge, and time passes."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from lianxin.domain.people.events import (
    AccountClosed,
    ConsentWithdrawn,
    HouseholdsMerged,
    HouseholdSplit,
    PersonDied,
    PersonMerged,
    PersonMovedHousehold,
)
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.places.tests.factories import make_venue
from lianxin.domain.voice.commands import case_consequences as follows
from lianxin.domain.voice.commands import case_personal_data, closing, hearing, linking, moving, pictures, telling
from lianxin.domain.voice.models import Case, CaseLink, CaseReport, CaseStep
from lianxin.domain.voice.queries import case_checks, reports
from lianxin.platform import files, scope, search
from lianxin.platform.commands import command
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.models import StoredFile
from lianxin.platform.tests.test_files import JFIF, exif, jpeg, segment

from .case_factories import case_in
from .tier_factories import AT, DAY, SYSTEM, TODAY, Place, case_of, fresh, make_place, open_duties, say

YEARS = 1200 * DAY


@pytest.fixture
def place(db: None, tmp_path: Path, settings: Any) -> Place:
    settings.FILES_ROOT = tmp_path / "files"
    return make_place(homes=3)


@command("voice.test_follow")
def follow(*, actor: Any, event: Any, what: Any, at: Any) -> None:
    """Let a consequence run as a reporting command does."""
    what(event, actor=actor, at=at)


def happens(event: Any, what: Any) -> None:
    follow(actor=SYSTEM, event=event, what=what, at=AT)


def told(place: Place, **more: Any) -> CaseReport:
    """What home 0 told, with an answer that waits for a call."""
    row = say(place, "陈小明家楼道的灯不亮，电话13800138000", channel="phone", **more)
    telling.answer_reporters(actor=place.keeper, case=row.case_id, kind="heard", words="陈小明您好，收到", at=AT)
    return row


def test_nobody_is_called_any_more_about_who_died(place: Place) -> None:
    row = told(place)
    event = PersonDied(row.person_id, row.household_id, place.community.pk, TODAY)  # type: ignore[arg-type]

    assert follows.preview_person_gone(event) == [
        "1 case that they brought forward goes on; nobody is called about it any more."
    ]
    happens(event, follows.follow_person_gone)

    assert (fresh(row).channel, case_of(row).state) == ("none", "new")
    assert open_duties("voice.tell_reporters") == []


def test_messages_stop_with_the_consent(place: Place) -> None:
    row = say(place, channel="sms")
    event = ConsentWithdrawn(row.person_id, "notices", place.community.pk)  # type: ignore[arg-type]

    assert follows.preview_consent_withdrawn(event)
    happens(event, follows.follow_consent_withdrawn)

    assert fresh(row).channel == "none"
    assert follows.preview_consent_withdrawn(event) == []


def test_voices_follow_people_and_homes(place: Place) -> None:
    row = say(place)
    home, other, third = (one.pk for one in place.homes)
    community, into = place.community.pk, place.resident(1).person

    happens(
        PersonMovedHousehold(row.person_id, home, other, community, community, TODAY),  # type: ignore[arg-type]
        follows.follow_person_moved_household,
    )
    assert fresh(row).household_id == other
    happens(HouseholdSplit(other, third, community, (row.person_id,), TODAY), follows.follow_household_split)  # type: ignore[arg-type]
    assert fresh(row).household_id == third
    happens(HouseholdsMerged((third,), home, community, TODAY), follows.follow_households_merged)
    assert fresh(row).household_id == home
    happens(PersonMerged(row.person_id, into, community), follows.follow_person_merged)  # type: ignore[arg-type]
    assert (fresh(row).person_id, fresh(row).household_id) == (into, other)


def test_cases_of_who_left_the_office_are_everybodys(place: Place) -> None:
    case, _report = case_in(place, "working")
    event = AccountClosed(place.keeper.account, None)  # type: ignore[arg-type]

    assert follows.preview_account_closed(event) == ["1 open case goes to everybody of the office."]
    happens(event, follows.follow_account_closed)

    after = fresh(case)
    assert (after.responsible, after.responsible_role) == (None, "community_staff")
    (duty,) = open_duties("voice.case")
    assert (duty.assignee_account, duty.assignee_role) == (None, "community_staff")
    assert list(case_checks.open_cases_have_somebody()) == []


def test_cases_go_to_the_successor_with_new_numbers(place: Place) -> None:
    row = say(place)
    visitor = place.resident().visiting(place.elsewhere.pk)
    there = hearing.hear(actor=visitor, community=place.elsewhere.pk, words="那边的事", how="page", at=AT)
    event = DivisionsMerged((place.community.pk, place.elsewhere.pk), place.elsewhere.pk, TODAY)

    assert follows.preview_divisions_merged(event)
    happens(event, follows.follow_divisions_merged)

    assert (case_of(row).community_id, case_of(row).number) == (place.elsewhere.pk, 2)
    assert case_of(there).number == 1
    with scope.everything():
        assert not CaseStep.objects.filter(community=place.community.pk).exists()
    assert list(case_checks.voices_are_at_home()) == []


def test_closed_place_is_named_in_words(place: Place) -> None:
    venue = make_venue(place.community)
    row = say(place, venue=venue.pk)

    happens(VenueClosed(venue.pk, TODAY), follows.follow_venue_closed)

    assert case_of(row).place_words == venue.name


def test_person_is_given_what_they_told_and_taken_out_of_it(place: Place) -> None:
    row = told(place)
    pictures.add_picture(
        actor=place.resident(), report=row.pk, upload=BytesIO(jpeg(JFIF, segment(0xE1, exif(1)))), at=AT
    )
    moving.assign(actor=place.keeper, case=row.case_id, account=place.keeper.account, at=AT)
    moving.progress(actor=place.keeper, case=row.case_id, words="陈小明在家等", at=AT)

    (given,) = case_personal_data.export_rows(row.person_id)  # type: ignore[arg-type]
    assert given["words"].startswith("陈小明家")
    assert given["answers"][0]["words"] == "陈小明您好，收到"
    kept = case_personal_data.erase_rows(row.person_id, SYSTEM, AT)  # type: ignore[arg-type]

    after, case = fresh(row), case_of(row)
    assert len(kept) == 1
    assert (after.person_id, after.household_id, after.confidentiality) == (None, None, "anonymous")
    with scope.everything():
        everything = [after.words, case.title, *CaseStep.objects.values_list("words", flat=True)]
        everything += [one.words for one in after.answers.all()]
        assert not StoredFile.objects.filter(purpose="voice.case_picture").exists()
    assert not any("陈小明" in text or "13800138000" in text for text in everything)
    assert after.receipt == row.receipt
    assert case_personal_data.erase_rows(row.person_id, SYSTEM, AT) == []  # type: ignore[arg-type]


def test_numbers_recordings_and_names_are_forgotten_in_time(place: Place) -> None:
    row = hearing.hear(
        actor=place.keeper,
        community=place.community.pk,
        words="灯坏了",
        how="phone",
        guest_name="林阿婆",
        guest_phone="13800138555",
        channel="phone",
        voice_file=BytesIO(b"OggS\0" + b"\0" * 30),
        at=AT,
    )
    moving.assign(actor=place.keeper, case=row.case_id, account=place.keeper.account, at=AT)
    assert case_personal_data.purge_contacts(AT + YEARS) == 0
    closing.decline(actor=place.keeper, case=row.case_id, words="办不了", at=AT)

    assert case_personal_data.purge_contacts(AT + 179 * DAY) == 0
    assert case_personal_data.purge_contacts(AT + 181 * DAY) == 1
    assert (fresh(row).guest_phone, fresh(row).channel) == (None, "none")
    assert case_personal_data.purge_notes(AT + 366 * DAY) == 1
    with pytest.raises(Missing):
        files.find_file(row.voice_file)
    assert case_personal_data.purge_names(AT + YEARS) == 1
    assert (fresh(row).guest_name, fresh(row).words) == ("", "灯坏了")


def test_spoken_word_alone_can_be_erased(place: Place) -> None:
    row = say(place, "", voice_file=BytesIO(b"OggS\0" + b"\0" * 30))

    case_personal_data.erase_rows(row.person_id, SYSTEM, AT)  # type: ignore[arg-type]

    assert fresh(row).voice_file is None
    assert fresh(row).words


def test_cases_are_found_by_title_and_number_and_sealed_ones_not_by_their_words(place: Place) -> None:
    row = say(place, "下水道堵了")
    hidden = hearing.hear(
        actor=place.keeper,
        community=place.community.pk,
        words="家里吵架",
        how="desk",
        confidentiality="confidential",
        at=AT,
    )

    with scope.within(place.keeper.communities):
        assert [hit.record_id for hit in search.find("下水道", kinds=["case"])] == [row.case_id]
        assert search.find("吵架", kinds=["case"]) == []
        assert hidden.case_id in {hit.record_id for hit in search.find(str(case_of(hidden).number), kinds=["case"])}


def test_case_becomes_a_need_once_and_an_activity(place: Place) -> None:
    row = say(place, "想要一个修鞋的摊")

    need = linking.to_need(actor=place.keeper, case=row.case_id, at=AT)

    assert (need.words, need.person_id) == ("想要一个修鞋的摊", row.person_id)
    with pytest.raises(Refused):
        linking.to_need(actor=place.keeper, case=row.case_id, at=AT)
    with scope.everything():
        assert CaseLink.objects.get(case=row.case_id, kind="need").record_id == need.pk
        assert Case.objects.get(pk=row.case_id).state == "new"
    page = reports.own_page(actor=place.resident(), report=row.pk, at=AT)
    assert page.timeline[-1].act == "link"
