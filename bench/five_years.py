"""One process that builds a district with its cases, or grows it to five years of them: half a million.

`few` is the ground with the sample's cases. `many` takes settled cases over, community by community, by the command
that takes over a register of earlier years; facts are added up and the log is sealed as the worker would.
"""

import sys
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import translation  # noqa: E402

from lianxin.domain.people.models import Person  # noqa: E402
from lianxin.domain.places.models import Division, Level  # noqa: E402
from lianxin.domain.voice.commands import history  # noqa: E402
from lianxin.domain.voice.models import Case, CaseReport, CaseStep  # noqa: E402
from lianxin.domain.voice.sample.case_words import ASKED_TO_SAY, QUIET, TROUBLES, sentence  # noqa: E402
from lianxin.domain.voice.sample.cases import build_cases  # noqa: E402
from lianxin.domain.voice.sample.lift import build_lift  # noqa: E402
from lianxin.platform import clock, deployment, facts, sample, scope  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402
from lianxin.platform.sample import Plan  # noqa: E402

SEED, RESIDENTS = 440507, 20_000
CASES, YEARS, AT_ONCE = 500_000, 5, 500
SYSTEM = Actor.system(via="bench")


def few() -> None:
    """Build the ground and the sample's cases."""
    now = clock.now()
    plan = Plan(seed=SEED, today=clock.local_day(now), residents=RESIDENTS)
    sample.build_ground(plan=plan, at=now)
    build_cases(plan)
    build_lift(plan)
    deployment.finish_deployment(actor=SYSTEM, at=plan.at)
    sample.settle(at=now)


def many() -> None:
    """Take over half a million settled cases of five years."""
    now = clock.now()
    with scope.everything():
        communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))
        there = Case.objects.count()
    wanted = CASES - there
    with translation.override("zh-hans"):
        for number, place in enumerate(communities):
            count = wanted // len(communities) + (number < wanted % len(communities))
            _take_in(place, count, Random(number), now)
            facts_left = True
            while facts_left:
                facts_left = bool(facts.fold(holder=sample.HOLDER, at=clock.now()))
            print(f"{number + 1}/{len(communities)}", file=sys.stderr, flush=True)
    sample.settle(at=clock.now())


def _take_in(place: Division, count: int, dice: Random, now: datetime) -> None:
    with scope.everything():
        living = Person.objects.filter(community=place, state=Person.State.LIVING).order_by("pk")
        people = list(living.values_list("pk", "household_id"))
    moments = sorted(now - timedelta(minutes=dice.randint(30 * 1440, YEARS * 365 * 1440)) for _turn in range(count))
    for start in range(0, count, AT_ONCE):
        some = [_settled(moment, people, dice) for moment in moments[start : start + AT_ONCE]]
        with scope.within(frozenset({place.pk})):
            history.take_in(actor=SYSTEM, community=place.pk, cases=some, at=now)


def _settled(opened: datetime, people: list[tuple[UUID, UUID]], dice: Random) -> history.PastCase:
    trouble = dice.choice((*TROUBLES, *TROUBLES, *QUIET))
    done = opened + timedelta(days=dice.randint(*trouble.days))
    turn = dice.random()
    end = "confirmed" if turn < 0.7 else "silent" if turn < 0.93 else "declined"
    is_open = trouble not in QUIET
    voices = []
    for one in range(1 if dice.random() < 0.8 else 2):
        person, household = dice.choice(people) if people else (None, None)
        voices.append(
            history.PastVoice(
                words=sentence(trouble, dice),
                how="desk",
                heard_at=opened + timedelta(minutes=one),
                person=person,
                household=household,
                said="solved" if end == "confirmed" else "",
                said_words=dice.choice(ASKED_TO_SAY) if end == "confirmed" else "",
                said_how="phone" if end == "confirmed" else "",
            )
        )
    return history.PastCase(
        title=trouble.title,
        subject=trouble.subject,
        voices=voices,
        answer=trouble.done,
        end=end,
        ended_at=done + timedelta(days=0 if end == "declined" else dice.randint(0, 8)),
        done_at=None if end == "declined" else done,
        confidentiality="open" if is_open else "confidential",
        public_title=trouble.title if is_open else "",
    )


def count() -> None:
    """Tell how many rows there are."""
    with scope.everything():
        print(Case.objects.count(), CaseReport.objects.count(), CaseStep.objects.count())


if __name__ == "__main__":
    {"few": few, "many": many, "count": count}[sys.argv[1]]()
    connection.close()
