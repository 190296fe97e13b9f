"""Pictures to and fro: those that a questionnaire shows, and photographs taken at a door, which follow its record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from lianxin.domain.needs.commands import devices, syncing
from lianxin.domain.needs.queries.survey_devices import find_picture
from lianxin.domain.needs.queries.visits import find_visit
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.problems import busy_for_phone
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing, Problem, Refused

from .gate import reading
from .phone import DEVICE, visitors_press

MOST_BYTES = 8 * 1024 * 1024


@reading
def picture(request: HttpRequest) -> Any:
    """Give a picture that a questionnaire shows: `?version=` of the questionnaire and `&name=` of the picture."""
    try:
        version = UUID(request.GET.get("version", ""))
    except ValueError:
        raise Missing from None
    stored = find_picture(version=version, name=request.GET.get("name", ""))
    return FileResponse(files.open_file(file=stored), content_type=stored.content_type)


@csrf_exempt
def take(request: HttpRequest) -> HttpResponse:
    """Take a photograph in, from a phone that shows its word, or from whoever is logged in."""
    return _by_word(request) if request.headers.get(DEVICE) else _by_login(request)


@never_cache
@require_POST
def _by_word(request: HttpRequest) -> HttpResponse:
    return _answer(request, at=now())


@csrf_protect
@visitors_press
def _by_login(request: HttpRequest) -> HttpResponse:
    return _answer(request, actor_of(request), at=now())


def _answer(request: HttpRequest, actor: Actor | None = None, *, at: datetime) -> HttpResponse:
    try:
        if actor is None:
            actor = devices.sender(token=request.headers[DEVICE][:200], at=at)[1]
        _put(request, actor, at=at)
    except Problem as problem:
        return JsonResponse({"error": syncing.sentence(problem)}, status=problem.status)
    except DatabaseError as error:
        return busy_for_phone(request, error)
    return JsonResponse({"kept": True})


def _put(request: HttpRequest, actor: Actor, *, at: datetime) -> None:
    from lianxin.domain.needs.commands.submissions import put_file

    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise Invalid(_("This photograph is larger than 8 MB. Take it again with fewer pixels."))
    photo = request.FILES.get("photo")
    try:
        visit, record = UUID(request.POST.get("visit", "")), UUID(request.POST.get("record", ""))
    except ValueError:
        photo = None
    if photo is None:
        raise Invalid(_("What the phone sent cannot be read."))
    with scope.within(actor.communities):
        row = find_visit(actor=actor, visit=visit)
        if row.submission_id is None or row.device_record != record:
            raise Refused(_("The photographs wait until the office has decided which record of the visit counts."))
        name = request.POST.get("name", "")
        put_file(actor=actor, submission=row.submission_id, name=name, data=photo.read(), at=at)
