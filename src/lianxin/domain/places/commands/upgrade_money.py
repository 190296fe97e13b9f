"""Money of an upgrade: sources with their amounts, payments and their corrections, all in fen."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

from ..models import UpgradeFunding, UpgradeSpending
from ..rules import upgrades as rules
from .upgrades import WrongState, open_books

MOST_FEN = 10**13


class MoneySpent(Refused):
    """A source has less left than was asked for."""

    title = gettext_lazy("There is not enough money left from this source.")


def _amount(fen: int) -> int:
    if isinstance(fen, bool) or not isinstance(fen, int) or not 0 < fen <= MOST_FEN:
        raise Invalid(fields={"fen": [_("Please enter an amount above zero.")]})
    return fen


@command("places.add_funding")
def add_funding(
    *,
    actor: Actor,
    at: datetime,
    upgrade: UUID,
    source: str,
    fen: int,
    giver: str = "",
    document: str = "",
    key: UUID | None = None,
) -> UpgradeFunding:
    """Add a source of money with its amount in fen."""
    found = open_books(actor, upgrade)
    if source not in UpgradeFunding.Source.values:
        raise Invalid(fields={"source": [_("Please choose where the money comes from.")]})
    funding = UpgradeFunding.objects.create(
        community_id=found.community_id,
        upgrade=found,
        source=source,
        giver=giver.strip()[:100],
        document=document.strip()[:100],
        fen=_amount(fen),
    )
    act().target(found, "added money", {source: [None, fen]})
    return funding


@command("places.change_funding")
def change_funding(*, actor: Actor, at: datetime, funding: UUID, fen: int, reason: str) -> UpgradeFunding:
    """Change the amount of a source, never below what is spent of it."""
    found = _funding(actor, funding)
    amount = _amount(fen)
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    act().note(reason=reason.strip())
    was = found.fen
    if not UpgradeFunding.objects.filter(pk=found.pk, spent_fen__lte=amount).update(fen=amount):
        raise MoneySpent(_("More than this has been spent from this source already."))
    found.refresh_from_db()
    act().target(found.upgrade, "changed money", {found.source: [was, amount]})
    return found


@command("places.remove_funding")
def remove_funding(*, actor: Actor, at: datetime, funding: UUID) -> None:
    """Take out a source from which nothing was ever spent."""
    found = _funding(actor, funding)
    if found.spendings.exists():
        raise MoneySpent(_("Money from this source was spent; it stays on record."))
    act().target(found.upgrade, "removed money", {found.source: [found.fen, None]})
    found.delete()


def _funding(actor: Actor, funding: UUID) -> UpgradeFunding:
    found = UpgradeFunding.objects.filter(pk=funding).first()
    if found is None:
        raise Missing
    upgrade = open_books(actor, found.upgrade_id)
    found = locks.lock_one(UpgradeFunding.objects.filter(pk=funding), rank=locks.BUDGET)
    if found is None:
        raise Missing
    found.upgrade = upgrade
    return found


@command("places.record_spending")
def record_spending(
    *,
    actor: Actor,
    at: datetime,
    funding: UUID,
    fen: int,
    spent_on: date,
    what: str,
    payee: str = "",
    key: UUID | None = None,
) -> UpgradeSpending:
    """Record a payment from a source; a source never pays more than it holds."""
    found = _funding(actor, funding)
    amount, what = _amount(fen), what.strip()
    if found.upgrade.state not in rules.SPENDABLE:
        raise WrongState(_("Money can be spent only after the upgrade is approved."))
    faults = {}
    if not what:
        faults["what"] = [_("Please say what was paid for.")]
    if spent_on > local_day(at):
        faults["spent_on"] = [_("This day has not come yet.")]
    if faults:
        raise Invalid(fields=faults)
    if not UpgradeFunding.objects.filter(pk=found.pk, spent_fen__lte=F("fen") - amount).update(
        spent_fen=F("spent_fen") + amount
    ):
        raise MoneySpent
    line = UpgradeSpending.objects.create(
        community_id=found.community_id,
        upgrade=found.upgrade,
        funding=found,
        spent_on=spent_on,
        fen=amount,
        what=what[:120],
        payee=payee.strip()[:100],
    )
    act().target(found.upgrade, "spent", {what: [None, amount]})
    return line


@command("places.correct_spending")
def correct_spending(
    *, actor: Actor, at: datetime, spending: UUID, reason: str, key: UUID | None = None
) -> UpgradeSpending:
    """Take a payment back by a line of the opposite amount, saying why."""
    original = UpgradeSpending.objects.filter(pk=spending).first()
    if original is None:
        raise Missing
    found = _funding(actor, original.funding_id)
    if original.corrects_id or UpgradeSpending.objects.filter(corrects=original).exists():
        raise Refused(_("This payment was taken back already."))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please say why.")]})
    UpgradeFunding.objects.filter(pk=found.pk).update(spent_fen=F("spent_fen") - original.fen)
    line = UpgradeSpending.objects.create(
        community_id=original.community_id,
        upgrade=found.upgrade,
        funding=found,
        spent_on=original.spent_on,
        fen=-original.fen,
        what=original.what,
        payee=original.payee,
        corrects=original,
    )
    act().note(reason=reason.strip())
    act().target(found.upgrade, "took a payment back", {original.what: [original.fen, 0]})
    return line
