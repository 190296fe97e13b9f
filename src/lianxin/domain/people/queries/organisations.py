"""Organisations on lists and pages."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lianxin.domain.people import policy
from lianxin.domain.people.models import Organisation, OrganisationCommunity
from lianxin.engines.masking import STAR, mask_name, mask_phone
from lianxin.platform import audit, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

PAGE = 50
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of a list; the contact person is masked."""

    id: UUID
    name: str
    uscc: str
    roles: list[str]
    masked_contact: str
    has_phone: bool
    masked_phone: str
    address: str
    agreement_until: date | None
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """A page of organisations by name; `after` fetches the next one."""

    rows: list[OrganisationRow]
    after: str
    total: int


@dataclass(frozen=True, slots=True)
class OrganisationBundle:
    """Everything that an organisation's page shows."""

    organisation: OrganisationRow
    contact_name: str
    agreement_from: date | None
    aliases: list[str]
    communities: list[UUID]
    merged_into: UUID | None
    timeline: list[audit.TimelineEntry]


def list_organisations(
    *,
    actor: Actor,
    query: str = "",
    role: str = "",
    community: UUID | None = None,
    state: str = "",
    after: str = "",
    limit: int = PAGE,
) -> OrganisationsPage:
    """List the organisations that this actor may open, by name."""
    size = min(max(limit, 1), MOST_SHOWN)
    with scope.within(actor.communities):
        rows = policy.visible_organisations(actor, Organisation.objects.all())
        rows = rows.filter(state=state) if state else rows.exclude(state=Organisation.State.MERGED)
        if role:
            rows = rows.filter(roles__kind=role)
        if community is not None:
            linked = OrganisationCommunity.objects.filter(community=community, until_on__isnull=True)
            rows = rows.filter(pk__in=linked.values("organisation"))
        if query.strip():
            hits = search.find(query, kinds=["organisation"], limit=MOST_SHOWN)
            rows = rows.filter(pk__in=[hit.record_id for hit in hits])
        total = rows.order_by().count()
        if after:
            name, _sep, pk = after.rpartition("~")
            try:
                last = UUID(pk)
            except ValueError:
                raise Missing from None
            rows = rows.filter(name__gte=name).exclude(name=name, pk__lte=last)
        found = list(rows.order_by("name", "pk").prefetch_related("roles")[: size + 1])
    more = found[size - 1] if len(found) > size else None
    return OrganisationsPage(
        rows=[row_of(row) for row in found[:size]],
        after="" if more is None else f"{more.name}~{more.pk}",
        total=total,
    )


def name_organisations(*, actor: Actor, limit: int = MOST_SHOWN) -> list[tuple[UUID, str]]:
    """Name the organisations that this actor may open, for choosing, by name."""
    with scope.within(actor.communities):
        rows = policy.visible_organisations(actor, Organisation.objects.exclude(state=Organisation.State.MERGED))
        return list(rows.order_by("name", "pk").values_list("pk", "name")[:limit])


def find_organisation(*, actor: Actor, organisation: UUID) -> OrganisationBundle:
    """Give what an organisation's page shows; raises Missing."""
    with scope.within(actor.communities):
        rows = policy.visible_organisations(actor, Organisation.objects.filter(pk=organisation))
        row = rows.prefetch_related("roles", "aliases").first()
        if row is None:
            raise Missing
        links = OrganisationCommunity.objects.filter(organisation=row, until_on__isnull=True).order_by("since_on", "pk")
        return OrganisationBundle(
            organisation=row_of(row),
            contact_name=row.contact_name if policy.may_write_organisations(actor) else mask_name(row.contact_name),
            agreement_from=row.agreement_from,
            aliases=sorted(alias.name for alias in row.aliases.all()),
            communities=list(links.values_list("community_id", flat=True)),
            merged_into=row.merged_into_id,
            timeline=_timeline(row),
        )


def _timeline(row: Organisation) -> list[audit.TimelineEntry]:
    """Read what happened to an organisation: it belongs to no community, so who may open it may read all of it."""
    with scope.everything():
        return audit.entries_for("people.organisation", row.pk, limit=30)


def _masked_phone(row: Organisation) -> str:
    if row.phone is None:
        return ""
    try:
        return mask_phone(row.phone.reveal())
    except Unreadable:
        return STAR * 11


def row_of(row: Organisation) -> OrganisationRow:
    """Write an organisation as a line; its roles have been fetched with it."""
    return OrganisationRow(
        id=row.pk,
        name=row.name,
        uscc=row.uscc or "",
        roles=sorted(role.kind for role in row.roles.all()),
        masked_contact=mask_name(row.contact_name),
        has_phone=row.phone is not None,
        masked_phone=_masked_phone(row),
        address=row.address,
        agreement_until=row.agreement_until,
        state=row.state,
        version=row.version,
    )


def list_names(*, actor: Actor) -> list[tuple[UUID, str]]:
    """Give id and name of the organisations that an actor may name as a role's place; one query, by name."""
    rows = Organisation.objects.exclude(state__in=[Organisation.State.MERGED, Organisation.State.CLOSED])
    if not actor.holds("security_admin"):
        rows = policy.visible_organisations(actor, rows)
    return list(rows.order_by("name", "pk").values_list("pk", "name"))
