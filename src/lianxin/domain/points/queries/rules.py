"""A book's rules: which version was in force on a day, and its terms for deciding."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from lianxin.domain.points.models import Book, RulesDraft, RulesVersion
from lianxin.domain.points.rules.deciding import Cap, Item, Terms, terms_on
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_MET = 500


def rules_in_force(book: UUID, on: date) -> RulesVersion | None:
    """Give the version of a book's rules in force on a day, or None; within an active scope."""
    terms = terms_on(load_terms([book]).get(book, ()), on)
    return None if terms is None or terms.id is None else RulesVersion.objects.get(pk=terms.id)


def load_terms(books: Iterable[UUID]) -> dict[UUID, list[Terms]]:
    """Give every version of these books' rules with its items and caps, oldest first.

    One query, since a version never changes once it is published and is kept here; only its end may come later. What
    this process has not met yet takes three more.
    """
    rows = RulesVersion.objects.filter(book__in=set(books)).order_by("book", "number")
    ends = list(rows.values_list("book", "pk", "end__ended_on"))
    if missing := [pk for _book, pk, _ended_on in ends if pk not in _met]:
        _meet(missing)
    found: dict[UUID, list[Terms]] = {}
    for book, pk, ended_on in ends:
        terms = _met[pk]
        found.setdefault(book, []).append(terms if terms.ended_on == ended_on else replace(terms, ended_on=ended_on))
    return found


_met: dict[UUID, Terms] = {}


def _meet(versions: Sequence[UUID]) -> None:
    rows = RulesVersion.objects.filter(pk__in=versions).select_related("end").prefetch_related("items__caps")
    fresh = {version.pk: terms_of(version) for version in rows}
    if len(_met) > MOST_MET:
        _met.clear()
    _met.update(fresh)


def terms_of(version: RulesVersion) -> Terms:
    """Give the terms of one version, items in their order."""
    return Terms(
        id=version.pk,
        book=version.book_id,
        number=version.number,
        effective_from=version.effective_from,
        ended_on=version.end.ended_on if hasattr(version, "end") else None,
        second_person_above=version.second_person_above,
        expiry=version.expiry,
        expiry_months=version.expiry_months,
        items=tuple(
            Item(
                id=row.pk,
                code=row.code,
                act_kind=row.act_kind,
                title=row.title,
                points=row.points,
                unit=row.unit,
                per=row.per,
                most_quantity=row.most_quantity,
                awarders=frozenset(row.awarders),
                valid_months=row.valid_months,
                evidence=row.evidence,
                caps=tuple(
                    Cap(cap.subject, cap.every, cap.points)
                    for cap in sorted(row.caps.all(), key=lambda cap: (cap.subject, cap.every))
                ),
            )
            for row in sorted(version.items.all(), key=lambda row: (row.position, row.pk))
        ),
    )


def list_versions(*, actor: Actor, book: UUID) -> list[RulesVersion]:
    """List the published versions of a book's rules, newest first, with items and caps; everybody in scope may."""
    with scope.within(actor.communities):
        rows = RulesVersion.objects.filter(book=book).select_related("end").prefetch_related("items__caps")
        return list(rows.order_by("-number"))


def find_version(*, actor: Actor, rules: UUID) -> RulesVersion:
    """Give one version with its items and caps; raises Missing."""
    with scope.within(actor.communities):
        rows = RulesVersion.objects.filter(pk=rules).select_related("end", "book")
        found = rows.prefetch_related("items__caps").first()
    if found is None:
        raise Missing
    return found


def find_rules_of_community(*, actor: Actor, community: UUID, on: date) -> RulesVersion | None:
    """Give the rules in force in a community with their items and caps, or None; everybody in scope may."""
    with scope.within(actor.communities):
        book = Book.objects.filter(community=community).exclude(state=Book.State.CLOSED).first()
        version = rules_in_force(book.pk, on) if book else None
    return None if version is None else find_version(actor=actor, rules=version.pk)


def find_draft(*, actor: Actor, book: UUID) -> RulesDraft | None:
    """Give the draft that is being written for a book, or None; only for those who keep rules."""
    from lianxin.domain.points import policy

    policy.require(policy.may_keep_rules(actor))
    with scope.within(actor.communities):
        return RulesDraft.objects.filter(book=book, state=RulesDraft.State.EDITING).first()


def name_items(rules: Sequence[UUID]) -> dict[UUID, str]:
    """Give the titles of the items of these versions, within an active scope."""
    from lianxin.domain.points.models import RuleItem

    return dict(RuleItem.objects.filter(version__in=set(rules)).values_list("pk", "title"))
