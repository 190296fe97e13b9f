"""What residents themselves may ask about their own record: let the family act, previews, and asking for erasure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.commands.consents import give_consent, preview_withdrawal
from lianxin.domain.people.commands.erasure import why_it_must_stay
from lianxin.domain.people.commands.login import LOCKED
from lianxin.domain.people.commands.persons import change_phone
from lianxin.domain.people.commands.phone_codes import EXPIRED, check_code
from lianxin.domain.people.commands.proxies import link_proxy
from lianxin.domain.people.models import Person, ProxyLink
from lianxin.platform import contributions, duties, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.models import Duty, kind_of

ANSWER = "people.answer_erasure_request"
ANSWER_WITHIN = timedelta(days=15)


class NotYourHousehold(Refused):
    """Somebody outside the household is to act; that is agreed at the desk, with both present."""

    title = gettext_lazy(
        "Only a member of your household can be chosen here. For anybody else, please come to the desk."
    )


@command("people.let_family_act")
def let_family_act(
    *,
    actor: Actor,
    agent: UUID,
    acts: Sequence[str],
    until_on: date,
    at: datetime,
    key: UUID | None = None,
) -> ProxyLink:
    """Let a grown-up of one's own household act for oneself: the consent and the link in one act."""
    if actor.person is None:
        raise Missing
    row = found.living_person(actor.person)
    member = Person.objects.filter(pk=agent, household=row.household_id, state=Person.State.LIVING).exclude(pk=row.pk)
    if not member.exists():
        raise NotYourHousehold
    receipt = give_consent(
        actor=actor, person=row.pk, purpose="proxy", how="screen", at=at, key=inner_key(key, "consent")
    )
    return link_proxy(
        actor=actor,
        principal=row.pk,
        kind=ProxyLink.Kind.FAMILY,
        acts=acts,
        from_on=local_day(at),
        until_on=until_on,
        agent_person=agent,
        consent=receipt.pk,
        at=at,
        key=inner_key(key, "link"),
    )


@command("people.change_own_phone")
def change_own_phone(*, actor: Actor, phone: str, code: str, at: datetime, key: UUID | None = None) -> str:
    """Change the number one logs in with, proved by a code sent to the new one; gives how it ended, as a login does.

    A wrong code is counted, so nothing may raise before that count is kept.
    """
    if actor.person is None:
        raise Missing
    outcome = check_code(phone=phone, code=code, at=at)
    if not outcome:
        change_phone(actor=actor, person=actor.person, phone=phone, at=at, key=inner_key(key, "phone"))
    return outcome


def code_problem(outcome: str) -> str:
    """Say why a code was not accepted, or nothing when it was."""
    if outcome == LOCKED:
        return _("Too many wrong codes. Please wait a quarter of an hour, or come to the desk.")
    if outcome == EXPIRED:
        return _("This code is too old. Please ask for a new one.")
    return _("This code does not match. Please check the message.") if outcome else ""


@command("people.ask_for_erasure")
def ask_for_erasure(*, actor: Actor, person: UUID, at: datetime, key: UUID | None = None) -> Duty:
    """Ask the community to erase one's record; it becomes a duty of its staff, to be answered within 15 days."""
    row = found.person(person)
    policy.require(policy.may_act_as(actor, row))
    open_one = find_erasure_request(actor=actor, person=person)
    if open_one is not None:
        return open_one
    duty = duties.open(
        kind=ANSWER,
        record=row,
        community_id=row.community_id,
        title=_("Answer a request to erase a record"),
        due_at=at + ANSWER_WITHIN,
        assignee_role="community_staff",
        url_name="staff:person",
        url_args={"person": str(row.pk)},
    )
    act().target(row, "erasure asked for", {})
    return duty


@command("people.take_back_erasure")
def take_back_erasure(*, actor: Actor, person: UUID, at: datetime, key: UUID | None = None) -> None:
    """Take back the request to be erased."""
    row = found.person(person)
    policy.require(policy.may_act_as(actor, row))
    if duties.close(kind=ANSWER, record=row):
        act().target(row, "erasure taken back", {})


def find_erasure_request(*, actor: Actor, person: UUID) -> Duty | None:
    """Give the open request to erase a record, or None."""
    row = _own(actor, person)
    with scope.within(actor.communities):
        return Duty.objects.filter(kind=ANSWER, record_kind=kind_of(row), record_id=row.pk, closed_at=None).first()


def preview_own_erasure(*, actor: Actor, person: UUID) -> tuple[list[str], list[str]]:
    """Give (why not yet, what follows) for erasing one's own record."""
    row = _own(actor, person)
    with scope.within(actor.communities):
        event = events.PersonErased(row.pk, row.household_id, row.community_id)
        return why_it_must_stay(row), contributions.preview(event)


def preview_own_withdrawal(*, actor: Actor, person: UUID, purpose: str) -> list[str]:
    """Tell what would follow from taking back a consent, to whoever may see the person's record."""
    row = _own(actor, person)
    with scope.within(actor.communities):
        return preview_withdrawal(person=row, purpose=purpose)


def _own(actor: Actor, person: UUID) -> Person:
    with scope.within(actor.communities):
        row = policy.visible_to(actor, Person.objects.filter(pk=person)).exclude(state=Person.State.ERASED).first()
    if row is None:
        raise Missing
    return row
