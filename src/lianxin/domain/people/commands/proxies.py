"""Who may act for whom: linking and revoking."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.models import Account, ConsentReceipt, Person, ProxyLink
from lianxin.domain.people.rules.proxies import why_not_linked
from lianxin.platform import contributions
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing


@command("people.link_proxy")
def link_proxy(
    *,
    actor: Actor,
    principal: UUID,
    kind: str,
    acts: Sequence[str],
    from_on: date,
    until_on: date | None = None,
    agent_person: UUID | None = None,
    agent_account: UUID | None = None,
    consent: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> ProxyLink:
    """Let an agent act for a person in named matters until a day; a guardian needs no consent of the child."""
    row = found.living_person(principal)
    # Who is guardian of whom is seen in a document at the desk; nobody makes oneself one.
    policy.require(policy.may_write_people(actor) or (actor.person == row.pk and kind != "guardian"))
    if kind not in ProxyLink.Kind.values:
        raise Invalid(fields={"kind": [_("Choose what the agent is to the person.")]})
    if (agent_person is None) == (agent_account is None):
        raise Invalid(fields={"agent": [_("Choose who acts: a resident, or a member of staff or volunteer.")]})
    if agent_person == row.pk:
        raise Invalid(fields={"agent": [_("Nobody acts on behalf of oneself.")]})
    agent = None
    if agent_person is not None:
        agent = Person.objects.filter(pk=agent_person, state=Person.State.LIVING).first()
        if agent is None:
            raise Missing
    elif (
        agent_account is None
        or not Account.objects.filter(pk=agent_account).exclude(state=Account.State.DISABLED).exists()
    ):
        raise Missing
    receipt = None
    if consent is not None:
        receipt = ConsentReceipt.objects.filter(
            pk=consent, person=row, text__purpose="proxy", withdrawal__isnull=True
        ).first()
        if receipt is None:
            raise Invalid(fields={"consent": [_("This is no valid consent of the person to acting on behalf.")]})
    why_not = why_not_linked(
        kind=kind,
        acts=list(acts),
        from_on=from_on,
        until_on=until_on,
        principal_birth_on=row.birth_on,
        agent_birth_on=agent.birth_on if agent else None,
        has_consent=receipt is not None,
    )
    if why_not:
        raise Invalid(why_not)
    if (
        agent is not None
        and ProxyLink.objects.filter(principal=row, agent_person=agent, kind=kind, revoked_at__isnull=True).exists()
    ):
        raise Invalid(_("This link is there already. Revoke it first to change what it covers."))
    link = ProxyLink.objects.create(
        community_id=row.community_id,
        principal=row,
        agent_person=agent,
        agent_account_id=agent_account,
        kind=kind,
        acts=sorted(set(acts)),
        consent=receipt,
        from_on=from_on,
        until_on=until_on,
        linked_by=actor.account,
    )
    act().target(row, "proxy linked", {"kind": [None, kind], "acts": [None, link.acts]})
    return link


@command("people.revoke_proxy")
def revoke_proxy(*, actor: Actor, link: UUID, reason: str = "", at: datetime, key: UUID | None = None) -> ProxyLink:
    """End a link now; the person, the agent or staff may."""
    row = ProxyLink.objects.filter(pk=link).select_related("principal").first()
    if row is None:
        raise Missing
    is_part_of_it = actor.person is not None and actor.person in (row.principal_id, row.agent_person_id)
    policy.require(policy.may_write_people(actor) or is_part_of_it or actor.account == row.agent_account_id)
    if row.revoked_at is not None:
        return row
    row.revoked_at, row.revoked_reason = at, reason.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_reason"])
    act().target(row.principal, "proxy revoked", {"kind": [row.kind, None]})
    act().note(reason=reason)
    contributions.follow(events.ProxyRevoked(row.pk, row.principal_id, row.community_id), actor=actor, at=at)
    return row


def has_guardian(person: Person, at: datetime) -> bool:
    """Tell whether a valid guardian is on record; within an active scope."""
    day = local_day(at)
    return (
        ProxyLink.objects.filter(principal=person, kind="guardian", revoked_at__isnull=True, from_on__lte=day)
        .exclude(until_on__lt=day)
        .exists()
    )
