"""Residents' pages of cases: one form with files that never get lost, look-alikes, a receipt with its acts, a board."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.needs.commands import posting as needs_posting
from lianxin.domain.needs.tests.test_submissions import PNG, png
from lianxin.domain.people.models import Person, ProxyLink
from lianxin.domain.people.rules.login import SendLimit
from lianxin.domain.voice.commands import closing, hearing, matters, moving, pausing, pictures
from lianxin.domain.voice.models import Case, CasePicture, CaseReport
from lianxin.domain.voice.rules import receipts
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")
WORDS = "北门旁边的路灯坏了，晚上看不见路"
SOUND = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00" + b"\x00" * 64


def send(client: Client, **more: Any) -> Any:
    entries = {"key": str(new_id()), "words": WORDS, "channel": "none", "confidentiality": "open"} | more
    return client.post(reverse("resident:case_new"), entries)


def photo(name: str = "a.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def last() -> CaseReport:
    with scope.everything():
        return CaseReport.objects.select_related("case").order_by("-recorded_at", "-pk")[0]


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def path_of(row: CaseReport) -> str:
    return receipts.page_path(row.receipt, receipts.token_for(row.pk, row.receipt))


def public_case(district: SmallDistrict, words: str = WORDS, title: str = "北门路灯不亮", **more: Any) -> Case:
    keeper = district.actor("cuiying1")
    row = hearing.hear(
        actor=keeper, community=district.cuiying.pk, words=words, how="desk", guest_name="王大明", at=now(), **more
    )
    moving.edit(actor=keeper, case=row.case_id, public_title=title, is_public=True, at=now())
    return fresh(row.case)


def work_on(district: SmallDistrict, case: Case) -> Actor:
    keeper = district.actor("cuiying1")
    moving.assign(actor=keeper, case=case.pk, account=keeper.account, at=now())
    moving.start(actor=keeper, case=case.pk, at=now())
    return keeper


def test_visitor_tells_with_photos_and_a_spoken_note_and_sending_twice_makes_one(
    visitor: Client, small_district: SmallDistrict
) -> None:
    form = visitor.get(reverse("resident:wish"), {"words": "路灯坏了"}).content.decode()
    key = str(new_id())
    sent = [
        send(visitor, key=key, words="", voice=SimpleUploadedFile("n.m4a", SOUND), photos=[photo(), photo("b.png")])
        for _time in range(2)
    ]

    made = last()
    assert f"{reverse('resident:case_new')}?words=" in form
    assert [one.url for one in sent] == [f"{path_of(made)}?new=on"] * 2
    with scope.everything():
        assert CaseReport.objects.filter(community=small_district.cuiying).count() == 1
        # Two photos of the same bytes are one.
        assert CasePicture.objects.filter(report=made).count() == 1
    seen = visitor.get(sent[0].url)
    page = seen.content.decode()
    assert receipts.spaced(made.receipt) in page
    assert receipts.word_for(made.pk) in page
    assert seen.headers["X-Robots-Tag"] == "noindex"
    assert visitor.get(f"{path_of(made)}voice/").headers["Content-Type"] == "audio/mp4"
    shown = re.search(rf'src="({re.escape(path_of(made))}[0-9a-f-]+/)"', page)
    assert shown is not None
    assert visitor.get(shown[1]).headers["Content-Type"] == "image/png"
    other = f"/c/{made.receipt}/{receipts.token_for(new_id(), made.receipt)}/"
    assert {visitor.get(other + end).status_code for end in ("", "voice/")} == {404}


def test_wrong_files_are_refused_with_a_sentence_and_nothing_typed_or_sent_is_lost(
    visitor: Client, small_district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.cookies["lianxin-language"] = "en"
    pdf = send(visitor, photos=[photo(), photo("x.png", b"%PDF-1.4")], place_words="北门", guest_name="老陈")
    text = pdf.content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', text)

    assert pdf.status_code == 422
    assert "Only these kinds of file are taken here: JPG, PNG." in text
    assert all(words in text for words in (WORDS, "北门", "老陈", "Photo 1 is here."))
    assert kept is not None
    monkeypatch.setattr("lianxin.faces.resident.case_uploads.LARGEST", 10)
    large = send(visitor, photos=[photo("c.png", PNG + b"x")], kept=kept[1])
    assert "The file is larger than" in large.content.decode()
    monkeypatch.setattr("lianxin.faces.resident.case_uploads.MOST_AN_HOUR", 1)
    assert "A lot was sent just now." in html.unescape(send(visitor, photos=[photo("d.png")]).content.decode())
    forged = send(visitor, words="", kept=kept[1][:-2] + "xx")
    assert forged.status_code == 422
    done = send(visitor, kept=kept[1])
    assert done.status_code == 302
    with scope.everything():
        assert CasePicture.objects.filter(report=last()).count() == 1


def test_more_than_five_photos_and_an_empty_form_come_back(visitor: Client, small_district: SmallDistrict) -> None:
    sent = send(visitor, photos=[photo(f"{n}.png", png(n)) for n in range(7)])
    empty = send(visitor, words=" ")
    phoneless = send(visitor, channel="sms")
    outside = send(visitor, lat="91", lng="116")

    assert sent.status_code == empty.status_code == phoneless.status_code == outside.status_code == 422
    with scope.everything():
        assert not CaseReport.objects.filter(community=small_district.cuiying).exists()


def test_who_chose_no_community_is_asked_first(client: Client, small_district: SmallDistrict) -> None:
    assert client.get(reverse("resident:case_new")).url.startswith(reverse("resident:communities"))


def test_look_alikes_are_shown_before_and_me_too_joins_with_a_receipt_of_its_own(
    visitor: Client, small_district: SmallDistrict
) -> None:
    known = public_case(small_district)

    asked = send(visitor, photos=[photo()])
    page = asked.content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert asked.status_code == 200
    assert "北门路灯不亮" in page
    assert "王大明" not in page
    assert kept is not None
    again = send(visitor, kept=kept[1], again="on")
    assert WORDS in again.content.decode()
    different = send(visitor, kept=kept[1], different="on")
    assert different.status_code == 302
    assert last().case_id != known.pk
    joined = send(visitor, kept=kept[1], join=str(known.pk))
    made = last()
    assert joined.url == f"{path_of(made)}?new=on"
    assert (made.case_id, fresh(known).voices) == (known.pk, 2)
    with scope.everything():
        assert CasePicture.objects.filter(report=made).count() == 1
    danger = send(visitor, words=f"{WORDS}，有人摔倒", is_danger="on")
    assert danger.status_code == 302, "nothing holds up a danger"
    assert send(visitor, join=str(new_id())).status_code == 404


def test_resident_is_known_speaks_for_another_and_finds_it_under_me(
    resident: Client, small_district: SmallDistrict
) -> None:
    me = small_district.log_in_resident(resident)
    with scope.everything():
        mother = Person.objects.filter(household=me.household_id, state="living").exclude(pk=me.pk).first()
        if mother is None:
            mother = Person.objects.filter(community=me.community_id, state="living").exclude(pk=me.pk)[0]
        ProxyLink.objects.create(
            community_id=mother.community_id, principal=mother, agent_person=me, kind="guardian", acts=["voice"],
            from_on=local_day(now()),
        )  # fmt: skip

    send(resident, words="楼上半夜很吵", confidentiality="confidential", channel="paper")
    own = last()
    send(resident, words="我妈家水管漏水", for_whom=str(mother.pk), channel="paper")
    hers = last()
    send(resident, words="有人在楼道堆东西", confidentiality="anonymous", channel="sms")
    nobodys = last()
    stranger = send(resident, words="替别人说一句", for_whom=str(new_id()))
    again = send(resident, words="楼上半夜很吵。", channel="paper", different="on")

    assert (own.person_id, own.confidentiality, own.case.is_public) == (me.pk, "confidential", False)
    assert hers.person_id == mother.pk
    assert (nobodys.person_id, nobodys.channel) == (None, "none")
    assert stranger.status_code == 422
    assert receipts.spaced(own.receipt) in again.content.decode()
    mine = resident.get(reverse("resident:my_cases")).content.decode()
    assert "楼上半夜很吵" in mine
    assert path_of(hers) in mine
    assert "有人在楼道堆东西" not in mine
    assert reverse("resident:my_cases") in resident.get(reverse("resident:me")).content.decode()
    export = resident.post(reverse("resident:my_data")).content.decode()
    assert "楼上半夜很吵" in export


def test_look_up_takes_nine_digits_to_cases_and_tells_nothing_of_wrong_ones(
    visitor: Client, small_district: SmallDistrict
) -> None:
    send(visitor, guest_phone="13800138456", channel="phone")
    made = last()
    url = reverse("resident:receipt_look_up")

    right = [
        visitor.post(url, {"number": receipts.spaced(made.receipt), "word": word}).url
        for word in ("8456", receipts.word_for(made.pk))
    ]
    foreign = receipts.number_for(new_id())
    wrong = [
        visitor.post(url, {"number": number, "word": word})
        for number, word in ((made.receipt, "0000"), (foreign, "8456"), ("812345678", "8456"), ("1", "8456"))
    ]

    assert right == [path_of(made)] * 2
    assert {one.status_code for one in wrong} == {422}
    said = {re.sub(r'value="[^"]*"|nonce="[^"]*"', "", one.content.decode()) for one in wrong}
    assert len(said) == 1, "a foreign number, an unknown one and a wrong word are answered alike"


def test_holder_follows_the_story_and_says_in_the_end_whether_it_is_solved(
    visitor: Client, small_district: SmallDistrict
) -> None:
    send(visitor)
    made = last()
    keeper = work_on(small_district, made.case)
    act = f"{path_of(made)}act/"
    visitor.cookies["lianxin-language"] = "en"
    pausing.pause(
        actor=keeper, case=made.case_id, reason="parts", words="等灯泡到货",
        look_again_by=local_day(now()) + timedelta(days=5), at=now(),
    )  # fmt: skip
    waiting = visitor.get(path_of(made))
    assert "等灯泡到货" in waiting.context["waits"]
    assert waiting.context["due"] == []
    pausing.resume(actor=keeper, case=made.case_id, at=now())
    assert visitor.get(path_of(made)).context["due"][0].startswith("by ")

    urged = [visitor.post(act, {"act": "urge", "key": new_id()}, follow=True).content.decode() for _time in range(2)]
    visitor.post(act, {"act": "picture", "photo": photo(), "caption": "现在的样子", "key": new_id()})
    unfit = visitor.post(act, {"act": "picture", "photo": photo("x.png", b"%PDF-"), "key": new_id()}, follow=True)
    silent = visitor.post(act, {"act": "appeal", "words": " ", "key": new_id()}, follow=True).content.decode()
    visitor.post(act, {"act": "appeal", "words": "老人晚上出门危险", "key": new_id()})
    early = visitor.post(act, {"act": "say", "said": "solved", "key": new_id()}, follow=True).content.decode()

    assert "We passed it on." in urged[0]
    assert re.search(r"You may ask again from \w{3} \d+ \w{3}", urged[1])
    assert "Only these kinds of file" in unfit.content.decode()
    assert "Tell us in one sentence why." in silent
    assert "not done yet" in early
    assert "现在的样子" in visitor.get(path_of(made)).content.decode()
    assert fresh(made.case).urged == 1
    closing.finish(actor=keeper, case=made.case_id, words="换了新灯。", at=now())
    done = visitor.get(path_of(made))
    assert "换了新灯。" in done.content.decode()
    assert (done.context["may"]["say"], done.context["may"]["urge"]) == (True, False)
    visitor.post(act, {"act": "say", "said": "not_solved", "words": "还是不亮", "key": new_id()})
    assert fresh(made.case).state == "working"
    closing.finish(actor=keeper, case=made.case_id, words="线也换了。", at=now())
    visitor.post(act, {"act": "say", "said": "solved", "key": new_id()})
    assert (fresh(made).said, fresh(made.case).state) == ("solved", "confirmed")
    assert visitor.get(path_of(made)).context["may"]["reopen"]
    visitor.post(act, {"act": "reopen", "words": "又坏了", "key": new_id()})
    assert fresh(made.case).state == "working"
    visitor.post(act, {"act": "withdraw", "key": new_id()})
    assert fresh(made.case).state == "withdrawn"
    over = visitor.get(path_of(made))
    assert not any(over.context["may"].values())


def test_board_and_its_cases_name_nobody_and_leave_out_what_is_not_public(
    visitor: Client, small_district: SmallDistrict
) -> None:
    known = public_case(small_district, words=f"我王大明说{WORDS}", place_words="3栋402")
    hidden = hearing.hear(
        actor=SYSTEM, community=small_district.cuiying.pk, words="邻居家的事", how="desk",
        confidentiality="confidential", at=now(),
    )  # fmt: skip
    board = reverse("resident:cases", args=[small_district.cuiying.pk])
    of = lambda case, community: reverse("resident:case", args=[community.pk, case])  # noqa: E731

    matter = matters.open_matter(
        actor=small_district.actor("cuiying1"), community=small_district.cuiying.pk, title="换路灯",
        subject="road_light", summary="北门一带的路灯怎么换", case=known.pk, is_public=True, at=now(),
    )  # fmt: skip
    listed = visitor.get(board).content.decode()
    other = visitor.get(board, {"subject": "noise", "state": "open"}).content.decode()
    odd = visitor.get(board, {"subject": "<x>", "state": "1", "page": "99999999999999999999"})
    shown = visitor.get(of(known.pk, small_district.cuiying)).content.decode()

    assert "北门路灯不亮" in listed
    assert "北门路灯不亮" not in other
    assert odd.status_code == 200
    assert "北门路灯不亮" in shown
    assert f"?join={known.pk}" in shown
    assert reverse("resident:matter", args=[small_district.cuiying.pk, matter.pk]) in shown
    assert reverse("resident:matters", args=[small_district.cuiying.pk]) in listed
    for page in (listed, shown):
        assert not any(word in page for word in ("王大明", "3栋402", "邻居家的事", WORDS))
    assert visitor.get(of(hidden.case_id, small_district.cuiying)).status_code == 404
    assert visitor.get(of(known.pk, small_district.jinzhou_village)).status_code == 404
    with scope.everything():
        report = CaseReport.objects.get(case=known)
    taken = pictures.add_picture(actor=small_district.actor("cuiying1"), report=report.pk, upload=photo(), at=now())
    address = reverse("resident:case_picture", args=[small_district.cuiying.pk, known.pk, taken.pk])
    assert visitor.get(address).status_code == 404
    pictures.show(actor=small_district.actor("cuiying1"), picture=taken.pk, at=now())
    assert visitor.get(address).status_code == 200


def test_pages_cost_the_same_at_any_size(
    resident: Client, small_district: SmallDistrict, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(resident, channel="paper", photos=[photo()])
    made = last()
    work_on(small_district, made.case)
    known = public_case(small_district)
    pages = [
        reverse("resident:case_new"),
        reverse("resident:my_cases"),
        path_of(made),
        reverse("resident:cases", args=[small_district.cuiying.pk]),
        reverse("resident:case", args=[small_district.cuiying.pk, known.pk]),
    ]

    def costs() -> list[int]:
        found = []
        for address in pages:
            resident.get(address)
            with django_assert_max_num_queries(16) as asked:
                assert resident.get(address).status_code == 200
            found.append(len(asked))
        return found

    small = costs()
    for number in range(6):
        public_case(small_district, words=f"第{number}盏灯不亮", title=f"第{number}盏灯")
        send(resident, words=f"另外第{number}件事", channel="paper", different="on")
    large = costs()

    assert large == small
    assert max(large) <= 12, dict(zip(pages, large, strict=True))


def test_too_many_cases_without_a_name_keep_the_words(
    visitor: Client, small_district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs_posting, "ADDRESS_LIMITS", (SendLimit(1, timedelta(hours=1)),))

    first = send(visitor, words="井盖松了")
    second = send(visitor, words="垃圾没人收", guest_phone="13800138456", channel="phone")

    assert (first.status_code, second.status_code) == (302, 422)
    assert all(words in second.content.decode() for words in ("垃圾没人收", "13800138456"))
