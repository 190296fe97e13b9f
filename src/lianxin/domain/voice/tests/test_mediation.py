"""Mediation: asked for, accepted by all, talked over, performed or not, by one table of acts."""

from typing import Any

import pytest
from django.apps import apps

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.voice.commands import (
    court,
    hearing,
    mediation_clauses,
    mediation_opening,
    mediation_talks,
    mediation_visits,
    mediations,
    mediators,
    moving,
)
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.models import Case, CaseLink, Commitment, MediationTalk
from lianxin.domain.voice.queries import mediation_checks
from lianxin.domain.voice.queries import mediations as queries
from lianxin.domain.voice.rules.mediation_states import WHO, NotPossible, OnlyMediator
from lianxin.domain.voice.tests.mediation_factories import (
    AT,
    DAY,
    SUBJECT,
    SYSTEM,
    TODAY,
    Quarrel,
    make_quarrel,
    nothing_differs,
    office,
    open_duties,
    put_in_state,
)
from lianxin.domain.voice.tests.test_mediation_rules import EXPECTED, STATES
from lianxin.platform import scope
from lianxin.platform.contributions import Window
from lianxin.platform.errors import Missing, NotAllowed

pytestmark = pytest.mark.django_db
LATER = AT + 21 * DAY


def calls(quarrel: Quarrel) -> dict[str, Any]:
    """Each act of the table as a command, tried on an asked-for mediation by somebody."""
    one, talk, clause, other = quarrel.parties()[0], None, None, quarrel.keeper.account
    with scope.everything():
        talk = MediationTalk.objects.create(
            community_id=quarrel.community.pk, mediation=quarrel.row, kind="visit", planned_on=TODAY + DAY
        )
        clause = apps.get_model("voice.MediationClause").objects.create(
            community_id=quarrel.community.pk,
            mediation=quarrel.row,
            number=1,
            words=apps.get_model("voice.MediationClause")._meta.get_field("words").seal("一条"),
        )
    of, at = {"mediation": quarrel.row.pk}, {"at": AT}
    return {
        "add_party": lambda who: mediations.add_party(actor=who, party=NewParty("other", name="某人"), **of, **at),
        "remove_party": lambda who: mediations.remove_party(actor=who, party=one.pk, **at),
        "appoint": lambda who: mediators.appoint(actor=who, mediator=other, words="都没有", **of, **at),
        "step_down": lambda who: mediators.step_down(actor=who, **of, **at),
        "declare": lambda who: mediators.declare(actor=who, **of, **at),
        "consent": lambda who: mediations.consent(actor=who, party=one.pk, agrees=True, **at),
        "accept": lambda who: mediators.accept(actor=who, **of, **at),
        "open": lambda who: mediation_opening.open_words(actor=who, reason="回访前看一下", **of, **at),
        "plan_talk": lambda who: mediation_talks.plan(actor=who, kind="joint", planned_on=TODAY + DAY, **of, **at),
        "record_talk": lambda who: mediation_talks.record(actor=who, kind="joint", words="谈了", **of, **at),
        "write_clause": lambda who: mediation_clauses.write(actor=who, words="一条", **of, **at),
        "agree_clause": lambda who: mediation_clauses.agree_clause(actor=who, clause=clause.pk, **at),
        "sign": lambda who: mediation_clauses.sign(actor=who, party=one.pk, **at),
        "agree": lambda who: mediation_clauses.agree(actor=who, is_oral=True, **of, **at),
        "plan_visit": lambda who: mediation_visits.plan(actor=who, planned_on=TODAY + DAY, **of, **at),
        "record_visit": lambda who: mediation_visits.record(
            actor=who, is_kept=True, words="看了", talk=talk.pk, **of, **at
        ),
        "perform": lambda who: mediation_visits.perform(actor=who, **of, **at),
        "break": lambda who: mediation_visits.break_(actor=who, words="没做", **of, **at),
        "fail": lambda who: mediation_visits.fail(actor=who, words="谈不拢", **of, **at),
        "withdraw": lambda who: mediations.withdraw(actor=who, **of, **at),
        "court_apply": lambda who: court.apply(actor=who, court="区法院", applied_on=TODAY, **of, **at),
        "court_decide": lambda who: court.decide(actor=who, confirmed=True, decided_on=TODAY, **of, **at),
        "court_waive": lambda who: court.waive(actor=who, **of, **at),
    }


def test_commands_go_by_the_table_for_every_state_and_everybody() -> None:
    """What the table refuses is refused by the command; what it allows fails, if at all, for another reason."""
    quarrel = make_quarrel()
    acts = calls(quarrel)
    who = {"keeper": quarrel.keeper, "mediator": quarrel.mediator, "system": SYSTEM}
    assert set(acts) == set(EXPECTED) - {"court_lapse"}
    refused = 0
    for act, do in acts.items():
        allowed, moves = EXPECTED[act]
        for state in STATES:
            for name in WHO:
                if name in allowed and state in moves:
                    continue
                put_in_state(quarrel.row, state, mediator=quarrel.mediator.account)
                with pytest.raises((NotPossible, OnlyMediator)) as told:
                    do(who[name])
                assert str(told.value.detail)
                refused += 1
    assert refused > 300
    for outsider in (quarrel.resident(0), staff("district_staff"), staff("host", quarrel.community)):
        for act, do in acts.items():
            with pytest.raises(NotAllowed):
                do(outsider)
            assert act
    stranger = office(quarrel.elsewhere)[1]
    for do in acts.values():
        with pytest.raises((Missing, NotAllowed)):
            do(stranger)


