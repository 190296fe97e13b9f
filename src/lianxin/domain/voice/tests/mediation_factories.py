"""A quarrel of two homes with a mediator and somebody else of the office, for the tests of mediations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.domain.people.models import Account, Household, Person
from lianxin.domain.people.tests.account_factories import make_staff
from lianxin.domain.people.tests.factories import make_household, members_of, new_person, resident
from lianxin.domain.places.models import Division
from lianxin.domain.places.tests import factories as places
from lianxin.domain.voice.commands import (
    mediation_clauses,
    mediation_talks,
    mediation_visits,
    mediations,
    mediators,
)
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.models import Mediation, MediationClause, MediationParty
from lianxin.domain.voice.queries import mediation_checks, reception_checks
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.models import Duty

# A Monday, noon in Shanghai.
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
SUBJECT = "陈家说黄家夜里漏水泡了天花板"
SYSTEM = Actor.system(via="worker")


@dataclass
class Quarrel:
    """Everything that a test of a mediation wants to name."""

    community: Division
    elsewhere: Division
    mediator: Actor
    keeper: Actor
    homes: tuple[Household, ...]
    row: Mediation

    def person(self, number: int = 0, member: int = 0) -> Person:
        """Somebody of one home."""
        return members_of(self.homes[number])[member]

    def resident(self, number: int = 0) -> Actor:
        """Who logs in from one home."""
        return resident(self.person(number))

    def parties(self) -> list[MediationParty]:
        """The sides, the asking one first."""
        with scope.everything():
            return list(MediationParty.objects.filter(mediation=self.row).order_by("side", "pk"))

    def now(self) -> Mediation:
        """The mediation as it is."""
        with scope.everything():
            return Mediation.objects.get(pk=self.row.pk)

    def acts(self, **more: Any) -> dict[str, Any]:
        """What every act of the mediator names."""
        return {"actor": self.mediator, "mediation": self.row.pk, "at": AT} | more

    def appoint(self) -> Quarrel:
        """Appoint the mediator."""
        assert self.mediator.account is not None
        mediators.appoint(actor=self.keeper, mediation=self.row.pk, mediator=self.mediator.account, at=AT)
        return self

    def consent(self) -> Quarrel:
        """Let all sides agree to the mediator."""
        for one in self.parties():
            mediations.consent(actor=self.mediator, party=one.pk, agrees=True, at=AT)
        return self

    def accept(self) -> Quarrel:
        """Bring it to where the mediator has accepted it."""
        self.appoint().consent()
        mediators.declare(**self.acts())
        mediators.accept(**self.acts())
        return self

    def talk(self, **more: Any) -> Quarrel:
        """Bring it to where it is talked over."""
        self.accept()
        mediation_talks.record(**self.acts(kind="joint", words="双方说了各自的难处", **more))
        return self

    def clause(self, words: str = "黄家三月底前修好水管", *, due_by: date | None = TODAY + 20 * DAY) -> MediationClause:
        """Write a clause to which all agree."""
        one = mediation_clauses.write(**self.acts(words=words, party=self.parties()[1].pk, due_by=due_by))
        return mediation_clauses.agree_clause(actor=self.mediator, clause=one.pk, at=AT)

    def agree(self, **more: Any) -> Quarrel:
        """Bring it to where the sides have agreed in writing."""
        self.talk()
        self.clause()
        if not more.get("is_oral"):
            for one in self.parties():
                mediation_clauses.sign(actor=self.mediator, party=one.pk, at=AT)
        mediation_clauses.agree(**self.acts(**more))
        return self

    def visit(self, *, is_kept: bool = True, at: datetime = AT + 21 * DAY, **more: Any) -> None:
        """Write a visit down."""
        with scope.everything():
            planned = self.row.talks.filter(kind="visit", held_at=None).first()
        values = {"is_kept": is_kept, "words": "去看过了", "talk": planned.pk if planned else None} | more
        mediation_visits.record(**self.acts(at=at, **values))


def make_quarrel(*, is_bare: bool = False, **more: Any) -> Quarrel:
    """A quarrel between home 0, which asks, and home 1; home 2 has nothing to do with it."""
    divisions = places.make_district()
    community, elsewhere = divisions["翠英居委会"], divisions["华新社区居委会"]
    homes = tuple(
        make_household(
            community,
            new_person(name, phone=f"1380013800{number}"),
            new_person("小" + name[1:], relation="child", birth_on=date(1980, 2, 3)),
        )
        for number, name in enumerate(("陈小明", "黄国华", "林秀英"))
    )
    who = [office(community)[1], office(community)[1]]
    heads = [members_of(home)[0].pk for home in homes]
    sides = [NewParty("asking", person=heads[0]), NewParty("other", person=heads[1])]
    row = mediations.ask(
        actor=who[1],
        community=community.pk,
        subject_words=SUBJECT,
        parties=[] if is_bare else sides,
        at=AT,
        **more,
    )
    return Quarrel(community, elsewhere, who[0], who[1], homes, row)


def office(community: Division) -> tuple[Account, Actor]:
    """Somebody with an account who works for a community."""
    account, actor = make_staff("community_staff", division=community)
    return account, actor


def open_duties(kind: str) -> list[Duty]:
    """The open duties of one kind."""
    with scope.everything():
        return list(Duty.objects.filter(kind=kind, closed_at=None).order_by("due_at"))


def nothing_differs() -> list[str]:
    """What `verify` would say of receptions and mediations."""
    return [
        *mediation_checks.agreements_are_whole(),
        *mediation_checks.visits_are_duties(),
        *mediation_checks.court_days_are_duties(),
        *mediation_checks.mediated_cases_are_hidden(),
        *reception_checks.counters_are_those_of_places(),
        *reception_checks.nobody_waits_beside_a_free_slot(),
        *reception_checks.closed_days_are_nobodys_duty(),
        *reception_checks.places_are_at_home(),
    ]


def put_in_state(row: Mediation, state: str, *, mediator: UUID | None) -> None:
    """Set a mediation's state by hand, with what its constraints ask for."""
    ended = state in ("performed", "failed", "broken", "withdrawn")
    with scope.everything(), transaction.atomic():
        Mediation.objects.filter(pk=row.pk).update(
            state=state,
            mediator=mediator,
            conflict_words="无",
            conflict_checked_at=AT,
            accepted_at=AT,
            agreed_on=TODAY if state in ("agreed", "performed", "broken") else None,
            ended_at=AT if ended else None,
        )
