"""What the shop asks donors for, who gave, and how they were thanked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.commands import supplies as commands
from lianxin.domain.shop.models import SupplyNeed
from lianxin.domain.shop.queries.catalogue import list_items
from lianxin.domain.shop.queries.stock import find_donation, find_need, list_donations, list_needs
from lianxin.faces.kit.acting import actor_of, press
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from ..places.words import yuan
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads
from .desk import ShopDesk, desk_of
from .gate import keeper_presses, keeping, reading
from .words import NEED_TONES, pieces_field

State = SupplyNeed.State
NEED_COLUMNS = (
    Column(gettext_lazy("What is wanted")),
    Column(gettext_lazy("Pieces"), numeric=True),
    Column(gettext_lazy("Came so far"), numeric=True),
    Column(gettext_lazy("Asked on")),
    Column(gettext_lazy("State")),
)
ACT_COLUMN = Column("")
DONATION_COLUMNS = (
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("Donor")),
    Column(gettext_lazy("Goods")),
    Column(gettext_lazy("Pieces"), numeric=True),
    Column(gettext_lazy("Worth")),
    Column(gettext_lazy("Named in public")),
    Column(gettext_lazy("Thanked")),
)


class NeedsFilter(forms.Form):
    """Which needs to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Still wanted")), ("all", gettext_lazy("All"))],
    )


class DonationsFilter(forms.Form):
    """Which donations to see."""

    thanked = forms.ChoiceField(
        label=gettext_lazy("Thanks"),
        required=False,
        choices=[("", gettext_lazy("All")), ("no", gettext_lazy("Not thanked yet"))],
    )


@reading
def needs(request: HttpRequest, community: UUID) -> HttpResponse:
    """List what donors are asked for."""
    desk = desk_of(request, community)
    rows = [_need_row(desk, row) for row in list_needs(community=community, open_only=not request.GET.get("state"))]
    columns = (*NEED_COLUMNS, ACT_COLUMN) if any(row.presses for row in rows) else NEED_COLUMNS

    def fetch(_after: str) -> Page:
        return rows, ""

    context = desk.context("shop_needs", _("Supplies wanted"))
    context |= {
        "form": NeedsFilter(request.GET),
        "lead": _("Residents and partners see this list and may bring something."),
        "buttons": [(desk.url("shop_need_new"), _("Ask for something"))] if desk.keeps else [],
        "empty_title": _("Nothing is asked for."),
        "empty_text": _("Say what the shop is short of, and donors will see it."),
        "empty_url": desk.url("shop_need_new") if desk.keeps else "",
        "empty_link": _("Ask for something"),
    }
    return answer_list(request, columns=columns, fetch=fetch, context=context, count=len(rows), place=desk.name)


def _need_row(desk: ShopDesk, row: SupplyNeed) -> Row:
    named = {"need": row.pk}
    is_open = desk.keeps and row.state == State.OPEN
    return Row(
        cells(
            leads(row.what, "shop_need", need=row.pk) if is_open else row.what,
            row.quantity,
            row.received,
            row.asked_on,
            Cell(State(row.state).label, tone=NEED_TONES[State(row.state)]),
        ),
        pk=row.pk,
        presses=[
            Press(reverse("staff:shop_need_met", kwargs=named), _("There is enough")),
            Press(reverse("staff:shop_need_withdraw", kwargs=named), _("Not wanted any more"), "plain"),
        ]
        if is_open
        else (),
    )


class NeedForm(ActForm):
    """What is wanted, and how much."""

    what = forms.CharField(label=gettext_lazy("What is wanted"), max_length=80)
    quantity = pieces_field(gettext_lazy("Pieces"))


class NewNeedForm(NeedForm):
    """The same, with the goods of the catalogue that it becomes."""

    item = forms.ChoiceField(label=gettext_lazy("Goods of the catalogue"), required=False)


@keeping
def new_need(request: HttpRequest, community: UUID) -> HttpResponse:
    """Ask for something."""
    desk = desk_of(request, community)
    form = NewNeedForm(request.POST or None)
    items = list_items(actor=desk.actor, community=community, on=desk.on)
    goods = [(str(row.item.pk), row.item.name) for row in items if row.item.needs_stock]
    form.fields["item"].choices = [("", _("None")), *goods]  # type: ignore[attr-defined]
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.ask_for_supplies(
            actor=desk.actor,
            community=community,
            at=now(),
            **wanted | {"item": UUID(wanted["item"]) if wanted["item"] else None},
        ),
        then=lambda _row: desk.url("shop_needs"),
        said=_("Donors see it now."),
        title=_("Ask for something"),
        button=_("Ask"),
        cancel_url=desk.url("shop_needs"),
        crumbs=desk.crumbs((_("Supplies wanted"), desk.url("shop_needs")), (_("New"), "")),
    )


