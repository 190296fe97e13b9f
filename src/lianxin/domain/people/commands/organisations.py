"""The one register of firms, units and groups."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.commands.searching import index_organisation
from lianxin.domain.people.models import Organisation, OrganisationAlias, OrganisationCommunity, OrganisationRole
from lianxin.domain.people.rules.contacts import ORGANISATION_PHONE_PURPOSE, check_phone, sealed_phone, sentence
from lianxin.engines import identity
from lianxin.engines.reasons import Reason
from lianxin.platform import contributions, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing


class CreditCodeTaken(Invalid):
    """Another organisation has this credit code."""

    title = gettext_lazy(
        "An organisation with this credit code is registered already. Link your community to it instead."
    )


@command("people.register_organisation")
def register_organisation(
    *,
    actor: Actor,
    name: str,
    roles: Sequence[str],
    communities: Sequence[UUID] = (),
    uscc: str = "",
    contact_name: str = "",
    phone: str = "",
    address: str = "",
    agreement_from: date | None = None,
    agreement_until: date | None = None,
    aliases: Sequence[str] = (),
    at: datetime,
    key: UUID | None = None,
) -> Organisation:
    """Register an organisation with its roles and the communities that work with it."""
    policy.require(policy.may_write_organisations(actor))
    row = Organisation(registered_on=local_day(at))
    _fill(row, name, uscc, contact_name, phone, address, agreement_from, agreement_until)
    _check_roles(roles)
    row.save(force_insert=True)
    _set_roles(row, roles, local_day(at))
    _set_aliases(row, aliases)
    for community in dict.fromkeys(communities):
        _link(row, community, local_day(at))
    index_organisation(row)
    act().target(row, "registered", {"name": [None, row.name], "roles": [None, sorted(roles)]})
    act().note(community_id=communities[0] if communities else None)
    return row


@command("people.edit_organisation")
def edit_organisation(
    *,
    actor: Actor,
    organisation: UUID,
    version: int,
    name: str,
    roles: Sequence[str],
    uscc: str = "",
    contact_name: str = "",
    phone: str | None = None,
    address: str = "",
    agreement_from: date | None = None,
    agreement_until: date | None = None,
    aliases: Sequence[str] = (),
    at: datetime,
    key: UUID | None = None,
) -> Organisation:
    """Change an organisation; `phone=None` leaves the number as it is."""
    policy.require(policy.may_write_organisations(actor))
    row = _visible(actor, found.open_organisation(organisation))
    if row.version != version:
        raise EditedMeanwhile
    _check_roles(roles)
    before = {"name": row.name, "uscc": row.uscc, "address": row.address}
    _fill(row, name, uscc, contact_name, phone, address, agreement_from, agreement_until)
    row.version += 1
    row.save()
    _set_roles(row, roles, local_day(at))
    _set_aliases(row, aliases)
    index_organisation(row)
    change = {field: [old, getattr(row, field)] for field, old in before.items() if old != getattr(row, field)}
    act().target(row, "changed", change)
    return row


@command("people.link_organisation")
def link_organisation(
    *, actor: Actor, organisation: UUID, community: UUID, at: datetime, key: UUID | None = None
) -> OrganisationCommunity:
    """Note that a community in the actor's scope works with an organisation."""
    policy.require(policy.may_write_organisations(actor))
    row = found.open_organisation(organisation)
    link = _link(row, community, local_day(at))
    act().target(row, "linked", {"community": [None, str(community)]})
    return link


@command("people.unlink_organisation")
def unlink_organisation(
    *, actor: Actor, organisation: UUID, community: UUID, at: datetime, key: UUID | None = None
) -> None:
    """Note that a community no longer works with an organisation."""
    policy.require(policy.may_write_organisations(actor))
    row = found.organisation(organisation)
    ended = OrganisationCommunity.objects.filter(organisation=row, community=community, until_on__isnull=True).update(
        until_on=local_day(at)
    )
    if not ended:
        raise Missing
    act().target(row, "unlinked", {"community": [str(community), None]})


@command("people.set_organisation_state")
def set_organisation_state(
    *, actor: Actor, organisation: UUID, state: str, reason: str = "", at: datetime, key: UUID | None = None
) -> Organisation:
    """Pause, close or reopen an organisation."""
    policy.require(policy.may_write_organisations(actor))
    row = _visible(actor, found.organisation(organisation))
    if row.state == Organisation.State.MERGED:
        raise found.OrganisationEnded
    if state not in (Organisation.State.ACTIVE, Organisation.State.PAUSED, Organisation.State.CLOSED):
        raise Invalid(fields={"state": [_("Choose active, paused or closed.")]})
    old, row.state = row.state, state
    row.version += 1
    row.save(update_fields=["state", "version"])
    index_organisation(row)
    act().target(row, "changed", {"state": [old, state]})
    act().note(reason=reason)
    return row


