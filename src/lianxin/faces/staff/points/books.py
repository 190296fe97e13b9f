"""The first page of points: my communities' books, one of them at a glance, and its first steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.domain.points import policy
from lianxin.domain.points.commands.books import prepare_book, switch_on
from lianxin.domain.points.models import Book
from lianxin.domain.points.queries.books import list_books
from lianxin.domain.points.queries.overviews import Overview, book_overview
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Missing
from lianxin.platform.ids import new_id

from ..acting import ActForm, answer_form, day_field
from .desk import Desk, desk_of
from .gate import button_for, form_for, looking_on, reading
from .lists import Cell, Page, Row, answer_list, cells, leads
from .words import BOOK_TONES

COLUMNS = (
    Column(gettext_lazy("Community")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Counts from")),
    Column(gettext_lazy("Passbooks"), numeric=True),
    Column(gettext_lazy("Points in passbooks"), numeric=True),
    Column(gettext_lazy("Kept aside"), numeric=True),
)


def _mine(actor: Actor) -> list[Any]:
    return [row for row in divisions.list_divisions(level=Level.COMMUNITY) if actor.covers(row.pk)]


@looking_on
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the one book, or list those of all my communities."""
    actor = actor_of(request)
    communities = _mine(actor)
    if not policy.may_see_points(actor):
        if not communities:
            raise Missing
        return redirect("staff:points_award", community=communities[0].pk)
    if len(communities) == 1:
        return redirect("staff:points_book", community=communities[0].pk)

    def fetch(_after: str) -> Page:
        books = {row.community: row for row in list_books(actor=actor)}
        rows = []
        for community in communities:
            book = books.get(community.pk)
            state = (
                Cell(Book.State(book.state).label, tone=BOOK_TONES[Book.State(book.state)])
                if book
                else Cell(_("none yet"))
            )
            figures = (book.switched_on, book.passbooks, book.outstanding, book.held) if book else ("", 0, 0, 0)
            name = leads(community.short_name, "points_book", community=community.pk)
            rows.append(Row(cells(name, state, *figures)))
        return rows, ""

    return answer_list(
        request,
        columns=COLUMNS,
        fetch=fetch,
        count=len(communities),
        context={"title": _("Points"), "lead": _("The books of your communities, each with its own rules.")},
    )


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """Show a community's book at a glance, or the first step towards one."""
    desk = desk_of(request, community)
    context = desk.context("points_book", _("Points of %(community)s") % {"community": desk.name})
    if desk.book is None:
        may = desk.keeps or policy.may_switch_on(desk.actor)
        context |= {"tabs": [], "prepare_url": desk.url("points_prepare") if may else "", "key": new_id()}
        return render(request, "staff/points/no_book.html", context)
    told = book_overview(actor=desk.actor, book=desk.book.pk, on=desk.on)
    context |= {
        "told": told,
        "state_label": Book.State(told.book.state).label,
        "state_tone": BOOK_TONES[Book.State(told.book.state)],
        "steps": _steps(desk, told),
        "shop_url": url_or_none("staff:shop") or "",
        "awards": policy.may_award_something(desk.actor),
        "general": [row for row in told.budgets if row.is_general],
    }
    return render(request, "staff/points/book.html", context)


def _steps(desk: Desk, told: Overview) -> list[tuple[Any, Any, str, bool]]:
    """Give what a book needs before it counts: word, hint, where to do it, whether it is done."""
    has_rules = bool(told.rules or told.coming)
    on_notice = _("On public notice, they begin on %(day)s.")
    hint = on_notice % {"day": spoken(told.coming.effective_from)} if told.coming and not told.rules else ""
    steps = [
        (_("Write the rules and publish them with the minutes of the assembly"), hint, "points_rules", has_rules),
        (_("Set a general budget for the year"), "", "points_budgets", any(row.is_general for row in told.budgets)),
        (
            _("Switch points on from a day"),
            "" if policy.may_switch_on(desk.actor) else _("The subdistrict's office or the department does this."),
            "points_switch_on" if policy.may_switch_on(desk.actor) else "",
            told.book.state == Book.State.OPEN,
        ),
        (
            _("Take paper passbooks over, if there are any"),
            _("Only where points were kept on paper before."),
            "points_take_overs",
            told.accounts > 0,
        ),
    ]
    if all(done for _word, _hint, _page, done in steps[:3]):
        return []
    return [(word, text, desk.url(page) if page else "", done) for word, text, page, done in steps]


def _may_prepare(actor: Actor) -> bool:
    return policy.may_keep_rules(actor) or policy.may_switch_on(actor)


@button_for(_may_prepare)
def prepare(request: HttpRequest, community: UUID) -> HttpResponse:
    """Make a community's book."""
    desk = desk_of(request, community)
    return press(
        request,
        do=lambda: prepare_book(actor=desk.actor, community=community, at=desk.at, key=key_of(request)),
        back=desk.url("points_book"),
        said=_("The book is prepared. Write the rules next."),
    )


class SwitchOnForm(ActForm):
    """From which day points count."""

    on = day_field(
        gettext_lazy("First day"),
        help_text=gettext_lazy("Acts of earlier days earn nothing. The day can be changed until points are given."),
    )


@form_for(policy.may_switch_on)
def switch(request: HttpRequest, community: UUID) -> HttpResponse:
    """Say from which day points count in a community."""
    desk = desk_of(request, community)
    book = desk.opened
    back = desk.url("points_book")
    form = SwitchOnForm(request.POST or None, initial={"on": book.switched_on or desk.on})
    return answer_form(
        request,
        form,
        do=lambda wanted: switch_on(actor=desk.actor, book=book.pk, at=now(), **wanted),
        then=lambda _row: back,
        said=lambda row: _("Points count from %(day)s.") % {"day": spoken(row.switched_on)},
        title=_("Switch points on in %(community)s") % {"community": desk.name},
        button=_("Switch on"),
        cancel_url=back,
        crumbs=desk.crumbs((_("Switch on"), "")),
    )


def book_url(community: UUID) -> str:
    """Give the first page of a community's book."""
    return reverse("staff:points_book", kwargs={"community": community})
