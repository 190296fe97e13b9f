"""Shop days: announced, with tills that may go without a network, ended when all have sent their sales."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.shop import policy
from lianxin.domain.shop.commands.offline_tills import TillPlan, take_offline
from lianxin.domain.shop.commands.shop_days import add_tills, end_shop_day, open_shop_day
from lianxin.domain.shop.models import Till
from lianxin.domain.shop.queries.stock import StockRow, list_stock
from lianxin.domain.shop.queries.tills import ShopDayRow, TillRow, list_shop_days
from lianxin.domain.shop.queries.tills import find_shop_day as query_day
from lianxin.faces.kit.acting import actor_of, press, tell
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing, NotAllowed, Problem

from ..acting import ActForm, answer_form, day_field
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import ShopDesk, desk_of
from .gate import reading, server_presses, serving
from .words import TILL_TONES

State = Till.State
COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(pgettext_lazy("shop", "Name")),
    Column(pgettext_lazy("shop", "Place")),
    Column(gettext_lazy("Tills"), numeric=True),
    Column(gettext_lazy("Sales without network"), numeric=True),
    Column(gettext_lazy("To be looked at"), numeric=True),
    Column(gettext_lazy("State")),
)
TILL_COLUMNS = (
    Column(gettext_lazy("Till")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Comes back by")),
    Column(gettext_lazy("Sales"), numeric=True),
    Column(gettext_lazy("To be looked at"), numeric=True),
)
DAY_CHOICES = [("1", gettext_lazy("tomorrow")), ("2", gettext_lazy("in two days")), ("7", gettext_lazy("in a week"))]


@reading
def show(request: HttpRequest, community: UUID) -> HttpResponse:
    """List shop days, newest first."""
    desk = desk_of(request, community)
    rows = [_row(row) for row in list_shop_days(actor=desk.actor, community=community)]

    def fetch(_after: str) -> Page:
        return rows, ""

    context = desk.context("shop_days", _("Shop days"))
    context |= {
        "lead": _("A day on which the shop is open with several tills, also where there is no network."),
        "buttons": [(desk.url("shop_day_new"), _("Announce a shop day"))] if desk.serves else [],
        "empty_title": _("No shop day was announced yet."),
        "empty_text": _("Announce one, set up its tills, and let them go without network if there is none."),
        "empty_url": desk.url("shop_day_new") if desk.serves else "",
        "empty_link": _("Announce a shop day"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(rows), place=desk.name)


def _row(row: ShopDayRow) -> Row:
    return Row(
        cells(
            leads(spoken(row.on), "shop_day", shop_day=row.id),
            row.name,
            row.venue_name,
            len(row.tills),
            sum(till.sales for till in row.tills),
            sum(till.differences for till in row.tills),
            Cell(_("ended"), tone="quiet") if row.ended_at else Cell(pgettext("shop day", "open"), tone="done"),
        ),
        pk=row.id,
    )


class DayForm(ActForm):
    """Where, when, and how it is called."""

    venue = forms.ChoiceField(label=pgettext_lazy("shop", "Place"))
    on = day_field(gettext_lazy("Day"))
    name = forms.CharField(label=pgettext_lazy("shop", "Name"), max_length=60, required=False)


@serving
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Announce a shop day."""
    desk = desk_of(request, community)
    form = DayForm(request.POST or None, initial={"on": desk.on})
    form.fields["venue"].choices = desk.places()  # type: ignore[attr-defined]
    return answer_form(
        request,
        form,
        do=lambda wanted: open_shop_day(
            actor=desk.actor, community=community, at=now(), **wanted | {"venue": UUID(wanted["venue"])}
        ),
        then=lambda row: _page(row.pk),
        said=_("Announced. Set up its tills next."),
        title=_("Announce a shop day"),
        button=_("Announce"),
        cancel_url=desk.url("shop_days"),
        crumbs=desk.crumbs((_("Shop days"), desk.url("shop_days")), (_("New"), "")),
    )


def _page(shop_day: UUID) -> str:
    return reverse("staff:shop_day", kwargs={"shop_day": shop_day})


def _open(request: HttpRequest, shop_day: UUID) -> tuple[ShopDesk, ShopDayRow]:
    row = query_day(actor=actor_of(request), shop_day=shop_day)
    desk = desk_of(request, row.community_id)
    [found] = list_shop_days(actor=desk.actor, community=desk.community, shop_day=shop_day)
    return desk, found


def _title(day: ShopDayRow) -> str:
    return _("%(name)s on %(day)s") % {"name": day.name or _("Shop day"), "day": spoken(day.on)}


def _way(desk: ShopDesk, day: ShopDayRow, last: Any) -> Any:
    return desk.crumbs((_("Shop days"), desk.url("shop_days")), (_title(day), _page(day.id)), (last, ""))


@reading
def show_day(request: HttpRequest, shop_day: UUID) -> HttpResponse:
    """Show a shop day with its tills."""
    desk, day = _open(request, shop_day)
    title = _title(day)
    serves = policy.may_serve(desk.actor, desk.community, day.venue) and day.ended_at is None
    named = {"shop_day": shop_day}
    acts = []
    if serves:
        acts.append((reverse("staff:shop_tills_new", kwargs=named), _("Set up tills")))
        if any(till.state == State.OPEN for till in day.tills):
            acts.append((reverse("staff:shop_day_prepare", kwargs=named), _("Let tills go without network")))
    context = desk.context("shop_days", title, (_("Shop days"), desk.url("shop_days")), (title, ""))
    context |= {
        "subtitle": day.venue_name,
        "state_label": _("ended") if day.ended_at else pgettext("shop day", "open"),
        "state_tone": "quiet" if day.ended_at else "done",
        "facts": [
            (pgettext("shop", "Place"), day.venue_name),
            (_("Sales without network"), sum(till.sales for till in day.tills)),
            (_("To be looked at"), sum(till.differences for till in day.tills)),
        ],
        "sections": [
            Section(
                _("Tills"),
                table=small_table(TILL_COLUMNS, [_till_row(till) for till in day.tills]),
                empty=_("No till is set up yet."),
                links=acts,
            )
        ],
        "presses": [Press(reverse("staff:shop_day_end", kwargs=named), _("End the day"))] if serves else [],
    }
    return render(request, "staff/points/record.html", context)