@command("people.merge_organisations")
def merge_organisations(
    *, actor: Actor, merged: UUID, into: UUID, at: datetime, key: UUID | None = None
) -> Organisation:
    """Make two entries of one organisation one; the first keeps its id and points to the other."""
    policy.require(policy.may_write_organisations(actor) and actor.communities is None)
    if merged == into:
        raise Invalid(_("Choose two different organisations."))
    gone, kept = (found.open_organisation(pk) for pk in (merged, into))
    if gone.uscc and kept.uscc and gone.uscc != kept.uscc:
        raise Invalid(_("The two have different credit codes, so they are two organisations."))
    kept.uscc = kept.uscc or gone.uscc
    gone.state, gone.merged_into = Organisation.State.MERGED, kept
    gone.version += 1
    gone.save(update_fields=["state", "merged_into", "version"])
    kept.version += 1
    kept.save(update_fields=["uscc", "version"])
    today = local_day(at)
    _set_roles(kept, {role.kind for role in [*gone.roles.all(), *kept.roles.all()]}, today)
    _set_aliases(kept, {gone.name, *(a.name for a in [*gone.aliases.all(), *kept.aliases.all()])})
    links = OrganisationCommunity.objects.filter(organisation=gone, until_on__isnull=True)
    for community in list(links.values_list("community_id", flat=True)):
        _link(kept, community, today)
    links.update(until_on=today)
    index_organisation(gone)
    index_organisation(kept)
    act().target(gone, "merged", {"into": [None, str(kept.pk)]})
    act().target(kept, "took over", {"from": [None, str(gone.pk)]})
    contributions.follow(events.OrganisationsMerged(gone.pk, kept.pk), actor=actor, at=at)
    return kept


def preview_merge_organisations(*, actor: Actor, merged: UUID, into: UUID) -> list[str]:
    """Tell what would follow from making two entries one."""
    with scope.within(actor.communities):
        policy.require(policy.may_write_organisations(actor))
        rows = policy.visible_organisations(actor, Organisation.objects.filter(pk__in=[merged, into])).in_bulk()
        if merged == into or len(rows) < 2:
            raise Invalid(_("Choose two different organisations."))
        gone, kept = rows[merged], rows[into]
        told = [_("%(gone)s becomes another name of %(kept)s.") % {"gone": gone.name, "kept": kept.name}]
        return [*told, *contributions.preview(events.OrganisationsMerged(gone.pk, kept.pk))]


@command("people.reveal_organisation_phone")
def reveal_organisation_phone(*, actor: Actor, organisation: UUID, reason: str, at: datetime) -> str:
    """Show the telephone number of an organisation's contact in full; the look and its reason are logged."""
    policy.require(policy.may_write_organisations(actor))
    row = _visible(actor, found.organisation(organisation))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why you need to see this.")]})
    act().target(row, "revealed", {"field": "phone"})
    act().note(reason=reason.strip())
    return "" if row.phone is None else row.phone.reveal()


def _visible(actor: Actor, row: Organisation) -> Organisation:
    if not policy.visible_organisations(actor, Organisation.objects.filter(pk=row.pk)).exists():
        raise Missing
    return row


def _fill(
    row: Organisation,
    name: str,
    uscc: str,
    contact_name: str,
    phone: str | None,
    address: str,
    agreement_from: date | None,
    agreement_until: date | None,
) -> None:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = [_("The name is missing.")]
    code = None
    if uscc.strip():
        read = identity.check_uscc(uscc)
        if isinstance(read, Reason):
            errors["uscc"] = [sentence(read)]
        else:
            code = read.number
            others = Organisation.objects.filter(uscc=code).exclude(pk=row.pk)
            if others.exclude(state=Organisation.State.MERGED).exists():
                raise CreditCodeTaken(fields={"uscc": [CreditCodeTaken.title]})
    if agreement_from and agreement_until and agreement_until < agreement_from:
        errors["agreement_until"] = [_("The agreement ends before it begins.")]
    if phone is not None:
        number, wrong = check_phone(phone) if phone.strip() else ("", "")
        if wrong:
            errors["phone"] = [wrong]
        row.phone, row.phone_digest, _last4 = sealed_phone(number, purpose=ORGANISATION_PHONE_PURPOSE)
    if errors:
        raise Invalid(fields=errors)
    row.name, row.uscc, row.contact_name, row.address = name.strip(), code, contact_name.strip(), address.strip()
    row.agreement_from, row.agreement_until = agreement_from, agreement_until


def _check_roles(roles: Sequence[str]) -> None:
    if not roles or any(role not in OrganisationRole.Kind.values for role in roles):
        raise Invalid(fields={"roles": [_("Choose what the organisation is: partner, host, merchant, donor …")]})


def _set_roles(row: Organisation, roles: Sequence[str] | set[str], on: date) -> None:
    row.roles.exclude(kind__in=roles).delete()
    there = set(row.roles.values_list("kind", flat=True))
    OrganisationRole.objects.bulk_create(
        OrganisationRole(organisation=row, kind=kind, since_on=on) for kind in sorted(set(roles) - there)
    )


def _set_aliases(row: Organisation, aliases: Sequence[str] | set[str]) -> None:
    wanted = {alias.strip() for alias in aliases if alias.strip()} - {row.name}
    row.aliases.exclude(name__in=wanted).delete()
    there = set(row.aliases.values_list("name", flat=True))
    OrganisationAlias.objects.bulk_create(
        OrganisationAlias(organisation=row, name=name) for name in sorted(wanted - there)
    )


def _link(row: Organisation, community: UUID, on: date) -> OrganisationCommunity:
    if not scope.covers(community):
        raise Missing
    link, _created = OrganisationCommunity.objects.get_or_create(
        organisation=row, community_id=community, until_on=None, defaults={"since_on": on}
    )
    return link
