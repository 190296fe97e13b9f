"""Acts as rows: an act that is offered, and its claim as it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from lianxin.domain.points.ledger import sql
from lianxin.domain.points.models import Claim
from lianxin.domain.points.queries.homes import Home
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Refused


class OfferedTwiceAtOnce(Refused):
    """The same act came twice at the same moment for different households."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done that may earn points, as the module that knows of it offers it.

    Either `person` or `household` is named, or both. `item` is the code of an item of the rules where somebody chose
    it; otherwise the first item of this `act_kind` decides.
    """

    household: UUID | None
    person: UUID | None
    act_kind: str
    quantity: int
    minutes: int
    done_on: date
    source_kind: str
    source_id: UUID
    evidence: str = ""
    budget: UUID | None = None
    note: str = ""
    item: str = ""


_EMPTY = {field.attname: field.get_default() for field in Claim._meta.concrete_fields}


def make_claim(pk: UUID, one: Act, home: Home, actor: Actor, at: datetime) -> Claim:
    """Make the row of an act that has earned nothing yet; without what Django does for a form."""
    values = _EMPTY | {
        "id": pk,
        "community_id": home.community,
        "household_id": home.household,
        "person_id": one.person,
        "subject": one.person or home.household,
        "act_kind": one.act_kind,
        "quantity": one.quantity,
        "minutes": one.minutes,
        "done_on": one.done_on,
        "source_kind": one.source_kind,
        "source_id": one.source_id,
        "evidence": one.evidence,
        "awarded_by": actor.account,
        "offered_at": at,
        "decided_at": at,
        "state": Claim.State.NOTHING.value,
    }
    row: Claim = Claim.__new__(Claim)
    row._state = ModelState()
    row.__dict__.update(values)
    return row


_COLUMNS = (
    ("id", "uuid"),
    ("community_id", "uuid"),
    ("book_id", "uuid"),
    ("household_id", "uuid"),
    ("person_id", "uuid"),
    ("subject", "uuid"),
    ("act_kind", "varchar"),
    ("quantity", "int4"),
    ("minutes", "int4"),
    ("done_on", "date"),
    ("source_kind", "varchar"),
    ("source_id", "uuid"),
    ("rules_id", "uuid"),
    ("item_id", "uuid"),
    ("budget_id", "uuid"),
    ("asked", "int4"),
    ("points", "int4"),
    ("state", "varchar"),
    ("reason", "varchar"),
    ("evidence", "varchar"),
    ("note", "varchar"),
    ("txn_id", "uuid"),
    ("awarded_by", "uuid"),
    ("approved_by", "uuid"),
    ("offered_at", "timestamptz"),
    ("decided_at", "timestamptz"),
)
_NAMES = tuple(name for name, _type in _COLUMNS)
_TYPES = tuple(kind for _name, kind in _COLUMNS)


def insert_claims(claims: Sequence[Claim]) -> None:
    """Write claims; raises OfferedTwiceAtOnce when somebody else has just written one of them."""
    for claim in claims:
        if claim.state == Claim.State.WAITING:
            claim.decided_at = None
    records = [[values[name] for name in _NAMES] for values in map(_values, claims)]
    try:
        sql.insert("points_claim", _NAMES, _TYPES, records)
    except IntegrityError as error:
        if "points_claim_once" in str(error) or "source_id" in str(error):
            raise OfferedTwiceAtOnce(_("Somebody else has just entered the same. Please try again.")) from error
        raise


def _values(claim: Claim) -> dict[str, object]:
    """Give a row's values, with choices as the plain text that the driver writes."""
    return claim.__dict__ | {"state": str(claim.state), "reason": str(claim.reason)}
