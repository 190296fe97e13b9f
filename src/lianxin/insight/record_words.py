"""The words of `records.titles`: one function for each kind, from the columns that were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.places.models import Upgrade, VenueKind, VisitPurpose
from lianxin.domain.points.models import Account, Line, Txn
from lianxin.domain.points.queries.passbooks import masked_heads
from lianxin.domain.projects.models import Edition, Project
from lianxin.domain.resources.models import Promise
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment

Values = Mapping[str, Any]


@dataclass(frozen=True)
class RecordTitle:
    """What a record is called, and what stands smaller beside it."""

    title: str
    note: str = ""


def label_of(choices: Any, value: Any) -> str:
    """Give the words of a choice."""
    return str(dict(choices).get(value, ""))


def number_of(number: Any) -> str:
    """Give a number with its word."""
    return _("Number %(number)s") % {"number": number}


def named(row: Values) -> RecordTitle:
    """Say what simply has a name."""
    return RecordTitle(row["name"])


def division(row: Values) -> RecordTitle:
    """Say a community."""
    return RecordTitle(row["short_name"])


def numbered(row: Values) -> RecordTitle:
    """Say what has a title and a number."""
    return RecordTitle(row["title"], number_of(row["number"]))


def venue(row: Values) -> RecordTitle:
    """Say a venue."""
    return RecordTitle(row["name"], label_of(VenueKind.choices, row["kind"]))


def venue_part(row: Values) -> RecordTitle:
    """Say a stretch of a venue's life."""
    return RecordTitle(row["venue__name"])


def visit_count(row: Values) -> RecordTitle:
    """Say a count of visitors."""
    return RecordTitle(row["venue__name"], label_of(VisitPurpose.choices, row["purpose"]))


def opening(row: Values) -> RecordTitle:
    """Say from when until when a door was open."""
    opened = f"{local_moment(row['opened_at']):%H:%M}"
    if row["closed_at"] is None:
        return RecordTitle(row["venue__name"], pgettext("door", "from %(opened)s") % {"opened": opened})
    return RecordTitle(row["venue__name"], f"{opened}–{local_moment(row['closed_at']):%H:%M}")


def service(row: Values) -> RecordTitle:
    """Say a standing service."""
    return RecordTitle(row["name"], row["venue__name"])


def room_itself(row: Values) -> RecordTitle:
    """Say a room."""
    return RecordTitle(row["name"], row["venue__name"])


def upgrade(row: Values) -> RecordTitle:
    """Say an upgrade of a centre."""
    return RecordTitle(row["title"], row["venue__name"])


def upgrade_stage(row: Values) -> RecordTitle:
    """Say a stage of an upgrade."""
    return RecordTitle(row["upgrade__title"], label_of(Upgrade.State.choices, row["state"]))


def batch_member(row: Values) -> RecordTitle:
    """Say a community of a programme."""
    return RecordTitle(row["community__short_name"], row["programme__name"])


def batch(row: Values) -> RecordTitle:
    """Say a batch of a programme."""
    return RecordTitle(_("Batch %(number)s") % {"number": row["number"]}, row["programme__name"])


def person(row: Values) -> RecordTitle:
    """Say a resident, masked."""
    return RecordTitle(mask_name(row["name"]) or _("A resident"))


def member(row: Values) -> RecordTitle:
    """Say a member of a household, masked."""
    return RecordTitle(mask_name(row["person__name"]) or _("A resident"))


def household(row: Values) -> RecordTitle:
    """Say a household by its number, without its address."""
    return RecordTitle(_("Household %(number)s") % {"number": row["number"]})


def passbook(row: Values) -> RecordTitle:
    """Say a passbook."""
    return RecordTitle(_("Passbook %(number)s") % {"number": row["number"]})


def booking(row: Values) -> RecordTitle:
    """Say a booked time by its room; of a confidential one only that it was used."""
    if row["room__confidential"] or row["room__terms__is_confidential"]:
        return RecordTitle(_("A room for confidential talks"), row["room__venue__name"])
    return RecordTitle(row["room__name"], row["room__venue__name"])


def seat(row: Values) -> RecordTitle:
    """Say a stay on a study seat, without who."""
    return RecordTitle(_("A study seat"), row["room__name"])


def room(row: Values) -> RecordTitle:
    """Say a room that can be booked."""
    return RecordTitle(row["room__name"], row["room__venue__name"])


def offer(row: Values) -> RecordTitle:
    """Say an offer, and who made it: an organisation, or a resident masked."""
    return RecordTitle(row["title"], row["organisation__name"] or mask_name(row["person__name"] or ""))


def promise(row: Values) -> RecordTitle:
    """Say a promise out of an offer."""
    return RecordTitle(row["offer__title"], label_of(Promise.State.choices, row["state"]))


