"""Mediation: asked for, accepted by all, talked over, agreed clause by clause, visited, performed or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from lianxin.domain.people.models import ProxyLink
from lianxin.domain.people.models.proxies import ProxyLink as Proxy
from lianxin.domain.people.queries.accounts import actor_for
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
from lianxin.domain.voice.models import Case, CaseLink, Commitment, CourtConfirmation, Mediation, MediationTalk
from lianxin.domain.voice.queries import mediation_checks
from lianxin.domain.voice.queries import mediations as queries
from lianxin.domain.voice.rules.conflicts import ConflictOfInterest
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
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.models import AuditEntry

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


def test_sealed_words_stand_nowhere_in_the_database_in_clear() -> None:
    quarrel = make_quarrel()
    secret = {
        "subject": SUBJECT,
        "talk": "黄家私下说愿意赔一半钱",
        "clause": "黄家赔陈家八百元整",
        "end": "约定的钱一直没给",
    }
    quarrel.talk()
    mediation_talks.record(**quarrel.acts(kind="private", party=quarrel.parties()[1].pk, words=secret["talk"]))
    quarrel.clause(secret["clause"])
    for one in quarrel.parties():
        mediation_clauses.sign(actor=quarrel.mediator, party=one.pk, at=AT)
    mediation_clauses.agree(**quarrel.acts())
    mediation_visits.break_(**quarrel.acts(words=secret["end"], at=LATER))

    found = _everything_in_the_database()

    # A resident's own record holds their name; what is sealed is theirs as a side.
    assert [name for name, words in secret.items() if words in found] == []
    with scope.everything():
        talks = quarrel.row.talks.exclude(words=None)
        assert all(secret["talk"].encode() not in one.words.ciphertext for one in talks)


def _everything_in_the_database() -> str:
    with scope.everything():
        return "\n".join(
            repr(list(row.values()))
            for model in apps.get_models()
            for row in [model._default_manager.all()]
            if not model._meta.proxy and model._meta.managed
        )


def test_only_the_mediator_opens_and_each_opening_stands_in_the_log_with_its_reason() -> None:
    quarrel = make_quarrel().agree()

    opened = mediation_opening.open_words(**quarrel.acts(reason="写调解书"))

    assert opened.subject == SUBJECT
    assert sorted(opened.names.values()) == ["陈小明", "黄国华"]
    assert list(opened.clauses.values()) == ["黄家三月底前修好水管"]
    with scope.everything():
        entry = AuditEntry.objects.filter(action="voice.open_mediation").latest("pk")
    assert entry.reason == "写调解书"
    for other in (quarrel.keeper, SYSTEM):
        with pytest.raises(OnlyMediator):
            mediation_opening.open_words(actor=other, mediation=quarrel.row.pk, reason="看看", at=AT)
    with pytest.raises(NotAllowed):
        mediation_opening.open_words(actor=staff("district_staff"), mediation=quarrel.row.pk, reason="看看", at=AT)
    with pytest.raises(Invalid):
        mediation_opening.open_words(**quarrel.acts(reason="  "))


def test_replaced_mediator_opens_nothing_any_more_and_the_sides_are_asked_anew() -> None:
    quarrel = make_quarrel().talk()
    other = office(quarrel.community)[0]

    mediators.appoint(actor=quarrel.keeper, mediation=quarrel.row.pk, mediator=other.pk, at=AT)

    row = quarrel.now()
    assert (row.state, row.mediator, row.conflict_words, row.accepted_at) == ("asked", other.pk, "", None)
    assert {one.agreed_at for one in quarrel.parties()} == {None}
    with pytest.raises(OnlyMediator):
        mediation_opening.open_words(**quarrel.acts(reason="再看看"))
    now = actor_for(account=other, at=AT)
    opened = mediation_opening.open_words(actor=now, mediation=row.pk, reason="接手", at=AT)
    assert "双方说了各自的难处" in opened.talks.values()


def test_mediator_replaced_while_it_is_performed_answers_about_ties_and_gets_the_visits() -> None:
    quarrel = make_quarrel().agree()
    other = office(quarrel.community)[0]
    asked = {"actor": quarrel.keeper, "mediation": quarrel.row.pk, "mediator": other.pk, "at": AT}

    with pytest.raises(Invalid):
        mediators.appoint(**asked)
    mediators.appoint(**asked, words="问过,都没有")

    assert quarrel.now().state == "agreed"
    assert {duty.assignee_account for duty in open_duties("voice.mediation_visit")} == {other.pk}
    assert {duty.assignee_account for duty in open_duties("voice.mediation_court")} == {other.pk}


def _tied(quarrel: Quarrel, tie: str) -> NewParty:
    mine = quarrel.person(2)
    with scope.everything():
        account = apps.get_model("people.Account").objects.get(pk=quarrel.mediator.account)
        if tie in ("self", "household", "proxy"):
            account.person = mine
            account.save(update_fields=["person"])
        if tie == "self":
            return NewParty("other", person=mine.pk)
        if tie == "household":
            return NewParty("other", person=quarrel.person(2, 1).pk)
        if tie == "phone":
            account.phone_digest = _digest("13800138009")
            account.save(update_fields=["phone_digest"])
            return NewParty("other", name="黄先生", phone="13800138009")
        ProxyLink.objects.create(
            community=quarrel.community,
            principal=quarrel.person(1),
            agent_person=mine,
            kind=Proxy.Kind.GUARDIAN,
            from_on=TODAY - DAY,
        )
        return NewParty("other", person=quarrel.person(1).pk)


def _digest(phone: str) -> str:
    from lianxin.domain.people.rules.contacts import phone_digest

    return phone_digest(phone)


@pytest.mark.parametrize("tie", ["self", "household", "proxy", "phone"])
def test_mediator_who_is_near_to_a_side_is_refused(tie: str) -> None:
    quarrel = make_quarrel(is_bare=True)
    for party in (NewParty("asking", person=quarrel.person(0).pk), _tied(quarrel, tie)):
        mediations.add_party(actor=quarrel.keeper, mediation=quarrel.row.pk, party=party, at=AT)

    with pytest.raises(ConflictOfInterest) as refused:
        quarrel.appoint()

    assert "Somebody else must mediate" in str(refused.value.detail)
    assert quarrel.now().mediator is None


def test_tie_that_the_mediator_declares_refuses_them_and_they_step_down() -> None:
    quarrel = make_quarrel().appoint().consent()

    with pytest.raises(ConflictOfInterest, match="kin"):
        mediators.declare(**quarrel.acts(ties=["kin"]))
    mediators.step_down(**quarrel.acts())

    row = quarrel.now()
    assert (row.state, row.mediator, row.mediator_name) == ("asked", None, "")
    assert len(open_duties("voice.mediation_appoint")) == 1
    assert open_duties("voice.mediation_accept") == []


def test_side_added_after_the_ties_were_looked_at_asks_for_another_look() -> None:
    quarrel = make_quarrel().appoint().consent()
    mediators.declare(**quarrel.acts())
    party = NewParty("other", name="租客老王")

    mediations.add_party(actor=quarrel.keeper, mediation=quarrel.row.pk, party=party, at=AT)

    with pytest.raises(mediators.NotLookedAt):
        mediators.accept(**quarrel.acts())


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


def test_office_above_and_department_read_no_mediation() -> None:
    quarrel = make_quarrel().agree()

    with scope.everything(), pytest.raises(Missing):
        queries.find_mediation(staff("district_staff"), quarrel.row.pk)
    with scope.everything():
        bundle = queries.find_mediation(quarrel.keeper, quarrel.row.pk)
    assert bundle.is_mediator is False
    assert "open" not in bundle.acts
    # What is sealed was not even read.
    assert {"subject_words", "state_words"} <= bundle.row.get_deferred_fields()


def test_mediation_of_long_ago_is_forgotten_but_for_tier_and_outcome() -> None:
    from lianxin.domain.voice.commands import mediation_personal_data as data

    quarrel = make_quarrel().agree()
    quarrel.visit()
    mediation_visits.perform(**quarrel.acts(words="都好了", at=LATER))
    over = LATER + timedelta(days=data.SEALED_DAYS)

    assert data.purge_sealed(over - DAY) == 0
    assert data.purge_sealed(over + DAY) == 1
    assert data.purge_sealed(over + DAY) == 0

    opened = mediation_opening.open_words(**quarrel.acts(reason="看看还剩什么", at=over))
    assert {opened.subject, *opened.names.values(), *opened.clauses.values()} == {data.FORGOTTEN}
    assert (opened.state_words, set(opened.talks.values())) == ("", {""})
    row = quarrel.now()
    assert isinstance(row, Mediation)
    assert (row.state, row.tier) == ("performed", "full")


def test_person_is_taken_out_of_sealed_words_and_the_export_holds_none_of_them() -> None:
    from lianxin.domain.voice.commands import mediation_personal_data as data

    quarrel = make_quarrel().talk()
    mediation_talks.record(**quarrel.acts(kind="joint", words="黄国华说下周就修"))
    person = quarrel.person(1).pk

    exported = data.export_rows(person)
    told = data.erase_rows(person, quarrel.keeper, AT)

    assert [row["side"] for row in exported] == ["other"]
    assert SUBJECT not in repr(exported)
    assert told
    opened = mediation_opening.open_words(**quarrel.acts(reason="核对"))
    assert "黄国华" not in repr(opened)
    assert "***说下周就修" in opened.talks.values()
