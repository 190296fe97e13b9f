"""Workbooks that the worker writes: asked for, watched, taken."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lianxin.faces.kit.acting import actor_of, key_of
from lianxin.insight.register_tasks import ask_for_registers, find_set
from lianxin.platform import files
from lianxin.platform.errors import Invalid, Missing

from ..sheets import XLSX
from .desk import CRUMB, asked_of, pressing, reading
from .set_words import kept_words, progress_of, titles_of, told_of


@pressing
def ask(request: HttpRequest) -> HttpResponse:
    """Let the worker write a workbook, of one register or of all."""
    code = request.POST.get("code", "")
    try:
        asked = asked_of(request, strictly=True)
        job = ask_for_registers(
            actor=asked.actor,
            codes=[code] if code else [],
            language=get_language() or "zh-hans",
            at=asked.at,
            key=key_of(request),
            **asked.wanted,
        )
    except Invalid as problem:
        messages.error(request, str(problem.detail))
        return redirect("staff:record_books")
    return redirect("staff:register_set", register_set=job.pk)


@reading
def show(request: HttpRequest, register_set: UUID) -> HttpResponse:
    """Show how far a workbook is, and where to take it."""
    found = find_set(actor=actor_of(request), register_set=register_set)
    told = told_of(found)
    context = {
        "set": told,
        "title": told["title"],
        "crumbs": [(CRUMB, reverse("staff:record_books"))],
        "progress": progress_of(found),
        "stopped": found.has_stopped,
        "is_gone": found.is_done and found.file is None,
        "kept": kept_words(),
        "titles": titles_of(found.codes),
    }
    return render(request, "staff/registers/set.html", context)


@reading
def progress(request: HttpRequest, register_set: UUID) -> HttpResponse:
    """Give the progress alone; when the work is over the page is loaded anew."""
    found = find_set(actor=actor_of(request), register_set=register_set)
    told = progress_of(found)
    response = render(request, "kit/progress.html", told)
    if told["finished"] and request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


@reading
def take(request: HttpRequest, register_set: UUID) -> Any:
    """Give the workbook to who asked for it."""
    found = find_set(actor=actor_of(request), register_set=register_set)
    if found.file is None:
        raise Missing(_("This workbook is not kept any more. Ask for it again."))
    kept = files.open_file(file=found.file)
    return FileResponse(kept, as_attachment=True, filename=found.file.name, content_type=XLSX)
