"""What is agreed: clause by clause, before the court, visited, kept or broken."""

import pytest

from lianxin.domain.voice.commands import (
    court,
    mediation_clauses,
    mediation_talks,
    mediation_visits,
)
from lianxin.domain.voice.models import Commitment, CourtConfirmation
from lianxin.domain.voice.rules.mediation_states import NotPossible
from lianxin.domain.voice.tests.mediation_factories import (
    AT,
    DAY,
    SYSTEM,
    TODAY,
    make_quarrel,
    nothing_differs,
    open_duties,
)
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing

pytestmark = pytest.mark.django_db
LATER = AT + 21 * DAY


def test_agreement_needs_clauses_all_agreed_and_all_signatures() -> None:
    quarrel = make_quarrel().talk()
    with pytest.raises(mediation_clauses.NoClause):
        mediation_clauses.agree(**quarrel.acts())
    one = quarrel.clause()
    two = mediation_clauses.write(**quarrel.acts(words="陈家不再半夜敲门"))
    with pytest.raises(mediation_clauses.ClauseOpen):
        mediation_clauses.agree(**quarrel.acts())
    mediation_clauses.agree_clause(actor=quarrel.mediator, clause=two.pk, at=AT)
    for party in quarrel.parties():
        mediation_clauses.sign(actor=quarrel.mediator, party=party.pk, at=AT)
    # Another wording is agreed and signed anew.
    mediation_clauses.write(**quarrel.acts(words="黄家四月底前修好水管", clause=one.pk, due_by=TODAY + 50 * DAY))
    assert {party.signed_at for party in quarrel.parties()} == {None}
    mediation_clauses.agree_clause(actor=quarrel.mediator, clause=one.pk, at=AT)
    with pytest.raises(mediation_clauses.NotSigned):
        mediation_clauses.agree(**quarrel.acts())
    with pytest.raises(Invalid):
        mediation_clauses.agree(**quarrel.acts(is_oral=True, agreed_on=TODAY + DAY))
    mediation_clauses.remove(actor=quarrel.mediator, clause=one.pk, at=AT)

    mediation_clauses.agree(**quarrel.acts(is_oral=True))

    with scope.everything():
        assert list(quarrel.row.clauses.values_list("number", flat=True)) == [1]
        assert not CourtConfirmation.objects.filter(mediation=quarrel.row).exists()
    assert open_duties("voice.mediation_court") == []


def test_court_is_asked_within_thirty_days_and_decides() -> None:
    quarrel = make_quarrel().agree()
    with scope.everything():
        one = CourtConfirmation.objects.get(mediation=quarrel.row)
    assert one.due_by == TODAY + 30 * DAY
    assert [duty.title for duty in open_duties("voice.mediation_court")] == [
        "Mediation No. 1: last day to ask the court is 2026-04-01"
    ]
    late = {"court": "区法院", "applied_on": TODAY + 31 * DAY, "at": AT + 40 * DAY}
    with pytest.raises(Invalid):
        court.apply(**quarrel.acts(**late))

    court.apply(actor=quarrel.keeper, mediation=quarrel.row.pk, court="区法院", applied_on=TODAY + 5 * DAY, at=LATER)
    with pytest.raises(Invalid):
        court.decide(**quarrel.acts(confirmed=True, decided_on=TODAY + 4 * DAY, at=LATER))
    done = court.decide(**quarrel.acts(confirmed=True, decided_on=TODAY + 20 * DAY, their_number="调确3号", at=LATER))

    assert (done.state, done.their_number) == ("confirmed", "调确3号")
    assert open_duties("voice.mediation_court") == []


def test_court_days_lapse_on_their_own_and_what_was_asked_in_time_is_still_written_down() -> None:
    quarrel = make_quarrel().agree()

    assert court.lapse(actor=SYSTEM, at=AT + 30 * DAY) == 0
    assert court.lapse(actor=SYSTEM, at=AT + 31 * DAY) == 1

    with scope.everything():
        one = CourtConfirmation.objects.get(mediation=quarrel.row)
    assert one.state == "lapsed"
    assert open_duties("voice.mediation_court") == []
    with pytest.raises(NotPossible):
        court.waive(**quarrel.acts())
    asked = court.apply(**quarrel.acts(court="区法院", applied_on=TODAY + 3 * DAY, at=AT + 33 * DAY))
    assert asked.state == "applied"
    assert nothing_differs() == []


def test_visit_that_found_it_not_kept_asks_for_another_one_and_performing_is_refused() -> None:
    quarrel = make_quarrel().agree()
    with pytest.raises(mediation_visits.NotVisited):
        mediation_visits.perform(**quarrel.acts())
    with pytest.raises(Invalid) as refused:
        quarrel.visit(is_kept=False)
    assert "again_on" in refused.value.fields
    quarrel.visit(is_kept=False, again_on=TODAY + 30 * DAY)

    with pytest.raises(mediation_visits.NotVisited):
        mediation_visits.perform(**quarrel.acts(at=LATER))

    assert len(open_duties("voice.mediation_visit")) == 1
    assert nothing_differs() == []


def test_broken_agreement_breaks_its_promises_and_leaves_the_court_open() -> None:
    quarrel = make_quarrel().agree()

    mediation_visits.break_(**quarrel.acts(words="一直没修", at=AT + 22 * DAY))

    with scope.everything():
        promise = Commitment.objects.get(clause__mediation=quarrel.row)
    assert (quarrel.now().state, promise.state) == ("broken", "broken")
    assert "一直没修" not in promise.state_words
    assert len(open_duties("voice.mediation_court")) == 1
    assert open_duties("voice.mediation_visit") == []
    assert nothing_differs() == []


def test_talk_that_was_planned_is_a_duty_until_it_is_held_or_taken_off() -> None:
    quarrel = make_quarrel().accept()
    private = {"kind": "private", "party": quarrel.parties()[0].pk}
    planned = mediation_talks.plan(**quarrel.acts(planned_on=TODAY + 3 * DAY, **private))
    other = mediation_talks.plan(**quarrel.acts(planned_on=TODAY + 4 * DAY, kind="joint"))
    assert len(open_duties("voice.mediation_talk")) == 2

    mediation_talks.record(**quarrel.acts(talk=planned.pk, words="她只要道歉", at=AT + 3 * DAY, **private))
    mediation_talks.drop(actor=quarrel.mediator, talk=other.pk, at=AT)

    assert open_duties("voice.mediation_talk") == []
    with pytest.raises(Missing):
        mediation_talks.record(**quarrel.acts(talk=planned.pk, words="再记", **private))
    with pytest.raises(Invalid):
        mediation_talks.record(**quarrel.acts(kind="private", words="没说跟谁"))
    with pytest.raises(Invalid):
        mediation_talks.plan(**quarrel.acts(planned_on=TODAY - DAY, kind="joint"))
