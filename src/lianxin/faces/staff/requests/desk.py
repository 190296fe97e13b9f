"""What the pages of requests share: who may open them, the tabs above them, how states look."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.reporting import requests_policy as policy
from lianxin.domain.reporting.queries import requests as queries
from lianxin.platform.actors import Actor

from ..access import PRESS, READ, SEND, View, guard

COMMUNITY = gettext_lazy("Community")
REACH_TONES = {"asked": "due", "answered": "done", "delivered": "done", "lapsed": "quiet"}
DEMAND_TONES = {"open": "due", "done": "done", "taken_back": "quiet"}


def _there(actor: Actor, named: dict[str, Any]) -> None:
    """Find what an address names among what the actor may open; raises Missing."""
    if "request_reach" in named:
        queries.find_reach(actor=actor, reach=named["request_reach"])
    if "demand" in named:
        queries.find_demand(actor=actor, demand=named["demand"])


def reading(view: View) -> View:
    """Let the offices read a page."""
    return guard(READ, seen_by=policy.may_read_any)(view)


def opening(view: View) -> View:
    """Let the offices open a page on which who answers for the community may write."""
    return guard(SEND, seen_by=policy.may_read_any)(view)


def writing(view: View) -> View:
    """Let those who answer for a community open and send a form."""
    return guard(SEND, seen_by=policy.may_read_any, allowed=policy.may_answer_any, there=_there)(view)


def pressing(view: View) -> View:
    """Take a button from those who answer for a community."""
    return guard(PRESS, seen_by=policy.may_read_any, allowed=policy.may_answer_any, there=_there)(view)


def has_many(actor: Actor) -> bool:
    """Tell whether lists must name the community."""
    return actor.communities is None or len(actor.communities) > 1


def context_of(actor: Actor, here: str, title: Any, *way: tuple[Any, str]) -> dict[str, Any]:
    """Give what every page of requests is drawn with."""
    if way:
        above = (_("Asked of us"), reverse("staff:requests"))
        return {"title": title, "crumbs": [above, *way], "tabs": []}
    waits = queries.list_reaches(actor=actor, open_only=True).count()
    tabs = [
        (_("Through the gate"), reverse("staff:requests"), here == "requests", waits or ""),
        (_("Came another way"), reverse("staff:demands"), here == "demands", ""),
    ]
    return {"title": title, "tabs": tabs, "tabs_label": _("What upper offices ask"), "crumbs": []}
