"""Every act from every state by everybody, through the commands: what the table allows works, the rest is refused."""

from typing import Any

import pytest
from django.db import transaction

from lianxin.domain.voice.models import Case
from lianxin.domain.voice.queries import case_checks
from lianxin.domain.voice.rules import states
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing, NotAllowed, Problem, Refused

from .case_factories import case_in, do
from .tier_factories import SYSTEM, Place, case_of, fresh, make_place

# `expire` and `mediate` have commands of their own kind and are tested with them; the program lifts by its task.
OF_A_VOICE = ("confirm", "dispute", "reopen", "withdraw", "appeal", "urge", "split")
THROUGH_COMMANDS = tuple(act for act in states.ACTS if act not in ("expire", "mediate"))


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def capacities(place: Place, state: str) -> list[tuple[set[str], Actor, bool]]:
    """Who tries: in which capacities the table sees them, the actor, and whether they show the receipt."""
    anybody = Actor.anonymous().visiting(place.community.pk)
    return [
        ({"keeper"}, place.keeper, False),
        # The office of the subdistrict keeps and supervises.
        ({"keeper", "supervisor"}, place.supervisor, False),
        ({"supervisor"}, place.department, False),
        ({"reporter"}, anybody, True),
        # Who has nothing to do with it is refused before the state is looked at: once is enough for that.
        *([(set(), place.resident(1), False), (set(), place.stranger, False)] if state == "working" else []),
    ]


@pytest.mark.parametrize("state", states.STATES)
def test_everybody_tries_everything(place: Place, state: str) -> None:
    case, report = case_in(place, state)
    for act in THROUGH_COMMANDS:
        for held, actor, shows in capacities(place, state):
            # What is done with a voice goes by the case in which it is now: of a joined one, by the other.
            home = case_of(report) if act in OF_A_VOICE else case
            here = home.state
            allowed = act != "split" and any(act in states.acts_for(here, who) for who in held)  # type: ignore[arg-type]
            with transaction.atomic():
                outcome = tried(act, place, case, report, actor, shows=shows)
                after = fresh(home).state
                transaction.set_rollback(True)
            told = f"{act} from {state} by {sorted(held)} ({actor.role})"
            if act == "split":
                assert isinstance(outcome, Problem) or (state == "joined" and "keeper" in held), told
            elif allowed:
                assert not isinstance(outcome, Problem), f"{told}: {outcome!r}"
                after_it = {states.next_state(here, act, who) for who in held if who in states.who_may(act)}  # type: ignore[arg-type]
                # A joint case goes on without one of its voices.
                assert after in (after_it if act != "withdraw" or here == state else {here}), told
            elif not (act == "dispute" and state in states.REOPENABLE) and not (
                act == "confirm" and state == "confirmed"
            ):
                assert isinstance(outcome, Refused | NotAllowed | Missing), f"{told}: {outcome!r}"
                assert str(outcome.detail).endswith("."), told
                assert after == here, told


def tried(act: str, place: Place, case: Case, report: Any, actor: Actor, *, shows: bool) -> Any:
    """What a command gives, or the problem it raises."""
    try:
        with transaction.atomic():
            return do(act, place, case, report, actor, holds_receipt=shows)
    except Problem as problem:
        return problem


@pytest.mark.parametrize("state", states.STATES)
def test_case_is_whole_in_every_state(place: Place, state: str) -> None:
    case, _report = case_in(place, state)

    assert case.state == state
    assert [
        *case_checks.voices_are_counted(),
        *case_checks.voices_are_at_home(),
        *case_checks.open_cases_have_somebody(),
        *case_checks.steps_lead_to_state(),
        *case_checks.joined_cases_name_theirs(),
        *case_checks.waiting_answers_are_duties(),
        *case_checks.nothing_sealed_is_shown(),
    ] == []
    assert case.ended_at is not None or case.responsible or case.responsible_role


def test_program_acts_as_the_office_does(place: Place) -> None:
    case, _report = case_in(place, "waiting")

    do("resume", place, case, _report, SYSTEM)

    assert fresh(case).state == "working"
