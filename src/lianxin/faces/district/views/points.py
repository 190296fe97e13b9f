"""The communities that keep passbooks, batch by batch, and whether a printed seal is genuine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.programmes import list_batch_members
from lianxin.domain.points import policy
from lianxin.domain.points.models import Book
from lianxin.domain.points.queries.book_dates import BookDates, list_book_dates
from lianxin.domain.points.queries.books import BookRow, list_books
from lianxin.domain.points.queries.seals import find_seal
from lianxin.faces.district.forms.points import BooksFilter, SealForm
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name, asked_subdistrict, communities_of, subdistricts_of
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now

TONES = {Book.State.PREPARING: "due", Book.State.OPEN: "done", Book.State.CLOSED: "quiet"}
FLOWS = ("points_awarded", "points_redeemed", "points_expired")
NO_DATES = BookDates(None, None)


@dataclass(frozen=True)
class Row:
    """One community with its batch and its book."""

    pk: UUID
    name: str
    subdistrict: str
    batch: str
    state: Any
    tone: str
    passbooks: int
    outstanding: int
    awarded: int
    redeemed: int
    expired: int
    switched_on: date | None
    closed_until: date | None
    noticed_on: date | None
    url: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List pilots and every community with a book: what its passbooks hold and what happened this year."""
    at = now()
    actor = request.actor  # type: ignore[attr-defined]
    communities = communities_of(actor)
    choices = subdistricts_of(communities)
    subdistrict = asked_subdistrict(request, choices)
    form = BooksFilter(request, choices)
    wanted = form.asked("book")
    rows = [
        row
        for row in _rows(actor, [one for one in communities if subdistrict in (None, one.parent_id)], local_day(at))
        if not wanted or (wanted == "without") == (row.tone == "")
    ]
    listing = Listing(
        name="points",
        title=_("Points of the communities"),
        place=area_name(actor, communities),
        rows=rows,
        default_sort="name",
        row_template="district/row_points.html",
        cells=_cells,
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Batch"), sort="batch"),
            Column(_("Book"), sort="state"),
            Column(_("Passbooks"), sort="passbooks", numeric=True),
            Column(_("Points out"), sort="outstanding", numeric=True),
            Column(_("Given this year"), sort="awarded", numeric=True),
            Column(_("Redeemed this year"), sort="redeemed", numeric=True),
            Column(_("Expired this year"), sort="expired", numeric=True),
            Column(_("Counts from"), sort="switched_on"),
            Column(_("Closed until"), sort="closed_until"),
            Column(_("Last notice"), sort="noticed_on"),
        ),
    )
    context = {
        "form": form,
        "lead": _("%(books)d communities keep passbooks; %(points)s points are out.")
        % {
            "books": sum(1 for row in rows if row.tone == "done"),
            "points": f"{sum(row.outstanding for row in rows):,}",
        },
        "empty_title": _("No community keeps passbooks yet."),
        "empty_text": _("Name pilots in a programme; each community then prepares its book."),
    }
    return answer(request, listing, shown=shown, template="district/points.html", context=context, at=at)


def _rows(actor: Actor, communities: list[Division], today: date) -> list[Row]:
    books = {row.community: row for row in list_books(actor=actor)} if policy.may_see_points(actor) else {}
    dates = list_book_dates(actor=actor, books=[row.id for row in books.values()])
    flows = facts.figures_by("community", FLOWS, from_on=date(today.year, 1, 1), until_on=date(today.year + 1, 1, 1))
    batches: dict[UUID, list[str]] = {}
    for member in list_batch_members(on=today):
        words = _("%(programme)s, batch %(number)d") % {
            "programme": member.programme.name,
            "number": member.batch.number,
        }
        batches.setdefault(member.community_id, []).append(words)
    return [
        _row(one, batches.get(one.pk, []), books.get(one.pk), dates, flows)
        for one in communities
        if one.pk in books or one.pk in batches
    ]


def _row(one: Division, batches: list[str], book: BookRow | None, dates: Any, flows: Any) -> Row:
    days = dates.get(book.id, NO_DATES) if book else NO_DATES
    awarded, redeemed, expired = (flows[name].get(one.pk, 0) for name in FLOWS)
    return Row(
        pk=one.pk,
        name=one.short_name,
        subdistrict=one.parent.short_name if one.parent else "",
        batch=_("; ").join(batches),
        state=Book.State(book.state).label if book else _("none yet"),
        tone=TONES[Book.State(book.state)] if book else "",
        passbooks=book.passbooks if book else 0,
        outstanding=book.outstanding if book else 0,
        awarded=awarded,
        redeemed=redeemed,
        expired=expired,
        switched_on=book.switched_on if book else None,
        closed_until=days.closed_until,
        noticed_on=days.noticed_on,
        url=url_or_none("staff:points_book", community=one.pk) or "",
    )


def _cells(row: Row) -> tuple[Any, ...]:
    return (
        row.name,
        row.subdistrict,
        row.batch,
        str(row.state),
        row.passbooks,
        row.outstanding,
        row.awarded,
        row.redeemed,
        row.expired,
        row.switched_on,
        row.closed_until,
        row.noticed_on,
    )


@shown_to_offices
def seals(request: HttpRequest) -> HttpResponse:
    """Say whether the code on a notice or receipt is that of a seal, and whether the seal is whole."""
    asked = request.GET.get("code", "").strip()[:40]
    title = _("Check a seal")
    return render(
        request,
        "district/seals.html",
        {
            "form": SealForm(request.GET if asked else None),
            "asked": asked,
            "seal": find_seal(asked) if asked else None,
            "title": title,
            "crumbs": [
                (_("Overview"), reverse("district:overview")),
                (_("Points"), reverse("district:points")),
                (title, ""),
            ],
        },
    )