@keeping
def change_need(request: HttpRequest, need: UUID) -> HttpResponse:
    """Change what is wanted, or how much."""
    row = find_need(actor=actor_of(request), need=need)
    desk = desk_of(request, row.community_id)

    def do(wanted: dict[str, Any]) -> SupplyNeed:
        wanted.pop("key")
        return commands.change_need(actor=desk.actor, need=need, at=now(), **wanted)

    return answer_form(
        request,
        NeedForm(request.POST or None, initial={"what": row.what, "quantity": row.quantity}),
        do=do,
        then=lambda _row: desk.url("shop_needs"),
        said=_("Changed."),
        title=_("Change what is wanted"),
        lead=_("%(count)d pieces came so far.") % {"count": row.received},
        button=_("Save"),
        cancel_url=desk.url("shop_needs"),
        crumbs=desk.crumbs((_("Supplies wanted"), desk.url("shop_needs")), (row.what, "")),
        also=[(f"{desk.url('shop_receive_donation')}?need={row.pk}", _("Take in a donation for it"), "plain")],
    )


def _end(request: HttpRequest, need: UUID, *, is_met: bool, said: Any) -> HttpResponse:
    row = find_need(actor=actor_of(request), need=need)
    desk = desk_of(request, row.community_id)
    return press(
        request,
        do=lambda: commands.end_need(actor=desk.actor, need=need, is_met=is_met, at=now()),
        back=desk.url("shop_needs"),
        said=said,
    )


@keeper_presses
def met(request: HttpRequest, need: UUID) -> HttpResponse:
    """Ask no longer, there is enough."""
    return _end(request, need, is_met=True, said=_("Noted: there is enough."))


@keeper_presses
def withdraw(request: HttpRequest, need: UUID) -> HttpResponse:
    """Ask no longer, it is not wanted."""
    return _end(request, need, is_met=False, said=_("It is not asked for any more."))


@reading
def donations(request: HttpRequest, community: UUID) -> HttpResponse:
    """List donations, newest first, with who waits for thanks."""
    desk = desk_of(request, community)
    found = list_donations(actor=desk.actor, community=community, unthanked_only=request.GET.get("thanked") == "no")

    def thanks(row: Any) -> Any:
        if row.thanked_at is not None:
            return row.thanked_how
        if not desk.keeps:
            return _("not yet")
        return leads(_("Thank them"), "shop_thank", donation=row.id)

    rows = [
        Row(
            cells(
                row.received_on,
                row.donor_name,
                row.item_name,
                row.quantity,
                "" if row.value_fen is None else yuan(row.value_fen),
                _("yes") if row.wants_name_shown else _("no"),
                thanks(row),
            ),
            pk=row.id,
        )
        for row in found
    ]

    def fetch(_after: str) -> Page:
        return rows, ""

    context = desk.context("shop_donations", _("Donations"))
    context |= {
        "form": DonationsFilter(request.GET),
        "buttons": [(desk.url("shop_receive_donation"), _("Take in a donation"))] if desk.keeps else [],
        "empty_title": _("Nothing was given yet."),
        "empty_text": _("What donors bring is listed here, with how they were thanked."),
        "empty_url": desk.url("shop_receive_donation") if desk.keeps else "",
        "empty_link": _("Take in a donation"),
    }
    return answer_list(
        request, columns=DONATION_COLUMNS, fetch=fetch, context=context, count=len(rows), place=desk.name
    )


class ThankForm(ActForm):
    """How the donor was thanked."""

    how = forms.CharField(
        label=gettext_lazy("How they were thanked"),
        max_length=120,
        help_text=gettext_lazy("For example: a call, a letter, a word on the board."),
    )


@keeping
def thank(request: HttpRequest, donation: UUID) -> HttpResponse:
    """Note how a donor was thanked."""
    row = find_donation(actor=actor_of(request), donation=donation)
    desk = desk_of(request, row.community_id)
    name = row.donor.name if row.donor else row.donor_name
    return answer_form(
        request,
        ThankForm(request.POST or None),
        do=lambda wanted: commands.thank_donor(actor=desk.actor, donation=donation, how=wanted["how"], at=now()),
        then=lambda _row: desk.url("shop_donations"),
        said=_("Noted."),
        title=_("Thank %(name)s") % {"name": name},
        lead=f"{row.move.stock.item.name} × {row.move.quantity}",
        button=_("Note it"),
        cancel_url=desk.url("shop_donations"),
        crumbs=desk.crumbs((_("Donations"), desk.url("shop_donations")), (name, "")),
    )
