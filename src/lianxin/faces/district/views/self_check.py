"""The self-check: each binding rule, how the program keeps it, which tests prove it, and what was found just now."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.places.queries.divisions import find_district, has_divisions
from lianxin.faces.district.filing import parts_of
from lianxin.faces.district.gate import OFFICES, shown_to_offices_and_administrators
from lianxin.insight.self_check import SelfCheck, examine
from lianxin.platform import backup
from lianxin.platform.clock import local_day, now
from lianxin.platform.documents import DOCX, Grid, Heading, Part, write_document


def _checked() -> SelfCheck:
    return examine(data_dir=Path(settings.DATA_DIR), at=now())


def _district() -> str:
    return find_district().short_name if has_divisions() else ""


@shown_to_offices_and_administrators
def show(request: HttpRequest) -> HttpResponse:
    """Show every rule clause by clause."""
    checked = _checked()
    last = backup.last_backup()
    is_office = request.actor.holds(*OFFICES)  # type: ignore[attr-defined]
    front = (_("Overview"), reverse("district:overview")) if is_office else (_("Settings"), reverse("staff:settings"))
    context = {
        "shell": "district/base.html" if is_office else "kit/staff_shell.html",
        "checked": checked,
        "backup_at": last.made_at if last else None,
        "crumbs": [front, (_("Self-check"), "")],
    }
    return render(request, "district/self_check/page.html", context)


@shown_to_offices_and_administrators
def filing(request: HttpRequest) -> HttpResponse:
    """Show the filing material as sheets of paper with a line to sign on."""
    at = now()
    context = {
        "sheet_title": _title(),
        "sheet_place": _district(),
        "sheet_period": local_day(at).isoformat(),
        "sheet_url": request.build_absolute_uri(reverse("district:self_check")),
        "printed_at": at,
        "back_url": reverse("district:self_check"),
        "parts": [_drawn(part) for part in parts_of(_checked(), district=_district(), at=at)],
    }
    return render(request, "district/self_check/filing.html", context)


@shown_to_offices_and_administrators
def filing_file(request: HttpRequest) -> HttpResponse:
    """Give the filing material as a document to be filled in, signed and handed in."""
    at = now()
    title = _title()
    body = write_document(title=title, parts=parts_of(_checked(), district=_district(), at=at))
    name = quote(f"{title} {local_day(at).isoformat()}.docx")
    disposition = f"attachment; filename*=UTF-8''{name}"
    return HttpResponse(body, content_type=DOCX, headers={"Content-Disposition": disposition})


def _title() -> str:
    return _("Filing material: self-check of the binding rules")


def _drawn(part: Part) -> dict[str, object]:
    if isinstance(part, Heading):
        return {"kind": "heading", "text": part.text, "level": part.level + 1}
    if isinstance(part, Grid):
        return {"kind": "grid", "headings": part.headings, "rows": part.rows}
    return {"kind": "lines", "text": part.text}
