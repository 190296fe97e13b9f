"""Making a date known: words for a group, a picture with its code, a poster, the draft of an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.activities.queries.publicity import find_told, told_of
from lianxin.domain.activities.rules import publicity as rules
from lianxin.domain.activities.rules.publicity import Told
from lianxin.platform import scope

from .desk import OccurrenceDesk, occurrence_desk
from .gate import reading

WIDTH, HEIGHT = 1080, 1440
QR_SIDE = 300


def told_for(request: HttpRequest, desk: OccurrenceDesk) -> Told:
    """Give what is told about a date, also of a draft that its makers look at beforehand."""
    base = request.build_absolute_uri("/")
    if desk.row.published_at is not None:
        return find_told(occurrence=desk.row.pk, base_url=base)
    with scope.within(desk.actor.communities):
        return told_of(desk.row, base_url=base)


@reading
def show(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Show everything that is ready to be sent or hung up."""
    desk = occurrence_desk(request, occurrence)
    told = told_for(request, desk)
    context = desk.context("publicity", (_("Publicity"), "")) | {
        "told": told,
        "is_public": desk.row.published_at is not None,
        "group_words": rules.group_text(told),
        "chain_words": rules.chain_text(told) if told.takes_sign_ups else "",
        "article": rules.article(told),
    }
    return render(request, "staff/activities/publicity.html", context)


@reading
def poster(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the poster on A4 or A3."""
    desk = occurrence_desk(request, occurrence)
    told = told_for(request, desk)
    context = {
        "told": told,
        "when": rules.when_words(told.starts_at, told.ends_at),
        "lines": [line for line in told.poster_text.splitlines() if line.strip()] or [told.summary],
        "paper": "a3" if request.GET.get("paper") == "a3" else "a4",
        "back_url": desk.url("publicity"),
        "picture_url": reverse("staff:activity_picture", kwargs={"activity": desk.row.activity_id})
        if desk.row.activity.picture_id
        else "",
        "title_size": "long" if len(told.title) > 14 else "short",
    }
    return render(request, "staff/activities/poster.html", context)


@dataclass(frozen=True)
class Line:
    """A line of the picture: where, how large, how heavy."""

    text: str
    y: int
    size: int
    colour: str = "#1F2328"
    weight: int = 400


@reading
def picture(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Give the picture for a group as SVG; the page turns it into a PNG with the letters of the own machine."""
    desk = occurrence_desk(request, occurrence)
    told = told_for(request, desk)
    answer = render(
        request,
        "staff/activities/picture.svg",
        picture_parts(told),
        content_type="image/svg+xml; charset=utf-8",
    )
    answer["Content-Disposition"] = 'inline; filename="activity.svg"'
    return answer


def picture_parts(told: Told) -> dict[str, Any]:
    """Lay the picture out: title, what, when, where, and the code, nothing over anything else."""
    y = 190
    lines: list[Line] = []
    for text in rules.split_lines(told.title, width=11.5, most=3):
        lines.append(Line(text, y, 84, "#FFFFFF", 700))
        y += 108
    head = y - 30
    y = head + 90
    for text in rules.split_lines(told.summary or told.poster_text, width=24, most=3):
        lines.append(Line(text, y, 40, "#57606A"))
        y += 58
    y += 30
    when = rules.when_words(told.starts_at, told.ends_at)
    facts = [
        ("时间", when),
        ("农历", told.lunar),
        ("地点", told.where),
        ("对象", told.for_whom),
        ("请带", told.bring_note),
    ]
    for label, value in facts:
        if not value:
            continue
        for number, text in enumerate(rules.split_lines(f"{label}：{value}", width=22, most=2)):
            lines.append(
                Line(
                    text if number == 0 else f"\u3000\u3000\u3000{text}", y, 42, "#1F2328", 700 if number == 0 else 400
                )
            )
            y += 62
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "head": head,
        "lines": [line for line in lines if line.y < HEIGHT - QR_SIDE - 90],
        "qr": _code(told.link),
        "qr_x": WIDTH - QR_SIDE - 60,
        "qr_y": HEIGHT - QR_SIDE - 60,
        "foot_y": HEIGHT - 200,
        "call": "扫码报名" if told.takes_sign_ups else "扫码看详情",
        "held_by": "、".join(told.organisers)[:22],
        "contact": told.contact,
        "title": told.title,
    }


def _code(link: str) -> dict[str, Any]:
    """Give the code as one path and its scale."""
    import segno  # few pages draw codes

    code = segno.make(link, error="m")
    side = code.symbol_size(border=0)[0]
    cells = [f"M{x},{y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, cell in enumerate(row) if cell]
    return {"path": "".join(cells), "scale": f"{QR_SIDE / side:.4f}"}
