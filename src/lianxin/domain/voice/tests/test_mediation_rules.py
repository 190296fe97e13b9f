"""Rules of mediation without a database: the table, ties, days of visits and of the court."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from lianxin.domain.voice.rules import conflicts, mediation_states, mediation_terms
from lianxin.domain.voice.rules.conflicts import Near

STATES = ("asked", "accepted", "talking", "agreed", "performed", "failed", "broken", "withdrawn")
# act: who, {from: to}, written down apart from the table itself.
BOTH, ONE, NOBODY = {"keeper", "mediator"}, {"mediator"}, {"system"}
EXPECTED: dict[str, tuple[set[str], dict[str, str]]] = {
    "add_party": (BOTH, {"asked": "asked"}),
    "remove_party": (BOTH, {"asked": "asked"}),
    "appoint": (BOTH, {"asked": "asked", "accepted": "asked", "talking": "asked", "agreed": "agreed"}),
    "step_down": (ONE, {"asked": "asked", "accepted": "asked", "talking": "asked"}),
    "declare": (ONE, {"asked": "asked"}),
    "consent": (BOTH, {"asked": "asked"}),
    "accept": (ONE, {"asked": "accepted"}),
    "open": (ONE, {state: state for state in STATES}),
    "plan_talk": (ONE, {"accepted": "accepted", "talking": "talking"}),
    "record_talk": (ONE, {"accepted": "talking", "talking": "talking"}),
    "write_clause": (ONE, {"talking": "talking"}),
    "agree_clause": (ONE, {"talking": "talking"}),
    "sign": (ONE, {"talking": "talking"}),
    "agree": (ONE, {"talking": "agreed"}),
    "plan_visit": (ONE, {"agreed": "agreed"}),
    "record_visit": (ONE, {"agreed": "agreed"}),
    "perform": (ONE, {"agreed": "performed"}),
    "break": (ONE, {"agreed": "broken"}),
    "fail": (ONE, {"accepted": "failed", "talking": "failed"}),
    "withdraw": (BOTH, {"asked": "withdrawn", "accepted": "withdrawn", "talking": "withdrawn"}),
    "court_apply": (BOTH, {"agreed": "agreed", "performed": "performed", "broken": "broken"}),
    "court_decide": (BOTH, {"agreed": "agreed", "performed": "performed", "broken": "broken"}),
    "court_waive": (BOTH, {"agreed": "agreed", "broken": "broken"}),
    "court_lapse": (NOBODY, {"agreed": "agreed", "performed": "performed", "broken": "broken"}),
}


def test_every_state_act_and_who_is_allowed_or_refused_with_a_sentence() -> None:
    assert set(mediation_states.TABLE) == set(EXPECTED)
    for act, (allowed, moves) in EXPECTED.items():
        for state in STATES:
            for who in mediation_states.WHO:
                if who in allowed and state in moves:
                    assert mediation_states.next_state(state, act, who) == moves[state]
                    assert act in mediation_states.acts_for(state, who)
                    continue
                with pytest.raises((mediation_states.NotPossible, mediation_states.OnlyMediator)) as refused:
                    mediation_states.next_state(state, act, who)
                assert str(refused.value.detail).endswith((".", "."))
                assert act not in mediation_states.acts_for(state, who)


def test_every_step_of_the_court_is_allowed_or_refused_with_a_sentence() -> None:
    good = {
        ("possible", "court_apply"): "applied",
        ("lapsed", "court_apply"): "applied",
        ("possible", "court_waive"): "waived",
        ("possible", "court_lapse"): "lapsed",
        ("applied", "court_confirm"): "confirmed",
        ("applied", "court_refuse"): "refused",
    }
    for state in mediation_states.Court.values:
        for act in mediation_states.COURT:
            if (state, act) in good:
                assert mediation_states.next_court(state, act) == good[state, act]
                continue
            with pytest.raises(mediation_states.NotPossible) as refused:
                mediation_states.next_court(state, act)
            assert str(refused.value.detail)


def test_ties_are_found_on_either_side_and_each_once() -> None:
    me, other, home, firm, account = (uuid4() for _ in range(5))
    mediator = Near(
        person=me,
        account=account,
        households=frozenset({home}),
        organisations=frozenset({firm}),
        phones=frozenset({"d1"}),
    )

    assert conflicts.ties(mediator, [Near(person=other)]) == ()
    assert conflicts.ties(mediator, [Near(person=me, households=frozenset({home}))]) == ("self",)
    assert conflicts.ties(mediator, [Near(person=other, households=frozenset({home}))]) == ("household",)
    assert conflicts.ties(mediator, [Near(person=other, links=frozenset({account}))]) == ("proxy",)
    assert conflicts.ties(mediator, [Near(phones=frozenset({"d1", "d2"}))]) == ("phone",)
    assert conflicts.ties(mediator, [Near(organisations=frozenset({firm})), Near(person=other)]) == ("organisation",)
    assert conflicts.ties(Near(), [Near(), Near(person=other)]) == ()


def test_refusal_for_a_tie_names_it() -> None:
    conflicts.require_none(())

    with pytest.raises(conflicts.ConflictOfInterest, match="household.*[Ss]omebody else must mediate"):
        conflicts.require_none(("household",))


def test_court_days_end_on_the_thirtieth_day_and_never_on_a_rest_day() -> None:
    def is_workday(day: date) -> bool:
        return day.weekday() < 5 and day not in {date(2026, 5, 1), date(2026, 5, 4), date(2026, 5, 5)}

    assert mediation_terms.court_due(date(2026, 3, 2), is_workday=is_workday) == date(2026, 4, 1)
    # 2 April and thirty days is Saturday 2 May, within the holiday of that year.
    assert mediation_terms.court_due(date(2026, 4, 2), is_workday=is_workday) == date(2026, 5, 6)


def test_visits_follow_what_is_due_and_are_never_missing() -> None:
    agreed = date(2026, 3, 2)

    assert mediation_terms.visit_days([None], agreed_on=agreed) == [date(2026, 3, 16)]
    assert mediation_terms.visit_days([date(2026, 3, 31), None, date(2026, 3, 31)], agreed_on=agreed) == [
        date(2026, 4, 1)
    ]
    monthly = [agreed + timedelta(days=30 * number) for number in range(1, 25)]
    visits = mediation_terms.visit_days(monthly, agreed_on=agreed)
    assert len(visits) == mediation_terms.MOST_VISITS
    assert visits[0] == monthly[0] + timedelta(days=1)
    assert visits[-1] == monthly[-1] + timedelta(days=1)
