"""Reading editions: the office's list, and what anybody may read."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.projects import policy
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.rules.editions import Period, period_of
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import digest_of
from lianxin.platform.errors import Missing

State = Edition.State


def list_editions(*, actor: Actor, community: UUID | None = None, of: str = "", state: str = "") -> QuerySet[Edition]:
    """Give the editions of the communities in scope, the latest first; dropped drafts only when asked for."""
    rows = Edition.objects.select_related("community").order_by("-from_on", "of", "-number", "pk")
    if not policy.may_read_any(actor):
        return rows.none()
    if community is not None:
        rows = rows.filter(community=community)
    if of:
        rows = rows.filter(of=of)
    return rows.filter(state=state) if state else rows.exclude(state=State.DROPPED)


def find_edition(*, actor: Actor, edition: UUID) -> Edition:
    """Give one edition that the actor may read; raises Missing."""
    row = Edition.objects.select_related("community", "previous").filter(pk=edition).first()
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row


def list_issued(*, community: UUID) -> list[Edition]:
    """Give the issued editions of a community, for anybody, the latest first."""
    with scope.everything():
        rows = Edition.objects.filter(community=community, state=State.ISSUED).defer("content", "changes")
        return list(rows.order_by("-from_on", "of", "-number")[:60])


def find_issued(*, edition: UUID) -> Edition:
    """Give one issued edition, for anybody; raises Missing."""
    with scope.everything():
        row = Edition.objects.filter(pk=edition, state=State.ISSUED).select_related("community").first()
    if row is None:
        raise Missing
    return row


def digest_now(row: Edition) -> str:
    """Give the digest of an issued edition as it stands, which must be the one it was issued with."""
    return digest_of(
        {"of": row.of, "number": row.number, "from": row.from_on, "content": row.content, "changes": row.changes}
    )


def overdue(*, actor: Actor, on: date) -> list[tuple[UUID, str, Period]]:
    """Give (community, list, period) of drafts in scope that should have been issued by a day."""
    drafts = list_editions(actor=actor, state=State.DRAFT).values_list("community", "of", "every", "from_on")
    late = [(community, of, period_of(from_on, every)) for community, of, every, from_on in drafts]
    return [one for one in late if one[2].due_on < on]