def need_report(row: Values) -> RecordTitle:
    """Say what kind of need was heard, and not the words."""
    return RecordTitle(
        row["category__name"] or _("A need, not sorted yet"), label_of(NeedReport.How.choices, row["how"])
    )


def need_answer(row: Values) -> RecordTitle:
    """Say what an answer was about."""
    return RecordTitle(row["report__category__name"] or _("A need, not sorted yet"))


def household_visit(row: Values) -> RecordTitle:
    """Say that a household was visited, and neither which nor why."""
    return RecordTitle(_("A visit to a household"))


def need(row: Values) -> RecordTitle:
    """Say an entry of a needs list."""
    return RecordTitle(row["title"], label_of(Need.State.choices, row["state"]))


def project(row: Values) -> RecordTitle:
    """Say a project."""
    return RecordTitle(row["title"], label_of(Project.State.choices, row["state"]))


def edition(row: Values) -> RecordTitle:
    """Say an edition of a list."""
    return RecordTitle(label_of(Edition.Of.choices, row["of"]), number_of(row["number"]) if row["number"] else "")


def activity(row: Values) -> RecordTitle:
    """Say an activity."""
    return RecordTitle(row["title"], row["category__name"])


def occurrence(row: Values) -> RecordTitle:
    """Say a date of an activity, and where it was."""
    return RecordTitle(row["title"] or row["activity__title"], row["venue__name"] or row["place"])


def attendance(row: Values) -> RecordTitle:
    """Say what somebody came to, and who, masked."""
    title = row["occurrence__title"] or row["occurrence__activity__title"]
    return RecordTitle(title, mask_name(row["person__name"] or row["guest_name"] or ""))


def hours(row: Values) -> RecordTitle:
    """Say whose voluntary hours, masked, and how many minutes."""
    return RecordTitle(mask_name(row["person__name"]) or _("A volunteer"), _("%(n)d minutes") % {"n": row["minutes"]})


def crowd(row: Values) -> RecordTitle:
    """Say where people were counted without names."""
    return RecordTitle(row["occurrence__title"] or row["occurrence__activity__title"], _("counted without names"))


def request_reach(row: Values) -> RecordTitle:
    """Say what an office above asked for, and which."""
    return RecordTitle(row["request__title"], row["request__office_name"])


def demand(row: Values) -> RecordTitle:
    """Say what an office above demanded another way, and which."""
    return RecordTitle(row["title"], row["office_name"])


def redemption(row: Values) -> RecordTitle:
    """Say that somebody got goods for points, masked."""
    return RecordTitle(_("Goods for points"), mask_name(row["person__name"] or ""))


def goods_return(row: Values) -> RecordTitle:
    """Say that somebody brought goods back, masked."""
    return RecordTitle(_("Goods brought back"), mask_name(row["redemption__person__name"] or ""))


def donation(row: Values) -> RecordTitle:
    """Say a donation, and who gave it where they want to be named."""
    if not row["wants_name_shown"]:
        return RecordTitle(_("A donation"), _("The donor does not want to be named"))
    return RecordTitle(_("A donation"), row["donor__name"] or mask_name(row["donor_name"] or ""))


def points_moves(ids: Collection[UUID], actor: Actor) -> dict[UUID, RecordTitle]:
    """Say what points moved for, and for which household: its head, masked; two queries."""
    with scope.within(actor.communities):
        lines = _lines(ids)
        heads = masked_heads(sorted({owner for _txn, _kind, owner in lines if owner is not None}))
    found: dict[UUID, RecordTitle] = {}
    for txn, kind, owner in lines:
        found.setdefault(txn, RecordTitle(label_of(Txn.Kind.choices, kind), heads.get(owner, "") if owner else ""))
    return found


def points_accounts(ids: Collection[UUID], actor: Actor) -> dict[UUID, RecordTitle]:
    """Say whose points an account of a household holds: its head, masked; two queries."""
    if not ids:
        return {}
    with scope.within(actor.communities):
        homes = dict(Account.objects.filter(pk__among=frozenset(ids)).order_by().values_list("pk", "owner"))
        heads = masked_heads(sorted(set(homes.values())))
    return {pk: RecordTitle(_("A household's points"), heads.get(owner, "")) for pk, owner in homes.items()}


def households_of(ids: Collection[UUID], actor: Actor) -> dict[UUID, UUID]:
    """Give the household in whose passbook each movement of points stands; one query."""
    with scope.within(actor.communities):
        found: dict[UUID, UUID] = {}
        for txn, _kind, owner in _lines(ids):
            if owner is not None:
                found.setdefault(txn, owner)
        return found


def _lines(ids: Collection[UUID]) -> list[tuple[UUID, str, UUID | None]]:
    rows = Line.objects.filter(txn__in=list(ids), account__kind=Account.Kind.HOUSEHOLD)
    return list(rows.order_by("txn_id", "pk").values_list("txn_id", "txn__kind", "account__owner"))
