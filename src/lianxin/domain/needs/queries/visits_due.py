"""Which households of a community should be visited, why and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import Submission, SurveyQuota, Visit, VisitPromise
from lianxin.domain.needs.rules import visits as rules
from lianxin.domain.needs.rules.visits import Due
from lianxin.domain.people.models import Household, Person
from lianxin.domain.people.rules.persons import age_on
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

State = Visit.State
RECORDED = (State.DONE, State.ABSENT, State.REFUSED)
OF_SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class DueHome:
    """A household that should be visited and has no visit planned."""

    household: UUID
    number: str
    due: Due
    last_on: date | None


def list_due(*, actor: Actor, community: UUID, on: date, reason: str = "", survey: UUID | None = None) -> list[DueHome]:
    """Give the households of a community that are due by two weeks from now, the most pressing first.

    With a questionnaire: those in which somebody of a wanted age lives who was not asked yet.
    """
    policy.require(policy.may_visit(actor, community))
    homes = list(Household.objects.filter(community=community, state=Household.State.ACTIVE).order_by("number", "pk"))
    ages: dict[UUID, list[int | None]] = {}
    living = Person.objects.filter(community=community, state=Person.State.LIVING)
    for household, born in living.order_by("pk").values_list("household", "birth_on"):
        ages.setdefault(household, []).append(age_on(born, on))
    visited = _visited(community)
    owed = _owed(community)
    visits = Visit.objects.filter(community=community, state=State.PLANNED)
    planned = set(visits.values_list("household", flat=True))
    asked = _asked(community, survey) if survey else None
    found = []
    for row in homes:
        if row.pk in planned:
            continue
        last = visited.get(row.pk, [])
        home = rules.Home(
            since_on=row.created_on,
            ages=ages.get(row.pk, []),
            last_on=last[0][0] if last else None,
            last_outcome=last[0][1] if last else "",
            misses=next((n for n, one in enumerate(last) if one[1] != State.ABSENT), len(last)),
            promised_by=owed.get(row.pk),
        )
        due = rules.due(home, on=on)
        if due is None:
            continue
        if asked is not None:
            if asked.wants(row.pk, home.ages):
                found.append(DueHome(row.pk, row.number, Due(OF_SURVEY, on, (due.reason,)), home.last_on))
        elif (not reason or reason in (due.reason, *due.others)) and rules.is_soon(due, on=on):
            found.append(DueHome(row.pk, row.number, due, home.last_on))
    return sorted(found, key=lambda one: (one.due.by, one.number))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who was asked a questionnaire already, and which ages it still wants; no bands: everybody."""

    homes: frozenset[UUID]
    bands: Sequence[tuple[int, int]]

    def wants(self, household: UUID, ages: Sequence[int | None]) -> bool:
        if household in self.homes:
            return False
        return not self.bands or any(
            age is not None and least <= age <= most for age in ages for least, most in self.bands
        )


def _asked(community: UUID, survey: UUID) -> _Asked:
    answers = Submission.objects.filter(
        community=community, survey_version__survey=survey, state=Submission.State.RECEIVED, household__isnull=False
    )
    quotas = SurveyQuota.objects.filter(community=community, survey=survey)
    open_cells = quotas.filter(taken__lt=F("wanted")).values_list("min_age", "max_age")
    bands = list(open_cells)
    if quotas.exists() and not bands:
        # Every cell has its answers: nobody is asked any more.
        bands = [(1, 0)]
    return _Asked(frozenset(pk for pk in answers.values_list("household", flat=True) if pk), bands)


def _visited(community: UUID) -> dict[UUID, list[tuple[date, str]]]:
    found: dict[UUID, list[tuple[date, str]]] = {}
    rows = Visit.objects.filter(community=community, state__in=RECORDED, ended_at__isnull=False)
    for home, ended, state in rows.order_by("-ended_at", "-pk").values_list("household", "ended_at", "state"):
        kept = found.setdefault(home, [])
        if ended is not None and len(kept) < rules.TRIES:
            kept.append((local_day(ended), state))
    return found


def _owed(community: UUID) -> dict[UUID, date]:
    found: dict[UUID, date] = {}
    rows = VisitPromise.objects.filter(community=community, state=VisitPromise.State.OPEN)
    for home, due_on, made_at in rows.values_list("household", "due_on", "made_at"):
        by = rules.keep_by(due_on, made_on=local_day(made_at))
        found[home] = min(by, found.get(home, by))
    return found
