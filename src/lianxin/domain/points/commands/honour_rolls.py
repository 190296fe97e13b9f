"""Honour rolls: drawn from what households gave, frozen and signed; names by consent only."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import ConsentReceipt, Household, Person
from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.people.rules.proxies import ADULT_AT
from lianxin.domain.points import policy
from lianxin.domain.points.commands.notices import objection_days, publish_notice
from lianxin.domain.points.ledger import chain
from lianxin.domain.points.models import (
    Account,
    Book,
    Claim,
    HonourEntry,
    HonourOptOut,
    HonourRoll,
    Notice,
    Transfer,
    Txn,
)
from lianxin.domain.points.queries.honour_rolls import opted_out
from lianxin.domain.points.rules import honours
from lianxin.engines.masking import mask_name
from lianxin.platform import keys, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

PURPOSE = "honour_roll"
SHOWN_AS_LENGTH = 60


class RollFrozen(Refused):
    """A published roll stays as it was signed."""

    title = gettext_lazy("This honour roll was published and stays as it is. Draw a new one under another title.")


class RollEmpty(Refused):
    """Nobody earned anything in those days."""

    title = gettext_lazy("No household was given points in these days, so there is no roll to publish.")


@command("points.draw_roll")
def draw_roll(
    *,
    actor: Actor,
    book: UUID,
    title: str,
    starts_on: date,
    ends_on: date,
    size: int,
    at: datetime,
    key: UUID | None = None,
) -> HonourRoll:
    """Rank the households of a book by what they were given in some days; drawing again renews the draft."""
    policy.require(policy.may_keep_rules(actor))
    # No row lock on the book: it would stop every award, as these refer to it.
    locks.advisory(f"points.rolls:{book}")
    register = Book.objects.filter(pk=book).first()
    if register is None:
        raise Missing
    errors: dict[str, list[str]] = {}
    if not title.strip() or len(title.strip()) > 80:
        errors["title"] = [_("Give the roll a title of at most 80 characters.")]
    if ends_on < starts_on:
        errors["ends_on"] = [_("The last day lies before the first day.")]
    if not 0 < size <= honours.MOST_ON_A_ROLL:
        errors["size"] = [_("Choose how many places: from 1 to %(most)d.") % {"most": honours.MOST_ON_A_ROLL}]
    if errors:
        raise Invalid(fields=errors)
    roll = HonourRoll.objects.filter(book=book, title=title.strip(), starts_on=starts_on, ends_on=ends_on).first()
    if roll is not None and roll.state == HonourRoll.State.FROZEN:
        raise RollFrozen
    if roll is None:
        roll = HonourRoll(
            community_id=register.community_id,
            book=register,
            title=title.strip(),
            starts_on=starts_on,
            ends_on=ends_on,
        )
    else:
        roll.version += 1
    roll.size, roll.drawn_at = size, at
    roll.save()
    _place(roll, on=local_day(at))
    act().target(roll, "drawn", {"size": [None, size], "days": [None, [starts_on, ends_on]]})
    return roll


@command("points.freeze_roll")
def freeze_roll(*, actor: Actor, roll: UUID, at: datetime, key: UUID | None = None) -> HonourRoll:
    """Publish a roll: drawn once more, so that corrections and consents taken back since count, signed, and shown."""
    policy.require(policy.may_keep_rules(actor))
    row = locks.lock_one(HonourRoll.objects.filter(pk=roll), rank=locks.RECORD)
    if row is None:
        raise Missing
    if row.state == HonourRoll.State.FROZEN:
        return row  # type: ignore[no-any-return]
    today = local_day(at)
    if row.ends_on > today:
        raise Invalid(_("The days of this roll are not over yet."))
    entries = _place(row, on=today)
    if not entries:
        raise RollEmpty
    row.signed_text = honours.roll_text(
        community=row.community.short_name,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        entries=[_line(entry) for entry in entries],
    )
    row.digest = hashlib.sha256(row.signed_text.encode()).hexdigest()
    row.algorithm, row.key_id, row.signature = keys.sign(honours.signed_bytes(row.digest))
    row.code = chain.code_of(row.digest)
    row.state, row.drawn_at, row.frozen_at, row.frozen_by = HonourRoll.State.FROZEN, at, at, actor.account
    row.version += 1
    row.save()
    publish_notice(
        actor=actor,
        book=row.book_id,
        kind=Notice.Kind.HONOURS,
        title=row.title,
        subject=row.pk,
        shown_from=today,
        shown_until=today + timedelta(days=objection_days(book=row.book_id, on=today) - 1),
        at=at,
    )
    act().target(row, "published", {"code": [None, row.code], "places": [None, len(entries)]})
    return row  # type: ignore[no-any-return]


@command("points.discard_roll")
def discard_roll(*, actor: Actor, roll: UUID, at: datetime, key: UUID | None = None) -> None:
    """Throw a draft away; a published roll stays."""
    policy.require(policy.may_keep_rules(actor))
    row = locks.lock_one(HonourRoll.objects.filter(pk=roll), rank=locks.RECORD)
    if row is None:
        raise Missing
    if row.state == HonourRoll.State.FROZEN:
        raise RollFrozen
    act().target(row, "discarded", {"title": [row.title, None]})
    row.delete()


@command("points.opt_out_of_rolls")
def opt_out(*, actor: Actor, household: UUID, at: datetime, key: UUID | None = None) -> HonourOptOut:
    """Leave a household out of every roll from now on; a grown-up of it says so, or staff write it down."""
    home = _own_or_staffs(actor, household, at)
    with scope.everything():
        row, is_new = HonourOptOut.objects.get_or_create(
            household=home, ended_on=None, defaults={"community_id": home.community_id, "opted_out_on": local_day(at)}
        )
    if is_new:
        act().target(home, "left the honour rolls", {})
    return row


@command("points.opt_in_to_rolls")
def opt_in(*, actor: Actor, household: UUID, at: datetime, key: UUID | None = None) -> int:
    """Let a household be on rolls again, its name still by consent only; give how many entries this ended."""
    home = _own_or_staffs(actor, household, at)
    with scope.everything():
        ended = HonourOptOut.objects.filter(household=home, ended_on=None).update(ended_on=local_day(at))
    if ended:
        act().target(home, "joined the honour rolls", {})
    return ended


def forget_receipts(receipts: Iterable[UUID]) -> int:
    """Mask for good the names that rested on these consents, in entries and published texts; give how many.

    Signatures are over digests and stay valid; the entry keeps its receipt, so that pages can say what happened.
    """
    entries = HonourEntry.objects.filter(receipt__in=list(receipts)).select_related("household")
    changed = 0
    for entry in list(entries.order_by("roll_id", "pk")):
        name, masked = entry.shown_as, mask_name(entry.shown_as)
        if masked == name:
            continue
        entry.shown_as = masked
        entry.save(update_fields=["shown_as"])
        locks.advisory(f"points.roll:{entry.roll_id}")
        roll = HonourRoll.objects.get(pk=entry.roll_id)
        number = entry.household.number if entry.household else ""
        # By place and number, not by the whole line: it was written in the language of who published it.
        roll.signed_text = "\n".join(
            line.replace(name, masked) if line.startswith(f"{entry.position}.") and number in line else line
            for line in roll.signed_text.split("\n")
        )
        roll.erased_names += 1
        roll.save(update_fields=["signed_text", "erased_names"])
        changed += 1
    return changed


def _own_or_staffs(actor: Actor, household: UUID, at: datetime) -> Household:
    home = Household.objects.filter(pk=household).first()
    if home is None:
        raise Missing
    if not policy.may_keep_rules(actor):
        living = Person.objects.filter(household=home, state=Person.State.LIVING)
        member = living.filter(pk=actor.person).first() if actor.person else None
        if member is None:
            raise Missing
        policy.require(_is_grown_up(member, local_day(at)))
    return home


def _is_grown_up(person: Person, on: date) -> bool:
    age = age_on(person.birth_on, on)
    return age is None or age >= ADULT_AT


def _line(entry: HonourEntry) -> str:
    number = entry.household.number if entry.household is not None else "-"
    return honours.entry_text(position=entry.position, shown_as=entry.shown_as, number=number, points=entry.points)


def _place(roll: HonourRoll, *, on: date) -> list[HonourEntry]:
    """Write the entries of a draft anew, as the ledger and the consents are now."""
    given = points_given(book=roll.book_id, starts_on=roll.starts_on, ends_on=roll.ends_on)
    homes = {home.pk: home for home in Household.objects.filter(community=roll.community_id, pk__in=list(given))}
    successors = {pk: home.successor_id for pk, home in homes.items() if home.successor_id}
    counted = honours.follow_successors(given, successors)
    people: dict[UUID, list[Person]] = {}
    living = Person.objects.filter(household__in=list(counted), community=roll.community_id, state=Person.State.LIVING)
    for person in living.order_by("birth_on", "pk"):
        people.setdefault(person.household_id, []).append(person)
    left_out = opted_out(counted)
    # A household of which nobody is left here is not put on show.
    left_out |= {household for household in counted if household not in people}
    placed = honours.rank(counted, size=roll.size, without=left_out)
    receipts = _receipts(person.pk for one in placed for person in people[one.household])
    HonourEntry.objects.filter(roll=roll).delete()
    entries = []
    for one in placed:
        shown_as, receipt = _name(people[one.household], receipts, on)
        entries.append(
            HonourEntry(
                roll=roll,
                position=one.position,
                household_id=one.household,
                points=one.points,
                shown_as=shown_as[:SHOWN_AS_LENGTH],
                receipt=receipt,
            )
        )
    HonourEntry.objects.bulk_create(entries)
    return list(HonourEntry.objects.filter(roll=roll).select_related("household").order_by("position", "pk"))


def _receipts(people: Iterable[UUID]) -> dict[UUID, UUID]:
    # What somebody said in the community where the household lived before counts here too.
    with scope.everything():
        rows = ConsentReceipt.objects.filter(
            person__in=list(people), text__purpose=PURPOSE, withdrawal__isnull=True
        ).order_by("given_at", "pk")
        return dict(rows.values_list("person", "pk"))


def _name(members: list[Person], receipts: dict[UUID, UUID], on: date) -> tuple[str, UUID | None]:
    """Give what is shown of a household: its head or a grown-up member who agreed, else the masked head."""
    ordered = sorted(members, key=lambda person: person.relation != Person.Relation.HEAD)
    for person in ordered:
        if person.pk in receipts and _is_grown_up(person, on):
            return person.name, receipts[person.pk]
    return mask_name(ordered[0].name), None


def points_given(*, book: UUID, starts_on: date, ends_on: date) -> dict[UUID, int]:
    """Add up per household what awards of these days gave, less what was taken back of them, also as a debt.

    Points brought over from paper, moved, handed over or given back with returned goods are no awards.
    """
    days = {"effective_on__gte": starts_on, "effective_on__lte": ends_on}
    awarded = Txn.objects.filter(book=book, kind=Txn.Kind.AWARD, **days)
    given: dict[UUID, int] = dict(
        Transfer.objects.filter(txn__in=awarded.values("pk"), dst__kind=Account.Kind.HOUSEHOLD)
        .values_list("dst__owner")
        .annotate(points=Sum("points"))
        .order_by()
    )
    claims = Claim.objects.filter(book=book, state=Claim.State.REVERSED, txn__in=awarded.values("pk"))
    reversals = Txn.objects.filter(book=book, kind=Txn.Kind.REVERSAL).filter(
        Q(reverses__in=awarded.values("pk")) | Q(source_id__in=claims.values("pk"))
    )
    sides = (Account.Kind.HOUSEHOLD, Account.Kind.DEBT)
    taken = (
        Transfer.objects.filter(txn__in=reversals.values("pk"), src__kind__in=sides)
        .values_list("src__owner")
        .annotate(points=Sum("points"))
        .order_by()
    )
    for household, points in taken:
        given[household] = given.get(household, 0) - points
    return {household: points for household, points in given.items() if points > 0}
