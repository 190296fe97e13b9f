"""The API: its routers, its errors, its documentation page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.docs import Swagger

from lianxin.faces.api import divisions, people, search, venues, whoami
from lianxin.faces.kit.problems import answer
from lianxin.platform.errors import Invalid, Problem


class NotLoggedIn(Problem):
    """The operation needs somebody who has logged in."""

    status = 401
    title = _("Please log in first.")


api = NinjaAPI(
    title="Lianxin 连心",
    version="1.0.0",
    description=(
        "Places and services are open to everybody. Everything about people needs a login (the session cookie of the "
        "web pages) and shows only what the actor's role and communities allow, masked. Errors are RFC 9457 problems."
    ),
    urls_namespace="api",
    docs=Swagger(settings={"persistAuthorization": False}),
)
api.add_router("/divisions", divisions.router, tags=["divisions"])
api.add_router("/", venues.router, tags=["places and services"])
api.add_router("/people", people.router, tags=["people"])
api.add_router("/search", search.router, tags=["search"])
api.add_router("/me", whoami.router, tags=["me"])


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Any) -> HttpResponse:
    """Answer a problem as RFC 9457 says."""
    return answer(problem, request=request)


@api.exception_handler(AuthenticationError)
def on_not_logged_in(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer somebody who has not logged in."""
    return answer(NotLoggedIn(), request=request)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what does not fit the schema, parameter by parameter."""
    fields: dict[str, list[str]] = {}
    for item in error.errors:
        name = ".".join(str(part) for part in item["loc"] if part not in ("query", "path", "body"))
        fields.setdefault(name or "body", []).append(str(item["msg"]))
    return answer(Invalid(fields=fields), request=request)
