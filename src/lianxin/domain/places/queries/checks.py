"""Proofs for verify: columns equal dated rows, spans lie apart, children belong where their parent does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, F, OuterRef

from lianxin.platform import scope

from ..models import Division, DivisionCode, DivisionName, DivisionParent, NameKind, OpeningLog, VenuePeriod, VisitCount
from ..rules.divisions import Span, first_overlap, is_code
from ..rules.tenants import has_community, is_history, owner_field


def check_current_columns() -> Iterator[str]:
    """Prove that the name, code and parent columns of divisions say what the open dated rows say."""
    names: dict[tuple[UUID, str], str] = {
        (pk, kind): name
        for pk, kind, name in DivisionName.objects.filter(
            valid_until__isnull=True, kind__in=[NameKind.OFFICIAL, NameKind.SPOKEN]
        ).values_list("division", "kind", "name")
    }
    codes = dict(DivisionCode.objects.filter(valid_until__isnull=True).values_list("division", "code"))
    parents = dict(DivisionParent.objects.filter(valid_until__isnull=True).values_list("division", "parent"))
    for division in Division.objects.filter(ended_on__isnull=True):
        for column, shown, dated in (
            ("official_name", division.official_name, names.get((division.pk, NameKind.OFFICIAL))),
            ("short_name", division.short_name, names.get((division.pk, NameKind.SPOKEN))),
            ("code", division.code, codes.get(division.pk)),
            ("parent", division.parent_id, parents.get(division.pk)),
        ):
            if shown != dated:
                yield f"division {division.pk} {column}: the column says {shown}, the dated rows say {dated}"
        if not is_code(division.code):
            yield f"division {division.pk}: {division.code} is not a 12-digit code"


def check_spans() -> Iterator[str]:
    """Prove that no two dated rows of one thing share a day."""
    official = DivisionName.objects.exclude(kind__in=[NameKind.ALIAS, NameKind.FORMER])
    with scope.everything():
        for label, rows, keys in (
            ("name", official, ("division", "kind")),
            ("code", DivisionCode.objects.all(), ("division",)),
            ("holder of code", DivisionCode.objects.all(), ("code",)),
            ("parent", DivisionParent.objects.all(), ("division",)),
            ("period of venue", VenuePeriod.objects.all(), ("venue",)),
        ):
            yield from _overlaps(label, rows, keys)


def _overlaps(label: str, rows: Any, keys: tuple[str, ...]) -> Iterator[str]:
    spans: dict[tuple, list[Span]] = {}
    for *key, start, end in rows.order_by().values_list(*keys, "valid_from", "valid_until"):
        spans.setdefault(tuple(key), []).append(Span(start, end))
    for key, held in spans.items():
        clash = first_overlap(held)
        if clash:
            yield f"{label} {' '.join(map(str, key))}: {_words(clash[0])} and {_words(clash[1])} share a day"


def _words(span: Span) -> str:
    return f"{span.from_on} to {span.until_on or date.max}"


def check_communities() -> Iterator[str]:
    """Prove that every row has the community of the record that it is part of."""
    with scope.everything():
        for model in apps.get_app_config("places").get_models():
            owner = owner_field(model)
            if owner is None or is_history(model) or not has_community(model):
                continue
            strays = model._default_manager.exclude(community=F(f"{owner.name}__community")).order_by()
            for pk in strays.values_list("pk", flat=True)[:20]:
                yield f"{model._meta.label_lower} {pk}: its community is not that of its {owner.name}"


def check_history() -> Iterator[str]:
    """Prove that openings and visits lie where their venue was, and that the last periods say what venues say."""
    with scope.everything():
        for period in (
            VenuePeriod.objects.filter(valid_until__isnull=True)
            .exclude(state=F("venue__state"), community=F("venue__community"))
            .select_related("venue")
        ):
            yield f"venue {period.venue_id}: its last period says {period.state}, the venue {period.venue.state}"
        belonged = VenuePeriod.objects.filter(venue=OuterRef("venue"), community=OuterRef("community"))
        for model in (OpeningLog, VisitCount):
            for pk in model.objects.exclude(Exists(belonged)).order_by().values_list("pk", flat=True)[:20]:
                yield f"{model._meta.label_lower} {pk}: its venue never belonged to its community"
