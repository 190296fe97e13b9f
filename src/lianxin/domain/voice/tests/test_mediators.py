"""Who mediates: near to no side, accepted by all, replaced with everybody asked anew."""

import pytest
from django.apps import apps

from lianxin.domain.people.models import ProxyLink
from lianxin.domain.people.models.proxies import ProxyLink as Proxy
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.voice.commands import (
    mediation_opening,
    mediations,
    mediators,
)
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.rules.conflicts import ConflictOfInterest
from lianxin.domain.voice.rules.mediation_states import OnlyMediator
from lianxin.domain.voice.tests.mediation_factories import (
    AT,
    DAY,
    SUBJECT,
    SYSTEM,
    TODAY,
    Quarrel,
    make_quarrel,
    office,
    open_duties,
)
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, NotAllowed
from lianxin.platform.models import AuditEntry

pytestmark = pytest.mark.django_db


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
