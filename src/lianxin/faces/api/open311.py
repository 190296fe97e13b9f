"""The Open311 server: GeoReport v2 with service discovery, and updates of requests as a further resource.

Reading needs no key and shows public cases only. What is posted becomes a case that staff look at first, so that the
service types are of the kind "batch": a token comes back, and the request's id once the case is public.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.voice.commands import open311 as commands
from lianxin.domain.voice.commands import programs
from lianxin.domain.voice.models import Program
from lianxin.domain.voice.queries import open311 as queries
from lianxin.domain.voice.rules import open311 as rules
from lianxin.domain.voice.rules import receipts
from lianxin.faces.kit.problems import busy_of
from lianxin.platform import files, scope
from lianxin.platform.clock import now
from lianxin.platform.errors import Busy, Invalid, Missing, Problem

from .open311_answers import Format, answer, errors, moment

LARGEST_POST = 65_536
FORM = "application/x-www-form-urlencoded"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# Changes when service types or their definitions do.
CHANGESET = "2026-11-23 00:00"
View = Callable[..., HttpResponse]


class NoKey(Problem):
    """A key is missing, or nobody has it."""

    status = 403


class BadRequest(Problem):
    """The request itself cannot be read."""


def open311(*methods: str) -> Callable[[View], View]:
    """Make a view of the protocol: in the format that the address ends with, with errors of its kind."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, form: str, **named: Any) -> HttpResponse:
            wanted: Format = "json" if form == "json" else "xml"
            try:
                if form not in ("xml", "json"):
                    raise BadRequest(_("End the address with .xml or .json."))
                if request.method not in methods:
                    raise BadRequest(_("This address takes %(methods)s.") % {"methods": ", ".join(methods)})
                _check_jurisdiction(request.GET)
                return view(request, form=wanted, **named)
            except Problem as problem:
                return _refused(problem, wanted)
            except DatabaseError as error:
                busy = busy_of(error, request=request)
                if busy is None:
                    raise
                return _refused(Busy(), wanted)

        return answered

    return decorate


