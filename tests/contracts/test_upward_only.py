"""Burden is measured upward: nothing counts, compares or ranks a single member of staff.

Facts are kept by day, community, venue and category; measures are asked for such a window and nothing else; no query
groups by an account; no table about an account keeps a number; no page ranks. Each finder is shown a planted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models

from lianxin.platform import contributions
from lianxin.platform.contributions import Measure, Window
from lianxin.platform.models import Fact, Rollup, Tally
from tests.support import staff_counts
from tests.support.addresses import all_addresses

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianxin"
# Whoever leaves or stands in sees how much goes over; whoever logs in sees the own open mediations and codes left.
# None of these is shown to anybody above, kept, or beside that of somebody else.
OWN_OR_HANDED_OVER = {
    "domain/needs/commands/visit_consequences.py",
    "domain/people/queries/accounts.py",
    "domain/voice/commands/case_consequences.py",
    "domain/voice/commands/matter_consequences.py",
    "domain/voice/commands/reception_consequences.py",
    "domain/voice/queries/mediations.py",
    "platform/duties.py",
}
COLUMNS = {"made_by", "decided_by", "account", "account_id", "actor_name", "responsible", "assignee_account"}


def found_in_source() -> dict[str, list[str]]:
    """Look through every file of the program."""
    columns = staff_counts.staff_columns()
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if "/tests/" not in f"/{name}" and "/migrations/" not in f"/{name}":
            lines = staff_counts.counts_in(path.read_text(encoding="utf-8"), path=name, columns=columns)
            if lines:
                found[name] = lines
    return found


def test_columns_that_name_accounts_are_known() -> None:
    columns = staff_counts.staff_columns()

    assert {"made_by", "decided_by", "responsible", "assignee_account", "closed_by", "granted_by"} <= columns
    assert not columns & staff_counts.NOT_STAFF


def test_no_query_counts_by_account() -> None:
    found = found_in_source()

    assert {name: lines for name, lines in found.items() if name not in OWN_OR_HANDED_OVER} == {}
    assert set(found) == OWN_OR_HANDED_OVER, "a file that needs no exception any more leaves the list"
    assert {line.partition(" ")[2] for lines in found.values() for line in lines} == {"counts what one account did"}


@pytest.mark.parametrize(
    "planted",
    [
        'Case.objects.values("decided_by").annotate(n=Count("pk")).order_by("-n")',
        'Case.objects.filter(x=1).values_list("case__decided_by_id").annotate(days=Avg("days"))',
        'AuditEntry.objects.values("account_id", "action").annotate(n=Count("pk"))',
        "Counter(row.made_by for row in rows)",
        "Counter(rows.values_list('responsible', flat=True))",
        "for row in rows:\n    done[row.decided_by] += 1",
        "for row in rows:\n    done[row['assignee_account']] += row['minutes']",
        "Case.objects.filter(decided_by=somebody).count()",
        "Case.objects.filter(responsible__in=everybody).aggregate(n=Sum('days'))",
        "rows.annotate(place=Window(Rank(), partition_by=F('made_by')))",
        "def rank_staff(rows): ...",
        "def list_staff_scores(rows): ...",
        "def count_online_minutes(account): ...",
    ],
)
def test_planted_count_of_a_colleague_is_caught(planted: str) -> None:
    assert len(staff_counts.counts_in(planted, path="domain/x.py", columns=COLUMNS)) == 1


@pytest.mark.parametrize(
    "harmless",
    [
        'Case.objects.values("community").annotate(n=Count("pk"))',
        'AuditEntry.objects.values("account_id", "action").annotate(last_at=Max("at"))',
        "Case.objects.filter(decided_by=None).order_by('pk')",
        "Counter(row.community_id for row in rows)",
        "sums[row.category] += row.quantity",
        "def score_venues(rows): ...",
    ],
)
def test_what_counts_places_and_things_is_left_alone(harmless: str) -> None:
    assert staff_counts.counts_in(harmless, path="domain/x.py", columns=COLUMNS) == []


@pytest.mark.parametrize("kind", [Fact, Tally, Rollup, Window])
def test_facts_are_not_kept_by_who_did_it(kind: Any) -> None:
    assert staff_counts.personal_dimensions(kind) == []


def test_planted_dimension_of_facts_is_caught() -> None:
    @dataclass
    class Planted:
        community_id: UUID
        done_by: UUID

    assert staff_counts.personal_dimensions(Planted) == ["done_by"]


def test_no_measure_is_about_an_account() -> None:
    measures = contributions.every("measures")

    assert len(measures) > 50
    assert staff_counts.personal_measures(measures) == []


def test_planted_measure_is_caught() -> None:
    def by_clerk(window: Window, account: UUID) -> int:
        return 0

    planted = [
        Measure("logins", "", "", "flow", lambda window: 0, "people.Account"),
        Measure("acts", "", "", "flow", by_clerk, "voice.Case"),
        Measure("staff_scores", "", "", "level", lambda window: 0, "voice.Case"),
    ]

    assert [line.partition(" ")[0] for line in staff_counts.personal_measures(planted)] == [
        "logins",
        "acts",
        "staff_scores",
    ]


def test_no_table_about_an_account_keeps_a_number() -> None:
    tables = [model for model in apps.get_models() if model.__module__.startswith("lianxin.")]

    assert {model._meta.label_lower for model in tables} >= staff_counts.ACCOUNTS
    assert staff_counts.merit_columns(tables) == []


def test_planted_column_is_caught() -> None:
    def table(label: str, *names: str) -> Any:
        columns = [models.IntegerField(name=name) for name in names]
        meta = SimpleNamespace(label=label, label_lower=label.lower(), local_fields=columns)
        return SimpleNamespace(_meta=meta)

    planted = [table("people.Account", "cases_done", "failures"), table("voice.Case", "staff_score", "voices")]

    assert staff_counts.merit_columns(planted) == ["people.Account.cases_done", "voice.Case.staff_score"]


def test_no_page_ranks() -> None:
    addresses = [(one.name, one.parameters) for one in all_addresses()]

    assert len(addresses) > 500
    assert staff_counts.ranking_addresses(addresses) == []


@pytest.mark.parametrize("planted", ["district:staff_ranking", "staff:leaderboard", "api:performance", "staff:kpi"])
def test_planted_page_is_caught(planted: str) -> None:
    assert staff_counts.ranking_addresses([(planted, ())]) == [planted]
