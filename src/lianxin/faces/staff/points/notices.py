"""Public notices: what hangs out, as a page, a poster and a list, and publishing what was given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points.commands.notices import publish_awards
from lianxin.domain.points.models import Notice, Objection
from lianxin.domain.points.queries.notices import (
    MOST_LINES,
    NoticeCard,
    ShownAward,
    StaffNoticePage,
    find_notice_for_staff,
    list_notices_for_staff,
)
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.keyset import keyset_table
from lianxin.platform.errors import Missing

from .desk import Desk, desk_of
from .gate import pressing, reading
from .lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from .told import Section, story_of
from .words import NOTICE_TONES, OBJECTION_TONES

COLUMNS = (
    Column(gettext_lazy("No."), numeric=True),
    Column(gettext_lazy("Title")),
    Column(gettext_lazy("Kind")),
    Column(gettext_lazy("Shown from")),
    Column(gettext_lazy("Until")),
    Column(gettext_lazy("Awards"), numeric=True),
    Column(gettext_lazy("Open objections"), numeric=True),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Seal")),
)
AWARD_COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Who")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("What was done")),
    Column(gettext_lazy("Points"), numeric=True),
    Column(gettext_lazy("State")),
)
OBJECTION_COLUMNS = (
    Column(gettext_lazy("Raised")),
    Column(gettext_lazy("By")),
    Column(gettext_lazy("What is said")),
    Column(gettext_lazy("State")),
)
MOST = 200
SUBJECTS = {
    Notice.Kind.RULES: ("points_rules_version", "rules"),
    Notice.Kind.TAKE_OVER: ("points_take_over", "take_over"),
    Notice.Kind.HONOURS: ("points_roll", "roll"),
}


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what hung out and hangs out in a community, newest first."""
    desk = desk_of(request, community)

    def fetch(_after: str) -> Page:
        return [_row(card) for card in list_notices_for_staff(actor=desk.actor, community=community, limit=MOST)], ""

    context = desk.context("points_notices", _("Public notices"))
    publishes = desk.keeps and desk.book is not None
    context |= {
        "lead": _("What was given in a week hangs out from the Monday after. You can also publish it at once."),
        "presses": [Press(desk.url("points_publish"), _("Publish what was given until now"))] if publishes else [],
        "empty_title": _("Nothing was published yet."),
        "empty_text": _("Awards, rules, paper passbooks and honour rolls hang out here for everybody to see."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _row(card: NoticeCard) -> Row:
    return Row(
        cells(
            card.number,
            leads(card.title, "points_notice", notice=card.id),
            Notice.Kind(card.kind).label,
            card.shown_from,
            card.shown_until,
            card.lines,
            card.open_objections,
            Cell(Notice.State(card.state).label, tone=NOTICE_TONES[Notice.State(card.state)]),
            card.seal_code,
        )
    )


@pressing
def publish(request: HttpRequest, community: UUID) -> HttpResponse:
    """Publish at once what was given and hangs out nowhere yet."""
    desk = desk_of(request, community)
    made: list[Notice | None] = []
    return press(
        request,
        do=lambda: made.append(publish_awards(actor=desk.actor, book=desk.opened.pk, at=desk.at, key=key_of(request))),
        back=desk.url("points_notices"),
        said=_Published(made),
    )


class _Published:
    """The sentence about what was published, made when that is known."""

    def __init__(self, made: list[Notice | None]) -> None:
        self.made = made

    def __str__(self) -> str:
        """Say what hangs out now."""
        notice = self.made[0]
        if notice is None:
            return _("Everything that was given hangs out already.")
        return _("Notice no. %(number)d hangs out until %(day)s.") % {
            "number": notice.number,
            "day": spoken(notice.shown_until),
        }


def open_notice(request: HttpRequest, notice: UUID, limit: int = 100) -> tuple[Desk, StaffNoticePage]:
    """Find a notice in scope and the book of its community."""
    after = request.GET.get("after", "")
    try:
        last = UUID(after) if after else None
    except ValueError:
        raise Missing from None
    told = find_notice_for_staff(actor=actor_of(request), notice=notice, after=last, limit=limit)
    return desk_of(request, told.page.card.community), told


def notice_crumbs(desk: Desk, card: NoticeCard, *more: str) -> list[tuple[Any, str]]:
    """Give the way from the book to a page of one notice."""
    number = _("No. %(number)d") % {"number": card.number}
    way = (_("Public notices"), desk.url("points_notices"))
    if not more:
        return desk.crumbs(way, (number, ""))
    return desk.crumbs(way, (number, reverse("staff:points_notice", args=[card.id])), (more[0], ""))


@reading
def show(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Show a notice with its awards and what was said against them."""
    desk, told = open_notice(request, notice)
    card = told.page.card
    on_show = card.days_left(desk.on) > 0
    rows = [_award_row(one, notice=card.id, objects=on_show and desk.keeps) for one in told.page.lines]
    awards = keyset_table(columns=AWARD_COLUMNS, rows=rows, count=len(rows), after="")
    context = desk.context("points_notices", card.title)
    context |= {
        "crumbs": notice_crumbs(desk, card),
        "subtitle": _("Public notice no. %(number)d of %(community)s")
        % {"number": card.number, "community": desk.name},
        "state_label": Notice.State(card.state).label,
        "state_tone": NOTICE_TONES[Notice.State(card.state)],
        "table": keyset_table(columns=(), rows=(), count=0, after=str(told.page.after or "")),
        "after": request.GET.get("after", ""),
        "sections": [
            *([Section(_("Awards"), table=awards)] if card.kind == Notice.Kind.AWARDS else []),
            Section(_("Objections"), table=_objections(told), empty=_("Nobody has objected.")),
        ],
        "facts": _facts(told),
        "acts": _acts(desk, card, on_show=on_show),
        "entries": story_of(desk.actor, "points.notice", notice),
    }
    return render(request, "staff/points/record.html", context)


def _award_row(one: ShownAward, *, notice: UUID, objects: bool) -> Row:
    url = reverse("staff:points_object", kwargs={"notice": notice})
    state = Cell(_("taken back"), tone="stop") if one.is_taken_back else Cell("")
    if objects and not one.is_taken_back:
        state = Cell(_("Object"), url=f"{url}?claim={one.claim}")
    return Row(
        cells(
            leads(one.done_on, "points_claim", claim=one.claim),
            one.masked_name,
            one.household_number,
            one.item,
            one.points,
            state,
        )
    )


def _objections(told: StaffNoticePage) -> Any:
    return small_table(
        OBJECTION_COLUMNS,
        [
            Row(
                cells(
                    leads(one.raised_at, "points_objection", objection=one.id),
                    one.masked_name or _("not named"),
                    one.text[:80],
                    Cell(Objection.State(one.state).label, tone=OBJECTION_TONES[Objection.State(one.state)]),
                )
            )
            for one in told.objections
        ],
    )


def _facts(told: StaffNoticePage) -> list[tuple[Any, ...]]:
    card = told.page.card
    return [
        (_("Kind"), Notice.Kind(card.kind).label),
        (_("Shown from"), spoken(card.shown_from)),
        (_("Until"), spoken(card.shown_until)),
        *([(_("Awards"), card.lines), (_("Points"), told.page.points)] if card.kind == Notice.Kind.AWARDS else []),
        (_("Objections"), told.page.objections),
        (_("Seal"), card.seal_code or None),
    ]


def _acts(desk: Desk, card: NoticeCard, *, on_show: bool) -> list[tuple[str, str]]:
    named = {"notice": card.id}
    acts = [(reverse("staff:points_notice_sheet", kwargs=named), _("Print it for the board"))]
    if on_show and desk.keeps:
        acts.append((reverse("staff:points_object", kwargs=named), _("Write down an objection")))
    if card.subject and card.kind in SUBJECTS:
        name, argument = SUBJECTS[Notice.Kind(card.kind)]
        acts.append((reverse(f"staff:{name}", kwargs={argument: card.subject}), _("What it shows")))
    return acts


@reading
def sheet(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Draw a notice as it is pinned to the board, names masked."""
    desk, told = open_notice(request, notice, limit=MOST_LINES)
    card = told.page.card
    public = url_or_none("resident:points_notice", notice) or reverse("staff:points_notice", args=[notice])
    context = {
        "told": told,
        "card": card,
        "sheet_title": card.title,
        "sheet_place": _("%(community)s · public notice no. %(number)d")
        % {"community": told.page.community_name, "number": card.number},
        "sheet_period": f"{spoken(card.shown_from)} – {spoken(card.shown_until)}",
        "sheet_url": request.build_absolute_uri(public),
        "printed_at": desk.at,
        "back_url": reverse("staff:points_notice", args=[notice]),
    }
    return render(request, "staff/points/notice_sheet.html", context)
