"""Load and extend the tables of kinds: service categories, amenities, rooms."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid

from .. import policy
from ..models import AmenityKind, RoomKind, ServiceCategory
from ..rules.venues import AMENITY_KINDS, ROOM_KINDS

KIND_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


def read_categories(data_dir: Path) -> list[dict[str, str]]:
    """Read the service categories that the program ships."""
    with (data_dir / "categories.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@command("places.load_reference_data")
def load_reference_data(
    *, actor: Actor, categories: Sequence[dict[str, str]], at: datetime, key: UUID | None = None
) -> None:
    """Create the categories, amenity kinds and room kinds that are not there yet; what a district changed stays."""
    policy.require(policy.may_change_reference_data(actor))
    for line in categories:
        if not re.fullmatch(r"[A-Z]\d{2}", line.get("code", "")) or not line.get("name_zh"):
            raise Invalid(_("A service category needs a code such as A01 and a name: %(line)s") % {"line": line})
    ServiceCategory.objects.bulk_create(
        (
            ServiceCategory(
                code=line["code"],
                name=line["name_zh"],
                name_en=line.get("name_en", ""),
                description=line.get("description", ""),
                position=position,
            )
            for position, line in enumerate(categories, start=1)
        ),
        ignore_conflicts=True,
    )
    AmenityKind.objects.bulk_create(
        (
            AmenityKind(code=code, name=name, name_en=name_en, position=position)
            for position, (code, name, name_en) in enumerate(AMENITY_KINDS, start=1)
        ),
        ignore_conflicts=True,
    )
    RoomKind.objects.bulk_create(
        (
            RoomKind(
                code=code,
                name=name,
                name_en=name_en,
                is_for_residents=for_residents,
                is_confidential=confidential,
                position=position,
            )
            for position, (code, name, name_en, for_residents, confidential) in enumerate(ROOM_KINDS, start=1)
        ),
        ignore_conflicts=True,
    )


@command("places.add_amenity_kind")
def add_amenity_kind(
    *, actor: Actor, code: str, name: str, at: datetime, name_en: str = "", key: UUID | None = None
) -> AmenityKind:
    """Add a kind of amenity of the district's own."""
    policy.require(policy.may_change_reference_data(actor))
    _check_kind(code, name, taken=AmenityKind.objects.filter(code=code).exists())
    kind = AmenityKind.objects.create(
        code=code, name=name.strip(), name_en=name_en.strip(), position=AmenityKind.objects.count() + 1
    )
    act().target(kind, "added", {"name": [None, kind.name]})
    return kind


@command("places.add_room_kind")
def add_room_kind(
    *,
    actor: Actor,
    code: str,
    name: str,
    at: datetime,
    name_en: str = "",
    is_for_residents: bool = True,
    is_confidential: bool = False,
    key: UUID | None = None,
) -> RoomKind:
    """Add a kind of room of the district's own."""
    policy.require(policy.may_change_reference_data(actor))
    _check_kind(code, name, taken=RoomKind.objects.filter(code=code).exists())
    kind = RoomKind.objects.create(
        code=code,
        name=name.strip(),
        name_en=name_en.strip(),
        is_for_residents=is_for_residents,
        is_confidential=is_confidential,
        position=RoomKind.objects.count() + 1,
    )
    act().target(kind, "added", {"name": [None, kind.name]})
    return kind


def _check_kind(code: str, name: str, *, taken: bool) -> None:
    """Refuse a code that programs could not use, and a name that is missing."""
    problems: dict[str, list] = {}
    if not KIND_CODE.fullmatch(code):
        problems["code"] = [_("Use small letters, digits and underscores, starting with a letter.")]
    elif taken:
        problems["code"] = [_("This code is already in use.")]
    if not 0 < len(name.strip()) <= 50:
        problems["name"] = [_("Enter a name of at most 50 characters.")]
    if problems:
        raise Invalid(fields=problems)
