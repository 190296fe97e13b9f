"""For whom a resident acts: links reach across communities, so these are the named queries that do."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from lianxin.domain.people.models import Person, ProxyLink
from lianxin.domain.people.rules.proxies import covers
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody for whom an actor may act now: in what and until when."""

    link: UUID
    person: UUID
    community: UUID
    community_name: str
    masked_name: str
    kind: str
    acts: tuple[str, ...]
    until_on: date | None

    def may(self, act: str) -> bool:
        """Tell whether the link covers an act."""
        return covers(list(self.acts), act)


def list_principals(*, actor: Actor, on: date) -> list[Principal]:
    """List for whom a resident acts today, in any community of the district; one query."""
    if actor.person is None:
        return []
    with scope.everything():
        links = ProxyLink.objects.filter(
            agent_person=actor.person,
            revoked_at__isnull=True,
            from_on__lte=on,
            principal__state=Person.State.LIVING,
        ).exclude(until_on__lt=on)
        rows = list(links.select_related("principal__community").order_by("pk"))
    return [
        Principal(
            link=link.pk,
            person=link.principal_id,
            community=link.principal.community_id,
            community_name=link.principal.community.short_name,
            masked_name=mask_name(link.principal.name),
            kind=link.kind,
            acts=tuple(link.acts),
            until_on=link.until_on,
        )
        for link in rows
    ]


def find_principal(*, actor: Actor, person: UUID, on: date) -> Principal:
    """Give the link by which an actor acts for a person today; raises Missing when there is none."""
    for principal in list_principals(actor=actor, on=on):
        if principal.person == person:
            return principal
    raise Missing


def acting_for(actor: Actor, principal: Principal) -> Actor:
    """Give the actor acting on behalf of a principal, whose community may be another than the own one."""
    own = actor.communities
    reach = None if own is None else own | {principal.community}
    return replace(actor, communities=reach).acting_for(principal.person, "phone_code")