def _till_row(till: TillRow) -> Row:
    state = State(till.state)
    return Row(
        cells(
            leads(till.name, "shop_till", till=till.id),
            Cell(state.label, tone=TILL_TONES[state]),
            till.expires_at if state == State.OFFLINE else "",
            till.sales,
            till.differences,
        ),
        pk=till.id,
    )


class TillsForm(ActForm):
    """What the tills are called."""

    names = forms.CharField(
        label=gettext_lazy("Names of the tills"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One on each line, for example: table 1."),
    )


@serving
def new_tills(request: HttpRequest, shop_day: UUID) -> HttpResponse:
    """Set up tills; the code of each is shown this once."""
    desk, day = _open(request, shop_day)
    form = TillsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_tills(
                actor=desk.actor, shop_day=shop_day, names=form.cleaned_data["names"].splitlines(), at=now()
            )
        except (Missing, NotAllowed):
            raise
        except Problem as problem:
            tell(form, problem)
        else:
            address = request.build_absolute_uri(reverse("staff:till_app"))
            context = desk.context("shop_days", _("Codes of the tills"))
            context["crumbs"] = _way(desk, day, _("Codes"))
            context |= {"slips": [(row.name, f"{address}#{row.token}") for row in made], "day_url": _page(shop_day)}
            return render(request, "staff/shop/till_slips.html", context)
    context = {
        "form": form,
        "title": _("Set up tills"),
        "lead": _("Each till gets a code that is shown once. Scan it with the device that stands at the table."),
        "button": _("Set up"),
        "cancel_url": _page(shop_day),
        "crumbs": _way(desk, day, _("Set up tills")),
    }
    return render(request, "staff/form.html", context, status=422 if form.errors else 200)


class PrepareForm(ActForm):
    """Which tills go, how many pieces each takes along, and when they come back."""

    tills = forms.MultipleChoiceField(label=gettext_lazy("Tills"), widget=forms.CheckboxSelectMultiple)
    days = forms.ChoiceField(
        label=gettext_lazy("They come back"),
        choices=DAY_CHOICES,
        help_text=gettext_lazy("Until then the points of the households are kept aside for them."),
    )

    def __init__(self, *args: Any, tills: list[TillRow], stock: list[StockRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = [(str(till.id), till.name) for till in tills if till.state == State.OPEN]
        self.fields["tills"].choices = ready  # type: ignore[attr-defined]
        self.fields["tills"].initial = [pk for pk, _name in ready]
        self.items: list[tuple[UUID, str]] = []
        for row in stock:
            if row.free <= 0 or row.item_state != "on_sale":
                continue
            name = f"pieces-{row.item}"
            self.items.append((row.item, name))
            self.fields[name] = forms.IntegerField(
                label=_("%(name)s for each till") % {"name": row.name},
                help_text=_("%(free)d are free.") % {"free": row.free},
                min_value=0,
                max_value=row.free,
                required=False,
                initial=row.free // max(len(ready), 1),
            )

    def plans(self) -> list[TillPlan]:
        """Give the plan of each chosen till."""
        pieces = {item: self.cleaned_data[name] for item, name in self.items if self.cleaned_data.get(name)}
        if not pieces:
            raise Invalid(_("Say how many pieces of something each till takes along."))
        return [TillPlan(UUID(pk), pieces) for pk in self.cleaned_data["tills"]]


@serving
def prepare(request: HttpRequest, shop_day: UUID) -> HttpResponse:
    """Let tills go without network: pieces are lent to them, points of the households kept aside."""
    desk, day = _open(request, shop_day)
    if not any(till.state == State.OPEN for till in day.tills):
        return redirect("staff:shop_tills_new", shop_day=shop_day)
    stock = list_stock(actor=desk.actor, community=desk.community, venue=day.venue)
    form = PrepareForm(request.POST or None, tills=day.tills, stock=stock, initial={"days": "2"})

    def do(wanted: dict[str, Any]) -> list[Till]:
        at = now()
        return take_offline(
            actor=desk.actor,
            shop_day=shop_day,
            plans=form.plans(),
            expires_at=at + timedelta(days=int(wanted["days"])),
            at=at,
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _tills: _page(shop_day),
        said=_("The tills may go. Open each with its code while there is still a network, so that it takes all along."),
        title=_("Let tills go without network"),
        lead=_(
            "Each till gets its own pieces and its own part of every household's points, so that nothing is "
            "given out twice."
        ),
        button=_("Let them go"),
        cancel_url=_page(shop_day),
        crumbs=_way(desk, day, _("Without network")),
    )


@server_presses
def end(request: HttpRequest, shop_day: UUID) -> HttpResponse:
    """End a shop day whose tills have all sent their sales."""
    desk, _day = _open(request, shop_day)
    return press(
        request,
        do=lambda: end_shop_day(actor=desk.actor, shop_day=shop_day, at=now()),
        back=_page(shop_day),
        said=_("The shop day has ended."),
    )
