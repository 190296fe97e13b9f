"""A community's rules as everybody may read them: what is in force, and what is shown before it begins."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from lianxin.domain.points.models import Book, RuleItem, RulesVersion
from lianxin.platform import scope
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class PublicRules:
    """The book of a community with its rules on a day; `book` is None where none is kept."""

    book: UUID | None
    book_state: str
    switched_on: date | None
    in_force: RulesVersion | None
    coming: list[RulesVersion]


def rules_for_everybody(*, community: UUID, on: date) -> PublicRules:
    """Give the rules of a community in force on a day, and those on show that begin later; at most five queries."""
    with scope.within([community]):
        book = Book.objects.filter(community=community).exclude(state=Book.State.CLOSED).first()
        if book is None:
            return PublicRules(None, "", None, None, [])
        rows = RulesVersion.objects.filter(book=book, notice_from__lte=on).select_related("end")
        stands = list(rows.exclude(end__ended_on__lte=F("effective_from")).order_by("-number"))
        newest = next((row for row in stands if row.effective_from <= on), None)
        is_over = newest is not None and hasattr(newest, "end") and newest.end.ended_on <= on
        if newest is not None and not is_over:
            newest = rows.prefetch_related("items__caps").get(pk=newest.pk)
        return PublicRules(
            book=book.pk,
            book_state=book.state,
            switched_on=book.switched_on,
            in_force=None if is_over else newest,
            coming=[row for row in stands if row.effective_from > on],
        )


def find_public_version(*, community: UUID, rules: UUID, on: date) -> RulesVersion:
    """Give one published version of a community's rules with its items and caps, for everybody; raises Missing."""
    with scope.within([community]):
        rows = RulesVersion.objects.filter(pk=rules, book__community=community, notice_from__lte=on)
        found = rows.select_related("end").prefetch_related("items__caps").first()
    if found is None:
        raise Missing
    return found


def items_in_order(version: RulesVersion) -> list[RuleItem]:
    """Give the items of a version that was read with them, in their order."""
    return sorted(version.items.all(), key=lambda row: (row.position, row.pk))
