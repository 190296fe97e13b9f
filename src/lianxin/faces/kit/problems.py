"""Problems as sentences: a page for people, RFC 9457 for programs, never a trace."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, DataError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lianxin.faces.kit.language import chosen
from lianxin.faces.kit.sending_again import again
from lianxin.platform import bad_luck
from lianxin.platform.errors import Busy, BusySending, Missing, NotAllowed, Problem, TooLarge

LOG = logging.getLogger(__name__)
FRAMES = {"staff": "staff/base.html", "district": "district/base.html", "resident": "resident/base.html"}
API_PREFIX = "/api/"
PROBLEM_TYPE = "application/problem+json"


class BadRequest(Problem):
    """The request cannot be read."""

    status = 400
    title = gettext_lazy("The page could not read what was sent. Please go back and try again.")


class OddCharacter(BadRequest):
    """A character that no text holds, which PostgreSQL neither keeps nor looks for (U+0000)."""

    title = gettext_lazy("There is a character in it that cannot be kept or found. Please type it anew.")


class WrongMethod(Problem):
    """The address exists and does not take this method."""

    status = 405
    title = gettext_lazy("This address cannot be opened this way. Please use the buttons on the page.")


class FormExpired(Problem):
    """The protection against forged forms did not match."""

    status = 403
    title = gettext_lazy("This form was open too long. Please go back, reload the page and send it again.")


class OurFault(Problem):
    """An error of ours; the log knows more."""

    status = 500
    title = gettext_lazy("Something went wrong on our side. Please try again a little later.")


def is_api(request: HttpRequest) -> bool:
    """Tell whether a program asked."""
    return request.path.startswith(API_PREFIX)


def as_json(problem: Problem, *, request: HttpRequest) -> HttpResponse:
    """Answer a program with `application/problem+json`."""
    body = problem.as_problem() | {"instance": request.path}
    text = json.dumps(body, ensure_ascii=False, default=str)
    return HttpResponse(text, status=problem.status, content_type=PROBLEM_TYPE)


def frame_for(request: HttpRequest) -> str:
    """Give the shell of the face that was asked, so that its navigation stays; a bare page elsewhere."""
    match = getattr(request, "resolver_match", None)
    return FRAMES.get(match.namespaces[0] if match and match.namespaces else "", "kit/bare.html")


def came_from(request: HttpRequest) -> str:
    """Give the page of this site that led here, where what was typed may still stand; empty when there is none."""
    before = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()})
    return before if safe and before != request.build_absolute_uri() else ""


def as_page(problem: Problem, *, request: HttpRequest, frame: str = "") -> HttpResponse:
    """Answer a person with a sentence page, or with a banner where htmx asked for a part of a page."""
    if request.headers.get("HX-Request"):
        html = render_to_string("kit/problem_banner.html", {"problem": problem}, request=request)
        headers = {"HX-Retarget": "#messages", "HX-Reswap": "innerHTML"}
        return HttpResponse(html, status=problem.status, headers=headers)
    context = {"problem": problem, "frame": frame or frame_for(request), "fields": problem.fields}
    if not isinstance(problem, Busy):
        context["came_from"] = came_from(request)
        return HttpResponse(render_to_string("kit/problem.html", context, request=request), status=problem.status)
    # To go back would show the form empty where the browser forgets it: what was sent lies in this page instead.
    context["again"] = again(request)
    context["look_again"] = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    try:
        page = render_to_string("kit/problem.html", context, request=request)
    except Exception:
        # The database is away altogether, and the shells ask it who is there.
        LOG.warning("busy_page_without_shell", extra={"path": request.path}, exc_info=True)
        page = render_to_string("kit/problem_plain.html", context)
    return HttpResponse(page, status=problem.status)


def answer(problem: Problem, *, request: HttpRequest) -> HttpResponse:
    """Answer a problem in the form and language of whoever asked."""
    with override(getattr(request, "LANGUAGE_CODE", None) or chosen(request)):
        return as_json(problem, request=request) if is_api(request) else as_page(problem, request=request)


def busy_of(exception: BaseException | None, *, request: HttpRequest) -> Busy | None:
    """Give the problem that bad luck with the database is to whoever asked; None for anything else."""
    if exception is None:
        return None
    is_form = request.method == "POST" and not is_api(request)
    problem = bad_luck.met(exception, kind=BusySending if is_form else Busy)
    if problem is not None:
        LOG.warning("busy", extra={"path": request.path, "why": str(exception)[:200]})
    return problem


def busy_for_phone(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """Answer a phone or till whose queue keeps what it has: it tries again later; raises what is our fault."""
    if busy_of(error, request=request) is None:
        raise error
    return JsonResponse(
        {"error": _("The office is very busy just now. Everything stays here and is sent again.")}, status=Busy.status
    )


def problem_of(exception: Exception, *, request: HttpRequest) -> Problem | None:
    """Translate the exceptions that mean a problem; None for those that mean a fault of ours."""
    match exception:
        case DataError() if "NUL" in str(exception):
            return OddCharacter()
        case DatabaseError() | InterfaceError():
            return busy_of(exception, request=request)
        case Problem():
            return exception
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
            return TooLarge(_("What was sent is too large for one page. Please send it as a file or in parts."))
        case Http404():
            return Missing()
        case PermissionDenied():
            return NotAllowed()
    return None


def is_unanswered(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether a refusal comes without a page of ours: empty, or not a problem object for a program."""
    if response.streaming:
        return False
    if is_api(request):
        return not response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE)
    return not response.content


def _without_nul(request: HttpRequest) -> None:
    """Take U+0000 out of what is asked for: nobody typed it, no text holds it, and PostgreSQL will not look for it."""
    query = request.META.get("QUERY_STRING", "")
    if "%00" in query:
        request.META["QUERY_STRING"] = query.replace("%00", "")
        request.__dict__.pop("GET", None)


class ProblemMiddleware:
    """Turns a `Problem` that a view let through, and an empty 405, into an answer somebody can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _without_nul(request)
        response = self.get_response(request)
        if response.status_code == Busy.status and "Retry-After" not in response.headers:
            response.headers["Retry-After"] = str(Busy.retry_after)
        if response.status_code == WrongMethod.status and is_unanswered(request, response):
            told = answer(WrongMethod(), request=request)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer problems; everything else is left to Django's own handling of errors."""
        problem = problem_of(exception, request=request)
        return answer(problem, request=request) if problem else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django found unreadable or too large (handler400)."""
    return answer(problem_of(exception, request=request) or BadRequest(), request=request)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refused permission (handler403)."""
    return answer(problem_of(exception, request=request) or NotAllowed(), request=request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere (handler404)."""
    return answer(Missing(), request=request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (handler500), on a page that asks the database nothing; or bad luck outside of a view."""
    try:
        busy = busy_of(sys.exc_info()[1], request=request)
        if busy is not None:
            return answer(busy, request=request)
        with override(chosen(request)):
            if is_api(request):
                return as_json(OurFault(), request=request)
            return as_page(OurFault(), request=request, frame="kit/bare.html")
    except Exception:
        LOG.exception("error_page_failed", extra={"path": request.path})
        sentence = escape(str(OurFault.title))
        page = f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{sentence}</title><h1>{sentence}</h1>'
        return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token did not match (CSRF_FAILURE_VIEW)."""
    LOG.warning("csrf_refused", extra={"path": request.path, "reason": reason})
    return answer(FormExpired(), request=request)