@open311("GET", "HEAD")
def discovery(request: HttpRequest, form: Format) -> HttpResponse:
    """Tell where the server is and how a program gets a key."""
    district = find_district()
    content = {
        "changeset": CHANGESET,
        "contact": _("%(district)s, the department that runs this site") % {"district": district.short_name},
        "key_service": _("Ask the department for a key; it tells what your program may do and until when."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri(reverse("open311:root")).rstrip("/"),
                "changeset": CHANGESET,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return answer("discovery", content, form=form)


@open311("GET", "HEAD")
def services(request: HttpRequest, form: Format) -> HttpResponse:
    """List the service types."""
    rows = [
        {
            "service_code": one.code,
            "service_name": str(one.name),
            "description": str(one.description),
            "metadata": True,
            "type": "batch",
            "keywords": ", ".join(map(str, one.keywords)),
            "group": str(one.group),
        }
        for one in rules.SERVICES
    ]
    return answer("services", rows, form=form)


@open311("GET", "HEAD")
def service(request: HttpRequest, form: Format, code: str) -> HttpResponse:
    """Tell what more is asked with a service type."""
    if commands.check_service(code) is None:
        raise Missing(_("There is no service_code “%(code)s”.") % {"code": code[:40]})
    attributes = [
        {
            "variable": True,
            "code": "community",
            "datatype": "singlevaluelist",
            "required": False,
            "datatype_description": _("Needed where neither lat and long nor an address_id is sent."),
            "order": 1,
            "description": _("In which community is it?"),
            "values": [{"key": one.code, "name": one.short_name} for one in queries.list_communities()],
        },
        {
            "variable": False,
            "code": "danger",
            "datatype": "text",
            "required": False,
            "datatype_description": "",
            "order": 2,
            "description": _("In danger call 110, 119 or 120 first."),
            "values": [],
        },
    ]
    return answer("service_definition", {"service_code": code, "attributes": attributes}, form=form)


@open311("GET", "HEAD", "POST")
def requests(request: HttpRequest, form: Format) -> HttpResponse:
    """List public requests, or take one in."""
    if request.method == "POST":
        return _post(request, form)
    ids = rules.listed(request.GET.getlist("service_request_id"))
    if ids:
        found = queries.find_requests(_uuids(ids))
    else:
        since, until = rules.window(request.GET.get("start_date", ""), request.GET.get("end_date", ""), at=now())
        codes = rules.listed(request.GET.getlist("service_code"))
        start, most = _page(request)
        found = queries.list_requests(
            since=since,
            until=until,
            codes=rules.known_codes(codes) if codes else None,
            statuses=rules.statuses(request.GET.getlist("status")),
            start=start,
            most=most,
        )
    return answer("service_requests", [_shown(request, one) for one in found], form=form)


@open311("GET", "HEAD")
def one_request(request: HttpRequest, form: Format, request_id: str) -> HttpResponse:
    """Give one public request; what is not public does not exist here."""
    found = queries.find_requests(_uuids([request_id]))
    if not found:
        raise Missing(_("There is no public request with this service_request_id."))
    return answer("service_requests", [_shown(request, found[0])], form=form)


@open311("GET", "HEAD")
def token(request: HttpRequest, form: Format, token: str) -> HttpResponse:
    """Give the id of what was posted, once its case is public."""
    number, _mark, word = token.partition("-")
    case = queries.find_by_token(number, word) if _mark else None
    if case is None:
        raise Missing(_("Nothing public has this token. A case is looked at before it is shown; ask again tomorrow."))
    return answer("service_requests", [{"service_request_id": str(case), "token": token}], form=form)


@open311("GET", "HEAD")
def updates(request: HttpRequest, form: Format) -> HttpResponse:
    """List what was done about public requests (a further resource, as other servers have it)."""
    since, until = rules.window(request.GET.get("start_date", ""), request.GET.get("end_date", ""), at=now())
    ids = rules.listed(request.GET.getlist("service_request_id"))
    start, most = _page(request)
    found = queries.list_updates(since=since, until=until, cases=_uuids(ids) if ids else None, start=start, most=most)
    rows = [
        {
            "update_id": str(one.id),
            "service_request_id": str(one.case),
            "status": rules.status_of(one.state).upper(),
            "updated_datetime": moment(one.at),
            "description": one.words,
            "media_url": "",
        }
        for one in found
    ]
    return answer("service_request_updates", rows, form=form)


def media(request: HttpRequest, picture: UUID) -> Any:
    """Give a public picture of a public case."""
    file = queries.find_picture(picture)
    if file is None or request.method not in ("GET", "HEAD"):
        return errors([(404, _("There is no such picture."))], form="xml", status=404)
    found = files.find_file(file)
    return FileResponse(files.open_file(file=found), content_type=found.content_type)


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Say that an address is none of the protocol's."""
    return errors(
        [(404, _("There is nothing at this address."))], form="json" if rest.endswith(".json") else "xml", status=404
    )


def _post(request: HttpRequest, form: Format) -> HttpResponse:
    sent = _read(request)
    _check_jurisdiction(sent)
    at = now()
    program = _program(sent.get("api_key", ""), at=at)
    code = sent.get("service_code", "").strip()
    if not code:
        raise BadRequest(_("service_code is missing."))
    if commands.check_service(code) is None:
        raise Missing(_("There is no service_code “%(code)s”.") % {"code": code[:40]})
    if len(sent.get("description", "")) > rules.LONGEST_DESCRIPTION:
        raise BadRequest(_("description has more than %(most)d characters.") % {"most": rules.LONGEST_DESCRIPTION})
    community, point, venue = commands.place_of(
        lat=sent.get("lat", "").strip(),
        long=sent.get("long", "").strip(),
        address_id=sent.get("address_id", "").strip(),
        community=sent.get("attribute[community]", "").strip(),
    )
    name = f"{sent.get('last_name', '').strip()}{sent.get('first_name', '').strip()}"
    with scope.within(frozenset({community})):
        row = commands.receive(
            actor=programs.program_actor(program, frozenset({community})),
            program=program,
            service_code=code,
            description=sent.get("description", ""),
            community=community,
            lng=None if point is None else point.lng,
            lat=None if point is None else point.lat,
            venue=venue,
            address=sent.get("address_string", "").strip(),
            name=name,
            phone=sent.get("phone", "").strip(),
            sent_key=request.headers.get("Idempotency-Key", "") or _same(sent),
            at=at,
        )
    token = f"{row.receipt}-{receipts.token_for(row.pk, row.receipt)}"
    notice = _("Your receipt is %(number)s. A person reads it within a working day.") % {
        "number": receipts.spaced(row.receipt)
    }
    taken = {"token": token, "service_notice": notice, "account_id": sent.get("account_id", "")}
    return answer("service_requests", [taken], form=form)


def _read(request: HttpRequest) -> QueryDict:
    """Read a posted form of the only kind that is taken; nothing else is even parsed."""
    if request.content_type != FORM:
        raise BadRequest(_("Send the request as %(kind)s in UTF-8.") % {"kind": FORM})
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > LARGEST_POST:
        raise BadRequest(_("The request is larger than %(most)d bytes.") % {"most": LARGEST_POST})
    body = request.read(LARGEST_POST + 1)
    if len(body) > LARGEST_POST:
        raise BadRequest(_("The request is larger than %(most)d bytes.") % {"most": LARGEST_POST})
    try:
        return QueryDict(body.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        raise BadRequest(_("Send the request as %(kind)s in UTF-8.") % {"kind": FORM}) from None


def _program(key: str, *, at: Any) -> Program:
    if not key.strip():
        raise NoKey(_("api_key is missing."))
    row = queries.find_program(key, at=at)
    if row is None:
        raise NoKey(_("This api_key is not valid, or no longer."))
    if row.last_seen_at is None or at - row.last_seen_at >= programs.SEEN_EVERY:
        programs.note_seen(actor=programs.program_actor(row, frozenset()), program=row.pk, at=at)
    return row


def _same(sent: QueryDict) -> str:
    """Give what makes two sendings the same: all that was sent, in any order."""
    return json.dumps(sorted((name, sorted(values)) for name, values in sent.lists()), ensure_ascii=False)


def _shown(request: HttpRequest, one: queries.Request) -> dict[str, Any]:
    kind = rules.BY_CODE[one.code]
    picture = ""
    if one.picture is not None:
        picture = request.build_absolute_uri(reverse("open311:media", kwargs={"picture": one.picture}))
    return {
        "service_request_id": str(one.id),
        "status": rules.status_of(one.state),
        "status_notes": one.notes,
        "service_name": str(kind.name),
        "service_code": one.code,
        "description": one.title,
        "agency_responsible": one.agency,
        "service_notice": "",
        "requested_datetime": moment(one.opened_at),
        "updated_datetime": moment(one.updated_at),
        "expected_datetime": moment(one.due_at),
        "address": one.address,
        "address_id": "" if one.venue is None else str(one.venue),
        "zipcode": "",
        "lat": one.lat,
        "long": one.lng,
        "media_url": picture,
    }


def _check_jurisdiction(sent: QueryDict) -> None:
    """One district is served, so that naming it is optional; another one is not found."""
    wanted = sent.get("jurisdiction_id", "").strip()
    if wanted and wanted not in {find_district().code, settings.BASE_URL.rpartition("//")[2].strip("/")}:
        raise Missing(_("This server does not serve the jurisdiction_id “%(id)s”.") % {"id": wanted[:60]})


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _page(request: HttpRequest) -> tuple[int, int]:
    """Give where to begin and how many: `page` and `page_size`, as many servers have them."""
    try:
        number, size = int(request.GET.get("page") or 1), int(request.GET.get("page_size") or rules.MOST)
    except ValueError:
        number, size = 0, 0
    if not (1 <= number <= 100_000 and 1 <= size <= rules.MOST):
        raise BadRequest(
            _("page and page_size are numbers from 1; page_size is at most %(most)d.") % {"most": rules.MOST}
        )
    return (number - 1) * size, size


def _refused(problem: Problem, form: Format) -> HttpResponse:
    """Word a problem as the specification has it: 404 for what is not there, 403 for a key, 400 for all else."""
    status = problem.status if problem.status in (403, 404, Busy.status) else 400
    sentences = [str(sentence) for field in problem.fields.values() for sentence in field] or [str(problem.detail)]
    if isinstance(problem, Invalid):
        return errors([(400, words) for words in sentences], form=form, status=400)
    return errors([(problem.status, words) for words in sentences], form=form, status=status)
