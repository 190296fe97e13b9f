"""Reception days held and missed, and promises that are open and overdue, by community."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.domain.voice.queries import figures
from lianxin.domain.voice.queries.figures import Kept
from lianxin.faces.district.gate import shown_to_offices
from lianxin.faces.district.listing import PAGE, Listing, answer
from lianxin.faces.district.places_in_scope import area_name
from lianxin.faces.district.views.voice import TEMPLATE, ask
from lianxin.faces.kit.navigation import url_or_none
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.clock import local_day


@dataclass(frozen=True)
class KeptRow:
    """One community with its reception days and promises."""

    name: str
    subdistrict: str
    kept: Kept
    days_url: str
    promises_url: str


@shown_to_offices
def show(request: HttpRequest, shown: str = PAGE) -> HttpResponse:
    """List communities with the reception days held and missed, and the promises that are open and overdue."""
    asked = ask(request)
    with scope.within(asked.actor.communities):
        kept = figures.kept_by_community(**asked.span, on=local_day(asked.at))
    days, owed = url_or_none("staff:receptions"), url_or_none("staff:commitments")
    rows = [
        KeptRow(
            one.short_name,
            one.parent.short_name if one.parent else "",
            kept.get(one.pk, Kept()),
            f"{days}?{urlencode({'community': one.pk})}" if days else "",
            f"{owed}?{urlencode({'community': one.pk})}" if owed else "",
        )
        for one in asked.wanted
    ]
    listing = Listing(
        name="voice_promises",
        title=_("Reception days and promises"),
        place=area_name(asked.actor, asked.communities),
        rows=rows,
        default_sort="-kept__missed",
        row_template="district/row_voice_promises.html",
        cells=lambda row: (
            *(row.name, row.subdistrict, row.kept.held, row.kept.leader_came, row.kept.missed, row.kept.cancelled),
            *(row.kept.promises, row.kept.overdue),
        ),
        columns=(
            Column(_("Community"), sort="name"),
            Column(_("Subdistrict"), sort="subdistrict"),
            Column(_("Reception days held"), sort="kept__held", numeric=True),
            Column(_("with the leader present"), sort="kept__leader_came", numeric=True),
            Column(_("Missed"), sort="kept__missed", numeric=True),
            Column(_("Called off"), sort="kept__cancelled", numeric=True),
            Column(_("Promises open now"), sort="kept__promises", numeric=True),
            Column(_("of these overdue"), sort="kept__overdue", numeric=True),
        ),
    )
    lead = _("%(missed)d of %(all)d planned reception days were missed; %(late)d of %(n)d open promises are overdue.")
    counts = {
        "missed": sum(row.kept.missed for row in rows),
        "all": sum(row.kept.held + row.kept.missed + row.kept.cancelled for row in rows),
        "late": sum(row.kept.overdue for row in rows),
        "n": sum(row.kept.promises for row in rows),
    }
    context = asked.context("voice_promises", [lead % counts])
    return answer(request, listing, shown=shown, template=TEMPLATE, context=context, at=asked.at)
