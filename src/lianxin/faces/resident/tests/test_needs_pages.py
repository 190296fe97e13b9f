"""Residents' pages of needs: one sentence, a receipt that opens for its holder only, and a board without names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.domain.needs.commands import answers, hearing, joining, lists, posting
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.needs.rules import receipts
from lianxin.domain.people.rules.login import SendLimit
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="cli")


def send(client: Client, **more: Any) -> Any:
    entries = {"key": new_id(), "words": "想学用手机挂号", "channel": "none"} | more
    return client.post(reverse("resident:wish"), entries)


def last() -> NeedReport:
    with scope.everything():
        return NeedReport.objects.order_by("-recorded_at", "-pk")[0]


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def path_of(row: NeedReport) -> str:
    return receipts.page_path(row.receipt, receipts.token_for(row.pk, row.receipt))


def test_home_offers_the_field_and_a_visitor_says_one_sentence(small_district: SmallDistrict, visitor: Client) -> None:
    home = visitor.get(reverse("resident:home")).content.decode()
    form = visitor.get(reverse("resident:wish"), {"words": "想要长椅"})
    sent = send(visitor)

    assert f'action="{reverse("resident:wish")}"' in home
    assert "想要长椅" in form.content.decode()
    made = last()
    assert (made.words, made.person, made.community_id) == ("想学用手机挂号", None, small_district.cuiying.pk)
    assert sent.url == f"{path_of(made)}?new=on"
    page = visitor.get(sent.url).content.decode()
    assert f"{made.receipt[:4]} {made.receipt[4:]}" in page
    assert receipts.word_for(made.pk) in page


def test_wrong_entries_come_back_with_what_was_typed(visitor: Client, small_district: SmallDistrict) -> None:
    without_phone = send(visitor, channel="sms", words="想要长椅")
    empty = send(visitor, words=" ")

    assert without_phone.status_code == empty.status_code == 422
    assert "想要长椅" in without_phone.content.decode()


def test_who_chose_no_community_is_asked_first(client: Client, small_district: SmallDistrict) -> None:
    assert client.get(reverse("resident:wish")).url.startswith(reverse("resident:communities"))


def test_resident_is_known_and_finds_it_under_me(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in_resident(client)
    send(client, words="盼有人教跳舞", channel="sms")
    made = last()

    mine = client.get(reverse("resident:my_voice")).content.decode()
    again = send(client, words="盼有人教跳舞。", channel="sms")

    assert made.person_id is not None
    assert "盼有人教跳舞" in mine
    assert path_of(made) in mine
    assert again.status_code == 422
    assert receipts.spaced(made.receipt) in again.content.decode()
    assert reverse("resident:my_voice") in client.get(reverse("resident:me")).content.decode()


def test_receipt_opens_with_its_digits_and_nothing_is_told_of_wrong_ones(
    visitor: Client, small_district: SmallDistrict
) -> None:
    send(visitor, guest_phone="13800138456", channel="phone")
    made = last()
    url = reverse("resident:receipt_look_up")

    right = visitor.post(url, {"number": receipts.spaced(made.receipt), "word": "8456"})
    wrong = visitor.post(url, {"number": made.receipt, "word": "0000"})
    unknown = visitor.post(url, {"number": "12345678", "word": "8456"})

    assert right.url == path_of(made)
    assert wrong.status_code == unknown.status_code == 422
    assert made.words not in wrong.content.decode()
    token = receipts.token_for(new_id(), made.receipt)
    assert visitor.get(receipts.page_path(made.receipt, token)).status_code == 404
    assert visitor.get(receipts.page_path("12345678", "x")).status_code == 404


def test_holder_reads_the_answer_says_whether_it_helped_and_takes_it_back(
    visitor: Client, small_district: SmallDistrict
) -> None:
    send(visitor)
    made = last()
    entry = joining.join(actor=SYSTEM, report=made.pk, title="教用手机", category="D01", at=now())
    page = visitor.get(path_of(made))
    assert not page.context["may_say_met"]
    project = {"record_kind": "x.y", "record_id": new_id(), "at": now()}
    lists.mark_served(actor=SYSTEM, needs=[entry.pk], on=local_day(now()), **project)
    answers.answer_askers(actor=SYSTEM, needs=[entry.pk], kind="done", words="周六开班，欢迎来。", **project)
    act = f"{path_of(made)}act/"

    page = visitor.get(path_of(made))
    said = visitor.post(act, {"act": "met", "met": "yes", "words": "学会了", "key": new_id()})

    assert "周六开班，欢迎来。" in page.content.decode()
    assert page.context["asks_still"]
    assert said.url == path_of(made)
    assert (fresh(made).met, fresh(made).met_words, fresh(entry).state) == ("yes", "学会了", "met")
    visitor.post(act, {"act": "met", "met": "no", "key": new_id()})
    assert fresh(entry).state == "open"
    visitor.post(act, {"act": "still", "key": new_id()})
    assert fresh(entry).confirmed_on == local_day(now())
    visitor.post(act, {"act": "withdraw", "key": new_id()})
    assert fresh(made).state == "withdrawn"
    assert fresh(made).words == "想学用手机挂号"


def test_board_shows_what_was_asked_and_done_and_names_nobody(visitor: Client, small_district: SmallDistrict) -> None:
    voice = hearing.hear(
        actor=SYSTEM,
        community=small_district.cuiying.pk,
        words="我王大明想要长椅",
        how="desk",
        guest_name="王大明",
        channel="none",
        heard_at=now() - timedelta(days=3),
        at=now(),
    )
    entry = joining.join(actor=SYSTEM, report=voice.pk, title="添几张长椅", category="D01", at=now())
    lists.mark_unmet(actor=SYSTEM, need=entry.pk, reason="no_money", words="明年三月再排。", at=now())

    page = visitor.get(reverse("resident:needs_board", args=[small_district.cuiying.pk])).content.decode()

    assert "添几张长椅" in page
    assert "明年三月再排。" in page
    assert "王大明" not in page


def test_too_many_posts_without_a_name_keep_the_words_and_say_what_to_do(
    visitor: Client, small_district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ADDRESS_LIMITS", (SendLimit(2, timedelta(hours=1)),))
    visitor.cookies["lianxin-language"] = "en"

    sent = [send(visitor, words=f"想要长椅{n}张").status_code for n in range(2)]
    refused = send(visitor, words="想要一盏路灯", channel="phone", guest_phone="13800138456")
    other = visitor.post(
        reverse("resident:wish"), {"words": "想听戏", "channel": "none", "key": new_id()}, REMOTE_ADDR="203.0.113.9"
    )

    assert sent == [302, 302]
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "想要一盏路灯" in page
    assert "13800138456" in page
    assert "at the desk" in page
    assert other.status_code == 302
    with scope.everything():
        assert not NeedReport.objects.filter(words="想要一盏路灯").exists()
