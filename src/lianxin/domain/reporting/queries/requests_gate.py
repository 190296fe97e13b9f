"""What the gate compares a new field with: the catalogue of figures, and what any office asked within the last year."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import translation

from lianxin.domain.reporting.models import RequestField, UpperRequest
from lianxin.domain.reporting.rules import requests as rules
from lianxin.domain.reporting.rules import requests_alike as alike
from lianxin.platform import contributions
from lianxin.platform.contributions import Measure

LANGUAGES = ("zh-hans", "en")
FIGURE, ASKED = "figure", "asked"


@dataclass(frozen=True, slots=True)
class Found:
    """Something known that a new field looks like: a figure by its name, or a field that an office asked."""

    kind: str
    key: str
    label: str
    detail: str
    score: float
    shared: tuple[str, ...]
    asked_at: datetime | None = None
    field: UUID | None = None


def find_alike(*, label: str, at: datetime, but: UUID | None = None, most: int = 5) -> list[Found]:
    """Find what a new field looks like, the likest first; `but` is the request that the field itself belongs to."""
    if not label.strip():
        return []
    asked = {f"{ASKED}:{one.pk}": one for one in _asked_within(at, but)}
    measures = {f"{FIGURE}:{one.name}": one for one in contributions.every("measures")}
    known = [*_figures(), *(alike.Known(key, (one.label,)) for key, one in asked.items())]
    found: list[Found] = []
    said: set[str] = set()
    for one in alike.nearest(label, known, most=4 * most):
        if one.key in measures:
            found.append(_figure_found(measures[one.key], one))
            continue
        row = asked[one.key]
        # The same thing asked month by month is one thing.
        if row.label_digest in said:
            continue
        said.add(row.label_digest)
        found.append(_asked_found(row, one))
    return found[:most]


def find_measure(name: str) -> Measure | None:
    """Give a figure of the catalogue, None where there is no such one."""
    try:
        return contributions.measure(name)
    except KeyError:
        return None


def figure_choices() -> list[tuple[str, str]]:
    """Give the figures of the catalogue to choose from, in its order."""
    rows = contributions.every("measures")
    return [(one.name, f"{one.label} ({one.unit})") for one in rows]


def seen(request: UpperRequest, *, at: datetime, places: int) -> rules.RequestSeen:
    """Give a request as the gate's rules look at it."""
    fields = list(request.fields.order_by("position"))
    return rules.RequestSeen(
        kind=request.kind,
        purpose=request.purpose,
        approver=request.approver,
        due_at=request.due_at,
        expires_on=request.expires_on,
        repeats=request.repeats,
        fields=[_seen_field(one, fields, at) for one in fields],
        places=places,
    )


def _seen_field(field: RequestField, fields: list[RequestField], at: datetime) -> rules.FieldSeen:
    found = find_alike(label=field.label, at=at, but=field.request_id, most=1) if field.how == "hand" else []
    twins = [one.label for one in fields if one.position < field.position and one.label_digest == field.label_digest]
    return rules.FieldSeen(
        label=field.label,
        how=field.how,
        why=field.why,
        again_words=field.again_words,
        alike=found[0].label if found else "",
        twin=twins[0] if twins else "",
        id=field.pk,
    )


def _asked_within(at: datetime, but: UUID | None) -> list[RequestField]:
    rows = RequestField.objects.select_related("request").filter(
        how=RequestField.How.HAND, request__sent_at__gt=at - rules.ASKED_WITHIN, request__sent_at__lte=at
    )
    if but is not None:
        rows = rows.exclude(request=but)
    return list(rows.order_by("-request__sent_at", "position")[:2000])


def _figures() -> tuple[alike.Known, ...]:
    return _known_figures(tuple(one.name for one in contributions.every("measures")))


@lru_cache(maxsize=4)
def _known_figures(names: tuple[str, ...]) -> tuple[alike.Known, ...]:
    """Write the catalogue in both languages: an office asks in one, whichever the page is read in."""
    written: dict[str, tuple[list[str], list[str]]] = {name: ([], []) for name in names}
    for language in LANGUAGES:
        with translation.override(language):
            for name in names:
                one = contributions.measure(name)
                labels, meanings = written[name]
                labels.append(str(one.label))
                if str(one.meaning):
                    meanings.append(str(one.meaning))
    return tuple(alike.Known(f"{FIGURE}:{name}", tuple(a), tuple(b)) for name, (a, b) in written.items())


def _figure_found(one: Measure, like: alike.Alike) -> Found:
    return Found(FIGURE, one.name, str(one.label), str(one.meaning or one.unit), like.score, like.shared)


def _asked_found(row: RequestField, like: alike.Alike) -> Found:
    asked: Any = row.request
    detail = f"{asked.office_name} · {asked.title}"
    return Found(ASKED, str(row.pk), row.label, detail, like.score, like.shared, asked.sent_at, row.pk)
