"""What a phone asks of the office: the households that it takes along, and the records that it sends."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from lianxin.domain.needs.commands import device_recovery, devices, syncing
from lianxin.domain.people.commands.login import check_own_password
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.problems import busy_for_phone
from lianxin.platform import recovery
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, NotAllowed, Problem

from .gate import pressing

LOG_IN = gettext_lazy("Please log in again, then press “Send”. Nothing is lost.")
DEVICE = "X-Visit-Device"
# Django itself reads no more into memory (DATA_UPLOAD_MAX_MEMORY_SIZE).
MOST_BYTES = 2_000_000
MOST_RECORDS = 200
Answering = Callable[[HttpRequest], HttpResponse]
# Also for what else a phone sends: whoever visits households and is logged in.
visitors_press = pressing


def _answering(view: Answering) -> Answering:
    @wraps(view)
    def answering(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Problem as problem:
            return JsonResponse({"error": syncing.sentence(problem)}, status=problem.status)
        except DatabaseError as error:
            return busy_for_phone(request, error)

    return answering


def _logged_in(view: Answering) -> Answering:
    """Let those who visit households in; a phone whose log-in is over is told so, and led to no page."""
    guarded = pressing(_answering(view))

    @wraps(view)
    def letting_in(request: HttpRequest) -> HttpResponse:
        if actor_of(request).is_anonymous:
            return JsonResponse({"error": str(LOG_IN)}, status=401)
        return guarded(request)

    return letting_in


@_logged_in
def take(request: HttpRequest) -> HttpResponse:
    """Give a phone the worker's planned visits with their households; it gets a word by which it may send them back."""
    at = now()
    asked = _asked(request)
    try:
        name, before = asked.get("name", ""), asked.get("instead_of")
        instead_of = UUID(before) if before else None
        if not isinstance(name, str):
            raise TypeError
    except (AttributeError, TypeError, ValueError):
        raise Invalid(_("What the phone sent cannot be read.")) from None
    taken = devices.take_along(actor=actor_of(request), name=name, instead_of=instead_of, at=at)
    key_id, public = recovery.public_key()
    return JsonResponse(
        {
            "recovery": {"key": key_id, "public": _text(public)},
            "device": str(taken.device.pk),
            "token": taken.token,
            "taken_at": taken.device.taken_at.isoformat(),
            "expires_at": taken.device.expires_at.isoformat(),
            "worker": {"name": actor_of(request).name},
            "community": {"id": str(taken.community.pk), "name": taken.community.short_name},
            **taken.content,
        }
    )


@_logged_in
def recover(request: HttpRequest) -> HttpResponse:
    """Give the key of a phone back to the worker whose it is, who forgot its digits; asked with their password."""
    at = now()
    asked = _asked(request)
    try:
        device, password = UUID(asked["device"]), asked["password"]
        if not isinstance(password, str) or type(asked["key"]) is not int:
            raise TypeError
        wrapped = recovery.Wrapped(
            asked["key"], *(base64.b64decode(asked[name], validate=True) for name in ("ephemeral", "iv", "data"))
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(_("What the phone sent cannot be read.")) from None
    # A log-in that was left open is not enough: the phone may be in other hands.
    if not check_own_password(account=request.account, password=password, at=at):  # type: ignore[attr-defined]
        raise Invalid(fields={"password": [_("This is not your password for the office.")]})
    key = device_recovery.recover(actor=actor_of(request), device=device, wrapped=wrapped, at=at)
    return JsonResponse({"key": _text(key)})


@csrf_exempt
def send(request: HttpRequest) -> HttpResponse:
    """Take records in, from a phone that shows its word, or from whoever is logged in.

    The word is in a header that no other site can make a browser send, so no token of a form is asked with it.
    """
    return _by_word(request) if request.headers.get(DEVICE) else _by_login(request)


@never_cache
@require_POST
@_answering
def _by_word(request: HttpRequest) -> HttpResponse:
    at = now()
    device, actor = devices.sender(token=request.headers[DEVICE][:200], at=at)
    answer = _take(request, lambda records: syncing.take_sent(actor=actor, sent=records, by=device.worker, at=at))
    devices.note_sent(actor=actor, device=device.pk, at=at)
    return answer


@csrf_protect
@_logged_in
def _by_login(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor.account is None:
        raise NotAllowed
    return _take(request, lambda records: syncing.take_sent(actor=actor, sent=records, by=actor.account, at=now()))


def _take(request: HttpRequest, take_sent: Callable[[list[Any]], list[syncing.Answer]]) -> HttpResponse:
    asked = _asked(request)
    records = asked.get("records") if isinstance(asked, dict) else None
    if not isinstance(records, list):
        raise Invalid(_("What the phone sent cannot be read."))
    if len(records) > MOST_RECORDS:
        raise Invalid(_("At most %(most)d records at once.") % {"most": MOST_RECORDS})
    return JsonResponse(
        {
            "answers": [
                {
                    "record": str(one.record) if one.record else None,
                    "state": one.state,
                    "words": one.words,
                    "kept": one.is_kept,
                }
                for one in take_sent(records)
            ]
        }
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _asked(request: HttpRequest) -> Any:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Invalid(_("That is more than one phone sends at once."))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Invalid(_("What the phone sent cannot be read.")) from None
