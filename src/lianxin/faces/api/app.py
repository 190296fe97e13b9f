"""The API: its routers, its errors, its documentation page."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import ABS_TPL_PATH, Swagger

from lianxin.faces.api import activities, divisions, figures, people, points, search, shop, venues, volunteering, whoami
from lianxin.faces.kit.problems import BadRequest, answer, problem_of
from lianxin.platform.errors import Invalid, Problem


class NotLoggedIn(Problem):
    """The operation needs somebody who has logged in."""

    status = 401
    title = _("Please log in first.")


class Api(NinjaAPI):
    """Django-ninja's API, whose OpenAPI says that problems are `application/problem+json`."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Give the OpenAPI document."""
        schema = super().get_openapi_schema(*args, **kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400 and "application/json" in response.get("content", {}):
                        response["content"]["application/problem+json"] = response["content"].pop("application/json")
        return schema


class FormExpired(Problem):
    """A write came without the token that protects against forged requests."""

    status = 403
    title = _("The request did not carry the page's token. Reload the page and send it again.")


class OwnSwagger(Swagger):
    """The documentation page with our own copy of its files, though ninja is no installed app (see settings)."""

    template_cdn = str(ABS_TPL_PATH / "swagger.html")


api = Api(
    title="Lianxin 连心",
    version="1.0.0",
    description=(
        "Places, services, activities, shifts that want helpers, a community's points rules, notices and offers, and "
        "what figures there are, are open to everybody. Everything about people needs a login (the session cookie of "
        "the web pages) and shows only what the actor's role and communities allow, masked. Errors are RFC 9457 "
        "problems."
    ),
    urls_namespace="api",
    docs=OwnSwagger(settings={"persistAuthorization": False}),
)
api.add_router("/divisions", divisions.router, tags=["divisions"])
api.add_router("/", venues.router, tags=["places and services"])
api.add_router("/people", people.router, tags=["people"])
api.add_router("/points", points.router, tags=["points"])
api.add_router("/shop", shop.router, tags=["shop"])
api.add_router("/activities", activities.router, tags=["activities"])
api.add_router("/volunteering", volunteering.router, tags=["volunteering"])
api.add_router("/figures", figures.router, tags=["figures"])
api.add_router("/search", search.router, tags=["search"])
api.add_router("/me", whoami.router, tags=["me"])


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Any) -> HttpResponse:
    """Answer a problem as RFC 9457 says."""
    return answer(problem, request=request)


@api.exception_handler(DatabaseError)
def on_bad_luck(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer bad luck with the database, or a character that it does not hold; a fault of ours is left to Django."""
    problem = problem_of(error, request=request)
    if problem is None:
        raise error
    return answer(problem, request=request)


@api.exception_handler(AuthenticationError)
def on_not_logged_in(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer somebody who has not logged in."""
    return answer(NotLoggedIn(), request=request)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what django-ninja itself refuses: a missing token, a body that is no JSON."""
    if error.status_code == FormExpired.status:
        return answer(FormExpired(), request=request)
    return answer(BadRequest(), request=request)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer what does not fit the schema, parameter by parameter."""
    fields: dict[str, list[str]] = {}
    for item in error.errors:
        name = ".".join(str(part) for part in item["loc"] if part not in ("query", "path", "body"))
        fields.setdefault(name or "body", []).append(str(item["msg"]))
    return answer(Invalid(fields=fields), request=request)
