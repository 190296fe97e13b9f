"""Pages of needs in the office: who sees which, what one press does, what each page costs."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.needs.commands import answers, hearing, joining
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.people.models import Person
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.ids import new_id
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10
MOST_OF_FIGURES = 14
SYSTEM = Actor.system(via="cli")


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


def say(district: SmallDistrict, words: str, **more: Any) -> NeedReport:
    entries: dict[str, Any] = {"how": "desk", "channel": "none", "community": district.cuiying.pk, "at": now()} | more
    return hearing.hear(actor=SYSTEM, words=words, **entries)


def entry(district: SmallDistrict, *voices: NeedReport, **more: Any) -> Need:
    given = {"title": "上门理发", "category": "D01", "at": now()} | more
    return joining.join_many(actor=SYSTEM, reports=[one.pk for one in voices], **given)


def fresh(row: Any) -> Any:
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def post(client: Client, name: str, kwargs: dict[str, Any] | None = None, **data: Any) -> Any:
    return client.post(reverse(f"staff:{name}", kwargs=kwargs or {}), {"key": new_id(), **data})


def test_inbox_shows_new_voices_and_one_press_joins_one_to_what_looks_like_it(
    small_district: SmallDistrict, clerk: Client
) -> None:
    on_list = entry(small_district, say(small_district, "想请师傅上门给老人剪头发"))
    voice = say(small_district, "有没有师傅能上门给老人剪头发")

    listed = clerk.get(reverse("staff:needs_inbox"))
    with CaptureQueriesContext(connection) as asked:
        shown = clerk.get(reverse("staff:voice", kwargs={"voice": voice.pk}))
    joined = post(clerk, "voice_join", {"voice": voice.pk, "entry": on_list.pk})

    assert "有没有师傅能上门给老人剪头发" in listed.content.decode()
    body = shown.content.decode()
    assert reverse("staff:voice_join", kwargs={"voice": voice.pk, "entry": on_list.pk}) in body
    assert "上门" in body
    assert len(asked) <= MOST_QUERIES
    assert joined.url == reverse("staff:needs_inbox")
    assert fresh(voice).need_id == on_list.pk


def test_new_entry_begins_with_a_title_that_names_nobody(small_district: SmallDistrict, clerk: Client) -> None:
    voice = say(small_district, "我叫王大明，电话13800138000，想学用手机", guest_name="王大明")
    url = reverse("staff:voice_begin", kwargs={"voice": voice.pk})

    form = clerk.get(url).context["form"]
    sent = clerk.post(url, {"key": new_id(), "title": "教老人用手机", "category": "D01", "target_group": "elders"})

    assert "王大明" not in form.initial["title"]
    assert "138" not in form.initial["title"]
    assert sent.status_code == 302
    made = fresh(fresh(voice).need)
    assert (made.title, made.target_group) == ("教老人用手机", "elders")
    again = clerk.post(url, {"title": "", "category": ""})
    assert again.status_code == 422


def test_desk_writes_a_voice_down_and_prints_its_receipt(small_district: SmallDistrict, clerk: Client) -> None:
    with scope.everything():
        home = Person.objects.filter(community=small_district.cuiying, relation="head").order_by("pk")[0].household
    sent = post(
        clerk,
        "voice_new",
        community=small_district.cuiying.pk,
        words="阿伯想要一支拐杖",
        how="phone",
        household_number=home.number,
        channel="paper",
        people=1,
        suits=["weekend_mornings"],
    )

    with scope.everything():
        made = NeedReport.objects.get(words="阿伯想要一支拐杖")
    assert sent.url == reverse("staff:voice", kwargs={"voice": made.pk})
    assert (made.household_id, made.how, made.channel) == (home.pk, "phone", "paper")
    assert made.times_mask
    slip = clerk.get(reverse("staff:voice_slip", kwargs={"voice": made.pk})).content.decode()
    assert f"{made.receipt[:4]} {made.receipt[4:]}" in slip
    wrong = post(
        clerk, "voice_new", community=small_district.cuiying.pk, words="", how="phone", channel="none", people=1
    )
    assert wrong.status_code == 422


def test_list_is_filtered_exported_and_printed_and_says_why(small_district: SmallDistrict, clerk: Client) -> None:
    made = entry(small_district, say(small_district, "快来剪头发", is_urgent=True), title="快来剪头发")

    with CaptureQueriesContext(connection) as asked:
        page = clerk.get(reverse("staff:needs"), {"category": "D01", "q": "快来剪头发"})
    book = clerk.get(reverse("staff:needs"), {"q": "快来剪头发", "as": "xlsx"})
    sheet = clerk.get(reverse("staff:needs"), {"q": "快来剪头发", "as": "print"})
    one = clerk.get(reverse("staff:need", kwargs={"entry": made.pk}))

    assert len(asked) <= MOST_QUERIES
    assert page.context["table"].count == 1
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert any("快来剪头发" in row for row in rows)
    assert "快来剪头发" in sheet.content.decode()
    assert one.context["sections"][0].lines[0].startswith("1 ")


def test_entry_is_changed_weighed_closed_and_put_back(small_district: SmallDistrict, clerk: Client) -> None:
    voice = say(small_district, "想要电梯", guest_phone="13800138123", channel="phone")
    made = entry(small_district, voice, title="装电梯")
    here = {"entry": made.pk}

    post(clerk, "need_edit", here, title="加装电梯", category="D01", version=fresh(made).version)
    post(clerk, "need_priority", here, priority="5", words="老人多", version=fresh(made).version)
    stale = post(clerk, "need_edit", here, title="别的", category="D01", version=1)
    post(clerk, "need_unmet", here, reason="no_money", words="今年没有这笔钱。", version=fresh(made).version)

    after = fresh(made)
    assert (after.title, after.priority, after.state, after.unmet_words) == ("加装电梯", 5, "unmet", "今年没有这笔钱。")
    assert stale.status_code == 422
    with scope.everything():
        reply = Answer.objects.get(report=voice)
    assert (reply.state, reply.kind) == ("to_tell", "cannot")
    calls = clerk.get(reverse("staff:needs_calls")).content.decode()
    assert "138****8123" in calls
    post(clerk, "need_told", {"reply": reply.pk})
    assert fresh(reply).state == "told"
    post(clerk, "need_reopen", here, words="有人捐款")
    assert fresh(made).state == "open"
    told = post(clerk, "need_tell", here, kind="planned", words="排在下月。")
    assert told.status_code == 302
    with scope.everything():
        assert Answer.objects.filter(report=voice).count() == 2


def test_voice_is_closed_answered_noted_and_taken_back(small_district: SmallDistrict, clerk: Client) -> None:
    voice = say(small_district, "自来水发黄", guest_phone="13800138124", channel="sms")
    named = {"voice": voice.pk}

    assert post(clerk, "voice_close", named, outcome="referred", words="已转").status_code == 422
    post(clerk, "voice_close", named, outcome="referred", words="归自来水公司管，已替您转。", referred_to="12345")
    assert (fresh(voice).state, fresh(voice).referred_to) == ("referred", "12345")
    post(clerk, "voice_reopen", named)
    post(clerk, "voice_category", {**named, "code": "D01"})
    post(clerk, "voice_choose", named, category="A04")
    made = entry(small_district, voice, title="水质")
    post(clerk, "voice_answer", named, kind="done", words="换了水管。")
    answers.answer_askers(
        actor=SYSTEM, needs=[made.pk], kind="done", words="好了", record_kind="x", record_id=new_id(), at=now()
    )
    post(clerk, "voice_met", named, met="yes", words="清了")
    assert (fresh(voice).met, fresh(made).state) == ("yes", "met")
    post(clerk, "voice_channel", named, channel="none")
    post(clerk, "voice_leave", named)
    assert fresh(voice).state == "new"
    post(clerk, "voice_withdraw", named)
    assert (fresh(voice).state, fresh(voice).channel) == ("withdrawn", "none")


def test_what_nobody_confirmed_is_asked_again_and_one_press_confirms(
    small_district: SmallDistrict, clerk: Client
) -> None:
    made = entry(small_district, say(small_district, "旧的需求", heard_at=now() - timedelta(days=120)), title="旧需求")

    listed = clerk.get(reverse("staff:needs_confirm")).content.decode()
    done = post(clerk, "need_confirm", {"entry": made.pk})

    assert "旧需求" in listed
    assert done.url == reverse("staff:need", kwargs={"entry": made.pk})
    assert fresh(made).confirmed_on is not None


@pytest.mark.parametrize("name", ["needs", "needs_inbox", "voices", "needs_figures", "needs_calls", "needs_confirm"])
def test_pages_are_there_for_offices_only_and_cheap(small_district: SmallDistrict, client: Client, name: str) -> None:
    url = reverse(f"staff:{name}")
    for login, status in (("volunteer", 404), ("system", 404)):
        other = Client()
        small_district.log_in(other, login)
        assert other.get(url).status_code == status
    small_district.log_in(client, "cuiying1")
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url)

    assert page.status_code == 200
    assert len(asked) <= (MOST_OF_FIGURES if name == "needs_figures" else MOST_QUERIES)


def test_district_reads_lists_but_changes_nothing(small_district: SmallDistrict, client: Client) -> None:
    voice = say(small_district, "想听戏")
    small_district.log_in(client, "district")

    assert client.get(reverse("staff:needs_figures")).status_code == 200
    assert client.get(reverse("staff:voice", kwargs={"voice": voice.pk})).status_code == 200
    assert client.get(reverse("staff:voice_begin", kwargs={"voice": voice.pk})).status_code == 403
    assert client.get(reverse("staff:needs_calls")).status_code == 403


def test_department_sees_rates_by_community_as_page_sheet_and_workbook(
    small_district: SmallDistrict, client: Client
) -> None:
    entry(small_district, say(small_district, "想要长椅"), title="长椅")
    small_district.log_in(client, "district")

    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("district:needs"))

    row = next(one for one in page.context["table"].rows if one.name == small_district.cuiying.short_name)
    assert row.asked >= 1
    assert row.asked == row.met + row.unmet + row.open
    assert len(asked) <= MOST_OF_FIGURES
    assert client.get(reverse("district:needs_print")).status_code == 200
    assert client.get(reverse("district:needs_export")).status_code == 200
