"""The till itself: a page that goes on without network, its package, and the sales that it sends.

A device has no login. Its secret, scanned from a slip, lets it fetch the package and send sales, and nothing else;
the page and its worker hold no data.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lianxin.domain.shop.commands.shop_days import find_till, till_actor
from lianxin.domain.shop.commands.till_sales import reconcile
from lianxin.domain.shop.models import Till
from lianxin.domain.shop.queries.till_packages import package
from lianxin.domain.shop.rules.till_sales import Sale
from lianxin.faces.kit.problems import busy_for_phone
from lianxin.platform import keys
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Problem

from ..access import View

SECRET = "X-Till-Secret"  # noqa: S105
MOST_BYTES = 2_000_000


@never_cache
@require_GET
def app(request: HttpRequest) -> HttpResponse:
    """Show the till; it is the same page for everybody."""
    public_keys = {str(key_id): key for key_id, key in keys.ring().public_keys().items()}
    return render(request, "staff/shop/till_app.html", {"words": _words(), "public_keys": public_keys})


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker that keeps the page for when there is no network."""
    return render(request, "staff/shop/till_worker.js", content_type="text/javascript")


def _answering(view: View) -> View:
    @wraps(view)
    def answering(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Problem as problem:
            sentences = [str(one) for field in problem.fields.values() for one in field]
            said = " ".join(sentences) or str(problem.detail)
            return JsonResponse({"error": said}, status=problem.status)
        except DatabaseError as error:
            return busy_for_phone(request, error)

    return answering


@never_cache
@require_GET
@_answering
def give_package(request: HttpRequest) -> HttpResponse:
    """Give a till what it needs to work alone."""
    row = _till(request)
    return JsonResponse(package(actor=till_actor(row), till=row.pk, at=now()))


@csrf_exempt
@never_cache
@require_POST
@_answering
def take_sales(request: HttpRequest) -> HttpResponse:
    """Book what a till sold, and tell it what has to be looked at; the same report again changes nothing."""
    row = _till(request)
    done = reconcile(actor=till_actor(row), till=row.pk, sales=_sales(request), at=now())
    return JsonResponse(
        {
            "booked": done.booked,
            "known": done.known,
            "differences": [{"id": str(sale.pk), "reason": sale.reason} for sale in done.differences],
        }
    )


def _till(request: HttpRequest) -> Till:
    return find_till(request.headers.get(SECRET, "")[:200])


def _sales(request: HttpRequest) -> list[Sale]:
    if len(request.body) > MOST_BYTES:
        raise Invalid(_("That is more than one till can have sold."))
    try:
        return [_sale(one) for one in json.loads(request.body)["sales"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Invalid(_("What the till sent cannot be read.")) from None


def _sale(one: dict[str, Any]) -> Sale:
    sold_at = datetime.fromisoformat(one["sold_at"])
    if sold_at.tzinfo is None or type(one["quantity"]) is not int or type(one["points"]) is not int:
        raise ValueError
    return Sale(
        id=UUID(one["id"]),
        household=UUID(one["household"]),
        item=UUID(one["item"]),
        quantity=one["quantity"],
        points=one["points"],
        sold_at=sold_at,
    )


def _words() -> dict[str, str]:
    """Give what the script says, in the language of the page."""
    return {
        "online": _("There is a network"),
        "offline": _("No network: go on working"),
        "until": _("Send the sales by {day}"),
        "unknown": _("Nobody with this number came along. Let the household come to the counter."),
        "several": _("Choose the household"),
        "left": _("{n} points left at this till"),
        "each": _("{n} points"),
        "pieces": _("{n} left"),
        "limit": _("at most {n} for a household"),
        "total": _("Together: {n} points"),
        "missing": _("{n} points are missing."),
        "nothing": _("Choose at least one thing."),
        "second": _("Tick the second check first."),
        "given": _("Given out for {n} points"),
        "late": _("The time of this till is over. Send its sales."),
        "full": _("This device can keep nothing more, so nothing was given out. Send the sales."),
        "taken": _("Somebody else used this till meanwhile. Look at the numbers again."),
        "household": _("Household {number}"),
        "less": _("One {name} less"),
        "more": _("One {name} more"),
        "undo": _("Take back"),
        "count": _("{n} sales on this device"),
        "waiting": _("Waiting for the network. Keep this page open."),
        "sent": _("{n} sales are booked."),
        "wrong": _("{n} sales have to be looked at in the office:"),
        "not_ready": _("The office has not let this till go yet."),
        "no_network": _("There is no network, and this till has not taken anything along yet."),
        "other": _("This device still has unsent sales of another till. Send them first."),
        "forged": _(
            "What this till took along is not what the office signed. Give nothing out, and show it to the office."
        ),
        "unchecked": _("This device cannot check the office's signature"),
        "refused": _("The sales were not taken: {why}"),
    }
