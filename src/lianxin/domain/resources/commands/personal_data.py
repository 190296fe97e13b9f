"""What resources hold about one person: given out and erased."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.resources.models import Offer
from lianxin.platform import scope, search
from lianxin.platform.actors import Actor

from .offers import LIVE, end_row
from .searching import OFFER


def export_rows(person: UUID) -> dict[str, Any]:
    """Give what resources hold about a person."""
    with scope.everything():
        rows = Offer.objects.filter(person=person).order_by("pk")
        return {
            "offers": [
                {
                    "kind": row.kind,
                    "title": row.title,
                    "description": row.description,
                    "conditions": row.conditions,
                    "contact_name": row.contact_name,
                    "place": row.place,
                    "from_on": row.from_on.isoformat(),
                    "until_on": row.until_on.isoformat() if row.until_on else None,
                    "state": row.state,
                    "promises": [
                        {"on": one.on.isoformat(), "quantity": one.quantity, "state": one.state}
                        for one in row.promises.order_by("on", "pk")
                    ],
                }
                for row in rows.prefetch_related("promises")
            ]
        }


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """End a person's offers and take every word out of them that they wrote; that there was one stays."""
    with scope.everything():
        rows = list(Offer.objects.filter(person=person))
        for row in rows:
            if row.state in LIVE:
                end_row(row, reason=_("The person is no longer here."), actor=actor, at=at)
            Offer.objects.filter(pk=row.pk).update(
                title=_("Offer of somebody who was erased"),
                description="",
                conditions="",
                contact_name="",
                place="",
                state_reason="",
            )
        search.drop(OFFER, [row.pk for row in rows])
    return [_("That something was offered and promised, without words, because figures rest on it.")] if rows else []
