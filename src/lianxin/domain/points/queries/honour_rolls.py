"""Honour rolls as they are shown, the text for groups, and the proof of a published one by its code."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.people.models import ConsentReceipt
from lianxin.domain.points import policy
from lianxin.domain.points.models import HonourEntry, HonourOptOut, HonourRoll, Notice
from lianxin.domain.points.rules import honours
from lianxin.engines.masking import mask_name
from lianxin.platform import keys, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class RollCard:
    """A roll on a list."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date
    state: str
    places: int
    drawn_at: datetime
    frozen_at: datetime | None
    code: str


@dataclass(frozen=True, slots=True)
class RollPlace:
    """A household on a roll; `is_withdrawn` when its name was published and the consent was taken back since."""

    position: int
    household: UUID | None
    household_number: str
    name: str
    points: int
    is_named: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class RollPage:
    """A roll as pages, posters and groups show it now; the signed text may hold names that are masked here."""

    card: RollCard
    community: UUID
    community_name: str
    places: list[RollPlace]
    text: str

    @property
    def withdrawn(self) -> int:
        """Count the places whose name was masked after the roll was published."""
        return sum(place.is_withdrawn for place in self.places)


@dataclass(frozen=True, slots=True)
class RollProof:
    """Whether a published roll is as it was signed.

    `is_signed`: the digest; `is_whole`: the text too, as long as no name was erased from it; `is_withdrawn`: an
    objection to it was upheld.
    """

    roll: UUID
    community_name: str
    title: str
    code: str
    frozen_at: datetime
    digest: str
    algorithm: str
    key_id: str
    signature: str
    is_signed: bool
    is_whole: bool
    has_erased_names: bool
    is_withdrawn: bool
    page: RollPage

    @property
    def holds(self) -> bool:
        """Tell whether nothing but erased names differs from what was signed."""
        return self.is_signed and (self.is_whole or self.has_erased_names)


def list_rolls(*, community: UUID, limit: int = 20) -> list[RollCard]:
    """List the published rolls of a community, newest first; public."""
    with scope.within([community]):
        rows = _on_show(HonourRoll.objects.filter(community=community))
        return _cards(rows.order_by("-ends_on", "-pk")[: min(max(limit, 1), 200)])


def list_rolls_for_staff(*, actor: Actor, community: UUID | None = None, limit: int = 50) -> list[RollCard]:
    """List the rolls of the communities in scope, drafts too, newest first."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        rows = HonourRoll.objects.all() if community is None else HonourRoll.objects.filter(community=community)
        return _cards(rows.order_by("-drawn_at", "-pk")[: min(max(limit, 1), 200)])


def find_roll(*, community: UUID, roll: UUID) -> RollPage:
    """Give a published roll, names by the consents that stand now; public. Raises Missing."""
    with scope.within([community]):
        row = _on_show(HonourRoll.objects.filter(pk=roll)).select_related("community").first()
        if row is None:
            raise Missing
        return _page(row)


def find_roll_for_staff(*, actor: Actor, roll: UUID) -> RollPage:
    """Give a roll of a community in scope, a draft too; raises Missing."""
    policy.require(policy.may_see_points(actor))
    with scope.within(actor.communities):
        row = HonourRoll.objects.filter(pk=roll).select_related("community").first()
        if row is None:
            raise Missing
        return _page(row)


def verify_roll(code: str) -> RollProof | None:
    """Prove a published roll by its printed code, typed in any case, with or without strokes; public."""
    letters = "".join(sign for sign in code.upper() if sign.isalnum())
    typed = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    if not typed:
        return None
    with scope.everything():
        row = HonourRoll.objects.filter(code=typed).select_related("community").first()
        if row is None or row.frozen_at is None:
            return None
        return RollProof(
            roll=row.pk,
            community_name=row.community.short_name,
            title=row.title,
            code=row.code,
            frozen_at=row.frozen_at,
            digest=row.digest,
            algorithm=row.algorithm,
            key_id=row.key_id,
            signature=row.signature,
            is_signed=keys.verify(honours.signed_bytes(row.digest), row.algorithm, row.key_id, row.signature),
            is_whole=hashlib.sha256(row.signed_text.encode()).hexdigest() == row.digest,
            has_erased_names=row.erased_names > 0,
            is_withdrawn=not _on_show(HonourRoll.objects.filter(pk=row.pk)).exists(),
            page=_page(row),
        )


def opted_out(households: Iterable[UUID]) -> set[UUID]:
    """Give those of these households that want to be on no roll, wherever they said so."""
    with scope.everything():
        rows = HonourOptOut.objects.filter(household__in=list(households), ended_on=None)
        return set(rows.values_list("household", flat=True))


def has_opted_out(*, household: UUID) -> bool:
    """Tell whether a household wants to be on no roll."""
    return household in opted_out([household])


def _on_show(rolls: QuerySet[HonourRoll]) -> QuerySet[HonourRoll]:
    """Keep the published rolls, without those to which an objection was upheld."""
    withdrawn = Notice.objects.filter(kind=Notice.Kind.HONOURS, state=Notice.State.WITHDRAWN, subject__isnull=False)
    return rolls.filter(state=HonourRoll.State.FROZEN).exclude(pk__in=withdrawn.values("subject"))


def _cards(rows: Any) -> list[RollCard]:
    found = list(rows.prefetch_related("entries"))
    return [_card(row, len(row.entries.all())) for row in found]


def _card(row: HonourRoll, places: int) -> RollCard:
    return RollCard(
        id=row.pk,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state=row.state,
        places=places,
        drawn_at=row.drawn_at,
        frozen_at=row.frozen_at,
        code=row.code,
    )


def _page(row: HonourRoll) -> RollPage:
    # Households and consents may have gone to another community since.
    with scope.everything():
        entries = list(HonourEntry.objects.filter(roll=row).select_related("household").order_by("position", "pk"))
        receipts = [entry.receipt for entry in entries if entry.receipt]
        standing = set(
            ConsentReceipt.objects.filter(pk__in=receipts, withdrawal__isnull=True).values_list("pk", flat=True)
        )
    left = opted_out(entry.household_id for entry in entries if entry.household_id)
    places = []
    for entry in entries:
        was_named = entry.receipt is not None
        is_named = entry.receipt in standing and entry.household_id not in left
        places.append(
            RollPlace(
                position=entry.position,
                household=entry.household_id,
                household_number=entry.household.number if entry.household else "-",
                name=entry.shown_as if is_named or not was_named else mask_name(entry.shown_as),
                points=entry.points,
                is_named=is_named,
                is_withdrawn=was_named and not is_named,
            )
        )
    return RollPage(
        card=_card(row, len(places)),
        community=row.community_id,
        community_name=row.community.short_name,
        places=places,
        text=_text(row, places),
    )


def _text(row: HonourRoll, places: list[RollPlace]) -> str:
    """Write the roll for groups as it may be shown now, with its code, and say so where names were masked since."""
    text = honours.roll_text(
        community=row.community.short_name,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        entries=[
            honours.entry_text(
                position=place.position, shown_as=place.name, number=place.household_number, points=place.points
            )
            for place in places
        ],
    )
    hidden = sum(place.is_withdrawn for place in places)
    if hidden:
        text += "\n" + _("%(count)d names are no longer shown, as the households wished.") % {"count": hidden}
    if row.code:
        text += "\n" + _("Code to check this roll: %(code)s") % {"code": row.code}
    return text
