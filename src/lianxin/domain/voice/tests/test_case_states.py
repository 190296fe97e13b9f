"""The table of moves: every state, act and capacity, written down a second time and compared."""

from itertools import product

import pytest

from lianxin.domain.voice.models import Case
from lianxin.domain.voice.rules import states
from lianxin.domain.voice.rules.states import NotPossible

IN_HAND = "new assigned working waiting handed"
# act: (from → to by state, whose): the contract as the people who run a community would read it aloud.
EXPECTED: dict[str, tuple[dict[str, str], str]] = {
    "assign": ({"new": "assigned", "assigned": "", "working": "", "waiting": "", "handed": ""}, "keeper supervisor"),
    "start": ({"assigned": "working"}, "keeper"),
    "progress": ({"assigned": "working", "working": "", "waiting": "", "handed": ""}, "keeper"),
    "pause": ({"assigned": "waiting", "working": "waiting"}, "keeper"),
    "resume": ({"waiting": "working"}, "keeper system"),
    "hand_over": (dict.fromkeys(("new", "assigned", "working", "waiting"), "handed"), "keeper supervisor"),
    "take_back": ({"handed": "working"}, "keeper supervisor"),
    "finish": (dict.fromkeys(("new", "assigned", "working", "handed"), "done"), "keeper"),
    "decline": (dict.fromkeys(IN_HAND.split(), "declined"), "keeper"),
    "confirm": ({"done": "confirmed", "silent": "confirmed"}, "reporter keeper system"),
    "dispute": ({"done": "working"}, "reporter keeper"),
    "expire": ({"done": "silent"}, "system"),
    "reopen": (dict.fromkeys(("confirmed", "silent", "declined"), "working"), "reporter keeper supervisor"),
    "withdraw": (dict.fromkeys(IN_HAND.split(), "withdrawn"), "reporter keeper"),
    "decide_tier": (dict.fromkeys(("new", "assigned", "working", "handed"), ""), "keeper supervisor"),
    "lift": (dict.fromkeys(("new", "assigned", "working", "handed"), ""), "system supervisor"),
    "appeal": (dict.fromkeys(IN_HAND.split(), ""), "reporter keeper"),
    "urge": (dict.fromkeys(IN_HAND.split(), ""), "reporter keeper"),
    "join": (dict.fromkeys(IN_HAND.split(), "joined"), "keeper"),
    "split": ({"joined": "assigned"}, "keeper"),
    "mediate": (dict.fromkeys(("assigned", "working", "waiting"), ""), "keeper"),
}


def test_table_knows_the_states_of_cases_and_no_others() -> None:
    assert set(states.STATES) == set(Case.State.values)
    assert set(states.STATES) == states.ENDED | states.OPEN
    assert not states.ENDED & states.OPEN
    assert {"done"} == states.OPEN - states.LIVE


@pytest.mark.parametrize("act", EXPECTED)
def test_every_pair_leads_where_it_should_or_is_refused_with_a_sentence(act: str) -> None:
    leads, whose = EXPECTED[act]
    for state, who in product(states.STATES, states.WHOS):
        if state in leads and who in whose.split():
            assert states.next_state(state, act, who) == (leads[state] or state)
            assert act in states.acts_for(state, who)
            continue
        with pytest.raises(NotPossible) as refused:
            states.next_state(state, act, who)
        sentence = str(refused.value.detail)
        assert sentence.endswith(".")
        assert len(sentence) > 10
        assert act not in states.acts_for(state, who)


def test_no_act_is_missing_from_the_comparison() -> None:
    assert set(EXPECTED) == set(states.ACTS)


def test_refusal_says_what_holds_and_what_to_do() -> None:
    told = {
        ("reopen", "working"): "open already",
        ("reopen", "done"): "not solved",
        ("confirm", "working"): "not done yet",
        ("confirm", "confirmed"): "confirmed as solved already",
        ("progress", "joined"): "joined into another case",
        ("finish", "waiting"): "Go on with it first",
        ("take_back", "working"): "not handed over",
        ("withdraw", "withdrawn"): "taken back already",
        ("progress", "new"): "Say first who",
    }
    for (act, state), part in told.items():
        assert part in str(states.why_not(state, act)), (act, state)