def test_quarrel_goes_from_asking_to_performed_and_nothing_is_left_to_do() -> None:
    quarrel = make_quarrel()
    assert [duty.kind for duty in open_duties("voice.mediation_appoint")] == ["voice.mediation_appoint"]

    quarrel.agree()

    row = quarrel.now()
    assert (row.state, row.agreed_on, row.is_oral) == ("agreed", TODAY, False)
    with scope.everything():
        promise = Commitment.objects.get(clause__mediation=row)
        planned = list(row.talks.filter(held_at=None).values_list("kind", "planned_on"))
    assert promise.words == "Clause 1 of mediation No. 1"
    assert (promise.is_public, promise.due_by) == (False, TODAY + 20 * DAY)
    assert planned == [("visit", TODAY + 21 * DAY)]
    assert [duty.assignee_account for duty in open_duties("voice.mediation_visit")] == [quarrel.mediator.account]
    assert nothing_differs() == []

    quarrel.visit()
    mediation_visits.perform(**quarrel.acts(at=LATER))

    assert quarrel.now().state == "performed"
    with scope.everything():
        promise.refresh_from_db()
    assert promise.state == "kept"
    kinds = ("appoint", "accept", "talk", "visit", "court", "look")
    assert [duty for kind in kinds for duty in open_duties(f"voice.mediation_{kind}")] == []
    assert nothing_differs() == []


def test_figures_count_agreements_and_endings_on_their_days_and_nothing_else() -> None:
    quarrel = make_quarrel().agree()
    quarrel.visit()
    mediation_visits.perform(**quarrel.acts(at=LATER))

    window = Window(from_on=TODAY, until_on=TODAY + DAY)
    all_days = Window(from_on=TODAY, until_on=TODAY + 30 * DAY, communities=frozenset({quarrel.community.pk}))
    with scope.everything():
        assert (mediation_checks.agreed(window), mediation_checks.ended(window)) == (1, 0)
        assert mediation_checks.ended(all_days) == 1
        told = queries.outcomes(from_on=TODAY, until_on=TODAY + 30 * DAY)
    assert [(one.tier, one.performed, one.failed, one.live) for one in told] == [("full", 1, 0, 0)]


def test_it_is_accepted_only_with_both_sides_and_everybodys_yes() -> None:
    quarrel = make_quarrel()
    with pytest.raises(mediations.NoMediator):
        quarrel.consent()
    quarrel.appoint()
    mediators.declare(**quarrel.acts())
    with pytest.raises(mediators.NotAllAgreed):
        mediators.accept(**quarrel.acts())
    first, second = quarrel.parties()
    mediations.consent(actor=quarrel.keeper, party=first.pk, agrees=True, at=AT)
    mediations.remove_party(actor=quarrel.keeper, party=second.pk, at=AT)

    with pytest.raises(mediations.NoParty):
        mediators.accept(**quarrel.acts())


def test_side_that_says_no_ends_it_before_and_during_the_talks() -> None:
    quarrel = make_quarrel().appoint()
    mediations.consent(actor=quarrel.keeper, party=quarrel.parties()[1].pk, agrees=False, words="不想谈", at=AT)

    row = quarrel.now()
    assert row.state == "withdrawn"
    assert quarrel.parties()[1].refused_at == AT
    assert open_duties("voice.mediation_accept") == []
    with pytest.raises(NotPossible):
        quarrel.consent()


def test_case_goes_to_the_mediator_and_leaves_every_public_page() -> None:
    quarrel = make_quarrel()
    report = hearing.hear(
        actor=quarrel.keeper,
        community=quarrel.community.pk,
        words="楼上漏水,说了几次不理",
        how="desk",
        person=quarrel.person(0).pk,
        at=AT,
    )
    case = report.case_id
    ask = {"actor": quarrel.keeper, "community": quarrel.community.pk, "subject_words": SUBJECT, "case": case, "at": AT}
    with pytest.raises(Exception, match="after this yet"):
        mediations.ask(**ask)
    moving.assign(actor=quarrel.keeper, case=case, account=quarrel.keeper.account, at=AT)
    with scope.everything():
        Case.objects.filter(pk=case).update(is_public=True, public_title="楼上漏水")

    row = mediations.ask(**ask)

    with scope.everything():
        entry = Case.objects.get(pk=case)
        assert CaseLink.objects.get(case=entry, kind="mediation").record_id == row.pk
        assert entry.steps.filter(act="mediate").exists()
    assert (entry.is_mediated, entry.is_public, row.number) == (True, False, 2)
    with pytest.raises(mediations.MediatedAlready):
        mediations.ask(**ask)
    assert nothing_differs() == []
