"""What becomes of an order at the counter: handed out, cancelled, brought back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.shop.commands.collecting import collect
from lianxin.domain.shop.commands.reservations import cancel
from lianxin.domain.shop.commands.returns import return_lines
from lianxin.domain.shop.commands.vouchers import give_back_voucher
from lianxin.domain.shop.models import Item
from lianxin.domain.shop.queries.orders import Order, at_counter, find_voucher
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid

from ..acting import REASON, ActForm, answer_form
from .desk import ShopDesk, desk_of
from .gate import serving
from .orders import open_order, page_of, title_of
from .words import CHECK_CHOICES, lines_words

BACK_TO = [("shelf", gettext_lazy("Back into stock")), ("gone", gettext_lazy("Spoiled, it is written off"))]


class ChecksForm(ActForm):
    """Who collects, and how that was made sure."""

    person = forms.ChoiceField(label=gettext_lazy("Who collects"), required=False, widget=forms.RadioSelect)
    checks = forms.MultipleChoiceField(
        label=gettext_lazy("How you made sure"),
        choices=CHECK_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: list[tuple[UUID, str]], above: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(pk), name) for pk, name in people]
        self.fields["person"].choices = [*named, ("", _("Somebody else, or not known"))]  # type: ignore[attr-defined]
        self.fields["checks"].help_text = _(
            "Above %(points)d points two are needed: the code or card, and a document with a photo "
            "or somebody known in person."
        ) % {"points": above}

    def who(self) -> UUID | None:
        """Give who collects."""
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


def _way(desk: ShopDesk, order: Order, last: Any) -> dict[str, Any]:
    back = page_of(order.id)
    crumbs = desk.crumbs((_("Orders"), desk.url("shop_orders")), (title_of(order), back), (last, ""))
    lead = _("%(what)s: %(points)d points") % {"what": lines_words(order.lines), "points": order.points}
    return {"crumbs": crumbs, "cancel_url": back, "lead": lead}


@serving
def hand_out(request: HttpRequest, order: UUID) -> HttpResponse:
    """Hand an order out: its points are spent now."""
    desk, found = open_order(request, order)
    view = at_counter(actor=desk.actor, household=found.household, on=desk.on)
    shown = request.GET.get("shown", "")
    form = ChecksForm(
        request.POST or None,
        people=view.people,
        above=view.terms.identity_check_above,
        initial={"checks": [shown] if shown in dict(CHECK_CHOICES) else [], "person": ""},
    )
    return answer_form(
        request,
        form,
        do=lambda wanted: collect(
            actor=desk.actor,
            redemption=order,
            checks=wanted["checks"],
            person=form.who(),
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: page_of(order),
        said=_("Handed out. The receipt can be printed."),
        title=_("Hand out the order of household %(number)s") % {"number": found.household_number},
        button=_("Hand it out"),
        **_way(desk, found, _("Hand it out")),
    )


class CancelForm(ActForm):
    """Why an order is cancelled."""

    reason = forms.CharField(label=REASON, max_length=200, required=False)


@serving
def call_off(request: HttpRequest, order: UUID) -> HttpResponse:
    """Cancel an order: its points and pieces are free again."""
    desk, found = open_order(request, order)
    return answer_form(
        request,
        CancelForm(request.POST or None),
        do=lambda wanted: cancel(actor=desk.actor, redemption=order, at=now(), **wanted),
        then=lambda _row: page_of(order),
        said=_("Cancelled. The points are free again."),
        title=_("Cancel the order of household %(number)s") % {"number": found.household_number},
        button=_("Cancel the order"),
        **_way(desk, found, _("Cancel it")),
    )


class ReturnForm(ActForm):
    """How many pieces of each thing come back, where they go, and why."""

    to_stock = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"), choices=BACK_TO, widget=forms.RadioSelect, initial="shelf"
    )
    reason = forms.CharField(label=REASON, max_length=200)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = []
        for line in order.lines:
            left = line.quantity - line.quantity_returned
            if line.kind == Item.Kind.SERVICE or not left:
                continue
            name = f"pieces-{line.item}"
            self.fields[name] = forms.IntegerField(
                label=_("%(name)s (at most %(most)d)") % {"name": line.name, "most": left},
                min_value=0,
                max_value=left,
                required=False,
                initial=0,
            )
            self.items.append((line.item, name))
        self.order_fields([name for _item, name in self.items])

    def pieces(self) -> dict[UUID, int]:
        """Give what comes back."""
        return {item: self.cleaned_data[name] for item, name in self.items if self.cleaned_data[name]}


@serving
def take_back(request: HttpRequest, order: UUID) -> HttpResponse:
    """Take pieces of an order back; their points return to the household."""
    desk, found = open_order(request, order)
    form = ReturnForm(request.POST or None, order=found)

    def do(wanted: dict[str, Any]) -> Any:
        pieces = form.pieces()
        if not pieces:
            raise Invalid(_("Say how many pieces come back."))
        return return_lines(
            actor=desk.actor,
            redemption=order,
            pieces=pieces,
            to_stock=wanted["to_stock"] == "shelf",
            reason=wanted["reason"],
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: page_of(order),
        said=lambda done: _("Taken back. %(points)d points are in the passbook again.") % {"points": done.points},
        title=_("Take something back from household %(number)s") % {"number": found.household_number},
        button=_("Take it back"),
        **_way(desk, found, _("Take something back")),
    )


@serving
def voucher_back(request: HttpRequest, voucher: UUID) -> HttpResponse:
    """Give an unused voucher back for its points."""
    row = find_voucher(actor=actor_of(request), voucher=voucher)
    desk = desk_of(request, row.community_id)
    back = page_of(row.line.redemption_id)
    return answer_form(
        request,
        CancelForm(request.POST or None),
        do=lambda wanted: give_back_voucher(actor=desk.actor, voucher=voucher, at=now(), **wanted),
        then=lambda _row: back,
        said=_("The voucher is void, and its points are in the passbook again."),
        title=_("Give the voucher back"),
        lead=_("%(name)s, %(points)d points") % {"name": row.line.item.name, "points": row.line.unit_points},
        button=_("Give it back"),
        cancel_url=back,
        crumbs=desk.crumbs((_("Orders"), desk.url("shop_orders")), (_("Voucher"), "")),
    )
