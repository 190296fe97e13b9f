"""Who stands at the pages of briefings: offices of all three levels, each in its own frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.models import Briefing, BriefingTemplate
from lianxin.domain.reporting.rules.briefings import printed_number
from lianxin.faces.district.gate import OFFICES
from lianxin.faces.entrance.session import to_login
from lianxin.faces.kit.acting import actor_of
from lianxin.insight.briefing_compare import period_of
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.models import StoredFile

READ, SEND = ("GET", "HEAD"), ("GET", "HEAD", "POST")
View = Callable[..., HttpResponse]
TONES = {
    Briefing.State.MAKING: "info",
    Briefing.State.FAILED: "stop",
    Briefing.State.DRAFT: "due",
    Briefing.State.ISSUED: "done",
    Briefing.State.WITHDRAWN: "quiet",
    Briefing.State.DROPPED: "quiet",
}
TEMPLATE_TONES = {
    BriefingTemplate.State.DRAFT: "info",
    BriefingTemplate.State.IN_USE: "done",
    BriefingTemplate.State.RETIRED: "quiet",
}


def open_to(methods: Iterable[str], may: Callable[[Actor], bool] = policy.may_read_any) -> Callable[[View], View]:
    """Let those whom a policy names open a page; for the others it does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor.is_anonymous:
                return to_login(request)
            if not may(actor):
                raise Missing
            return view(request, *args, **kwargs)

        return never_cache(require_http_methods(list(methods))(guarded))

    return decorate


reading = open_to(READ)
sending = open_to(SEND)
keeping = open_to(SEND, policy.may_keep_templates)


def framed(request: HttpRequest, *crumbs: tuple[Any, str], **context: Any) -> dict[str, Any]:
    """Give what each of these pages is drawn with: the frame of the reader's office, and the way back."""
    above = actor_of(request).holds(*OFFICES)
    first = [(_("Overview"), reverse("district:overview"))] if above else [(_("Today"), reverse("staff:today"))]
    return {
        "base": "district/base.html" if above else "staff/base.html",
        "crumbs": [*first, *crumbs],
        **context,
    }


def list_crumb() -> tuple[str, str]:
    """Give the way back to the list."""
    return (pgettext("briefing", "Briefings"), reverse("district:briefings"))


def templates_crumb() -> tuple[str, str]:
    """Give the way back to the templates."""
    return (_("Templates"), reverse("district:briefing_templates"))


def page_of(row: Briefing) -> str:
    """Give the address of a briefing."""
    return reverse("district:briefing", kwargs={"briefing": row.pk})


def template_page(row: BriefingTemplate) -> str:
    """Give the address of a version of a template."""
    return reverse("district:briefing_template", kwargs={"briefing_template": row.pk})


def title_of(row: Briefing) -> str:
    """Say which briefing it is: its place and period."""
    return _("%(place)s, %(period)s") % {
        "place": row.area.short_name,
        "period": period_of(row.from_on, row.until_on).label,
    }


def number_of(row: Briefing) -> str:
    """Give the number as it is printed."""
    return printed_number(row.number_year, row.number)


def answer_document(stored: StoredFile, name: str) -> HttpResponse:
    """Hand a document out under a name."""
    from lianxin.platform import files

    answer = FileResponse(files.open_file(file=stored), content_type=stored.content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer  # type: ignore[return-value]
