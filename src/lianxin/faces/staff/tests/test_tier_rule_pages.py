"""Rules of tiers on the office's pages, and the department's figures of cases with the records behind them."""

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

from lianxin.domain.voice.commands import closing, hearing, lifting
from lianxin.domain.voice.models import Case, TierRules
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system(via="worker")
MOST_QUERIES = 12
FIGURES = ("voice", "voice_tiers", "voice_subjects", "voice_promises", "voice_records")


def draft_of(client: Client, division: Any) -> TierRules:
    client.post(reverse("staff:tier_rules_begin", kwargs={"division": division}))
    return TierRules.objects.get(division=division, state="draft")


def url(name: str, draft: TierRules) -> str:
    return reverse(f"staff:{name}", kwargs={"tier_rules": draft.pk})


TERMS = {
    "name": "翠英的规则",
    "simple": "5",
    "simple_unit": "days",
    "fast": "24",
    "fast_unit": "hours",
    "full": "20",
    "full_unit": "days",
    "danger": "2",
    "confirm_days": "7",
    "reopen_days": "30",
    "urge_every_days": "3",
    "urge_most": "5",
    "lift_simple": "full",
    "lift_fast": "full",
}


def test_clerk_writes_and_publishes_the_communitys_own_rules(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    community = small_district.cuiying.pk
    draft = draft_of(client, community)

    client.post(url("tier_rules_terms", draft), TERMS)
    criterion = {"tier": "full", "words": "牌坊 祠堂", "subject": ["building"], "voices": "", "parties": ""}
    client.post(url("tier_rules_criterion", draft), criterion)
    shown = client.get(url("tier_rules", draft)).content.decode()
    asked = client.get(url("tier_rules_publish", draft)).content.decode()
    published = client.post(
        url("tier_rules_publish", draft),
        {"adopted_words": "居民代表会议 11月20日", "valid_from": local_day(now()).isoformat()},
    )

    assert "牌坊" in shown
    assert "牌坊" in asked
    assert published.status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.terms["simple"], draft.limits["lift_to"]["fast"]) == ("published", {"days": 5}, "full")
    assert draft.criteria[-1]["when"] == {"subject": ["building"], "words": ["牌坊", "祠堂"]}
    place = client.get(reverse("staff:tier_rules_place", kwargs={"division": community})).content.decode()
    assert "居民代表会议 11月20日" in place


def test_criterion_is_moved_up_taken_out_and_refused_without_a_condition(
    small_district: SmallDistrict, client: Client
) -> None:
    small_district.log_in(client, "cuiying1")
    draft = draft_of(client, small_district.cuiying.pk)
    codes = [one["code"] for one in draft.criteria]
    page = url("tier_rules_criterion", draft)

    client.post(f"{page}?place=2", {"tier": "fast", "danger": "on", "act": "up"})
    client.post(f"{page}?place=0", {"tier": "fast", "danger": "on", "act": "remove"})
    empty = client.post(page, {"tier": "full", "words": " ", "act": "save"})

    draft.refresh_from_db()
    assert [one["code"] for one in draft.criteria] == [codes[2], codes[1], *codes[3:]]
    assert empty.status_code == 422
    assert client.get(f"{page}?place=99").status_code == 404


def test_terms_that_cannot_be_kept_come_back_with_a_sentence(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    draft = draft_of(client, small_district.cuiying.pk)

    answer = client.post(url("tier_rules_terms", draft), TERMS | {"danger": "48", "name": "改名"})

    assert answer.status_code == 422
    assert "改名" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.terms["danger"] == {"hours": 2}


def test_offices_see_rules_above_them_and_write_only_their_own(small_district: SmallDistrict, client: Client) -> None:
    small_district.log_in(client, "cuiying1")
    district = reverse("staff:tier_rules_place", kwargs={"division": small_district.cuiying.parent.parent_id})

    above = client.get(district)
    begun = client.post(reverse("staff:tier_rules_begin", kwargs={"division": small_district.cuiying.parent.parent_id}))

    assert above.status_code == 200
    assert begun.status_code == 403
    other = reverse("staff:tier_rules_place", kwargs={"division": small_district.jinzhou_village.pk})
    assert client.get(other).status_code == 404


def said(district: SmallDistrict, words: str, *, days_ago: int, subject: str = "other") -> Any:
    return hearing.hear(
        actor=SYSTEM,
        community=district.cuiying.pk,
        words=words,
        how="desk",
        subject=subject,
        at=now() - timedelta(days=days_ago),
    )


def rows_of(answer: Any) -> dict[str, list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    return {str(row[0]): row for row in rows}


def test_figures_name_their_denominators_and_open_into_their_records(
    small_district: SmallDistrict, client: Client
) -> None:
    late = said(small_district, "水管漏水", days_ago=40, subject="water_power")
    solved = said(small_district, "楼道灯坏", days_ago=20)
    lifting.lift_late(actor=SYSTEM, community=small_district.cuiying.pk, at=now() - timedelta(days=25))
    closing.finish(actor=SYSTEM, case=solved.case_id, words="换了灯", at=now() - timedelta(days=19))
    closing.say(actor=SYSTEM, report=solved.pk, solved=True, how="phone", at=now() - timedelta(days=18))
    small_district.log_in(client, "district")

    page = client.get(reverse("district:voice"))
    book = rows_of(client.get(reverse("district:voice_export")))
    by_subject = rows_of(client.get(reverse("district:voice_subjects_export")))
    records = {
        figure: client.get(reverse("district:voice_records"), {"figure": figure}).content.decode()
        for figure in ("heard", "in_time", "by_staff", "lifted", "silent")
    }

    assert page.status_code == 200
    row = book[small_district.cuiying.short_name]
    assert [int(row[place]) for place in range(2, 9)] == [2, 1, 1, 100, 1, 100, 1]
    with scope.everything():
        names = dict(Case.objects.values_list("pk", "title"))
        label = Case.objects.get(pk=late.case_id).get_subject_display()
    assert int(by_subject[str(label)][1]) == 1
    lamp, water = names[solved.case_id], names[late.case_id]
    assert lamp in records["heard"]
    assert water in records["heard"]
    assert (lamp in records["in_time"], water in records["in_time"]) == (True, False)
    assert (lamp in records["by_staff"], water in records["lifted"]) == (True, True)
    assert lamp not in records["silent"]


def test_figures_are_read_in_few_queries_and_leave_as_workbook_and_sheet(
    small_district: SmallDistrict, client: Client
) -> None:
    said(small_district, "楼道灯坏", days_ago=2)
    small_district.log_in(client, "district")
    for name in FIGURES:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page = client.get(reverse(f"district:{name}"), {"period": "last"})

        assert page.status_code == 200
        assert len(captured) <= MOST_QUERIES, name
        assert client.get(reverse(f"district:{name}_export")).status_code == 200
        assert client.get(reverse(f"district:{name}_print")).status_code == 200
    small_district.log_in(client, "cuiying1")
    assert client.get(reverse("district:voice")).status_code == 404
