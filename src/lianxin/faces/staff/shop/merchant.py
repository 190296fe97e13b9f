"""The page of a merchant: take a voucher, look at what was taken, agree to the month's sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.shop.commands.vouchers import take_voucher
from lianxin.domain.shop.queries.vouchers import list_settlements, list_taken
from lianxin.faces.kit.acting import actor_of, carry_out
from lianxin.platform.clock import local_day, now

from ..points.lists import small_table
from ..points.told import Section
from .counter_finding import TakeForm
from .gate import firms_form
from .settlements import COLUMNS, TAKEN_COLUMNS, month_entry, month_words, row_of, taken_rows

# The merchant is the reader; whose sheet it is, is the community's name.
OWN_COLUMNS = (COLUMNS[0], TAKEN_COLUMNS[2], *COLUMNS[2:])


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


@firms_form
def show(request: HttpRequest) -> HttpResponse:
    """Take a voucher, and list those of a month and the sheets."""
    actor = actor_of(request)
    month = _month(request.GET.get("month", ""), local_day(now()))
    form = TakeForm(request.POST or None)
    here = reverse("staff:shop_merchant")
    done = carry_out(
        request,
        form,
        do=lambda wanted: take_voucher(actor=actor, at=now(), **wanted),
        then=lambda _row: here,
        said=lambda row: _("Taken: %(name)s.") % {"name": row.line.item.name},
    )
    if done is not None:
        return done
    vouchers: list[Any] = []
    sheets: list[Any] = []
    for organisation in sorted(actor.organisations):
        vouchers += list_taken(actor=actor, merchant=organisation, month=month)
        sheets += list_settlements(actor=actor, merchant=organisation)
    sections = [
        Section(
            _("Taken in %(month)s") % {"month": month_words(month)},
            table=small_table(TAKEN_COLUMNS, taken_rows(vouchers)),
            empty=_("No voucher was taken in this month."),
        ),
        Section(
            _("Sheets of the months"),
            table=small_table(OWN_COLUMNS, [row_of(row, other=row.community_name) for row in sheets]),
            empty=_("No sheet was drawn up yet. The community does that when a month is over."),
        ),
    ]
    context = {
        "title": _("My vouchers"),
        "form": form,
        "sections": sections,
        "month": month_entry(month),
        "button": _("Take the voucher"),
    }
    return render(request, "staff/shop/merchant.html", context, status=422 if form.errors else 200)
