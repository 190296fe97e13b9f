"""A workbook of registers in words: what is in it, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.places.queries.divisions import names_of
from lianxin.insight.register_tasks import KEPT_DAYS, RegisterSet
from lianxin.insight.registers import catalogue
from lianxin.platform.actors import Actor


def told_of(one: RegisterSet) -> dict[str, Any]:
    """Give what a list and the page of a workbook show of it."""
    label, tone = _state(one)
    address = {"register_set": one.job.pk}
    return {
        "url": reverse("staff:register_set", kwargs=address),
        "file_url": reverse("staff:register_set_file", kwargs=address) if one.file else "",
        "title": _title(one),
        "state": label,
        "tone": tone,
        "asked_at": one.job.created_at,
        "name": one.file.name if one.file else "",
        "is_over": one.is_over,
    }


def titles_of(codes: Iterable[str]) -> list[str]:
    """Give what some registers are called."""
    known = {one.code: str(one.title) for one in catalogue.list_registers(actor=Actor.system(via="web"))}
    return [known[code] for code in codes if code in known]


def _title(one: RegisterSet) -> str:
    count = len(one.codes)
    named = titles_of(one.codes)
    many = ngettext("%(count)d register", "%(count)d registers", count) % {"count": count}
    return f"{named[0] if len(named) == 1 else many} · {one.period}{_place(one)}"


def _place(one: RegisterSet) -> str:
    try:
        pk = UUID(one.place)
    except ValueError:
        return f" · {one.place}" if one.place else ""
    return f" · {names_of([pk]).get(pk, '')}"


def _state(one: RegisterSet) -> tuple[str, str]:
    if one.is_done:
        if one.file is None:
            return _("No longer kept"), "quiet"
        return pgettext("workbook", "Ready"), "done"
    if one.has_stopped:
        return pgettext("workbook", "Stopped"), "stop"
    return _("Being written"), "info"


def progress_of(one: RegisterSet) -> dict[str, Any]:
    """Give what the progress part is drawn with."""
    address = {"register_set": one.job.pk}
    return {
        "title": _("Writing the workbook"),
        "done": one.job.done_units,
        "total": one.job.total_units,
        "note": "" if one.is_over else one.job.note,
        "finished": one.is_over,
        "failed": one.has_stopped,
        "poll_url": reverse("staff:register_set_progress", kwargs=address),
        "next_url": "",
        "progress_id": "progress",
    }


def kept_words() -> str:
    """Say how long a workbook can be taken."""
    return _("It is kept for %(days)d days and only you can take it.") % {"days": KEPT_DAYS}
