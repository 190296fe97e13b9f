"""What activities of a sample district look like: read from the reference data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

FILE = "sample_activities.json"


@dataclass(frozen=True, slots=True)
class Template:
    """An activity as many communities hold it; a duty of volunteers has a team and a role."""

    category: str
    title: str
    text: str
    who: str
    rhythm: str
    times: tuple[int, int]
    days: tuple[int, ...]
    at: tuple[time, ...]
    minutes: int
    people: tuple[int, int]
    rooms: tuple[str, ...] = ()
    place: str = ""
    where: tuple[str, ...] = ("centre",)
    organiser: str = ""
    bring: str = ""
    months: tuple[int, ...] = ()
    festival: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)
    village: bool | None = None
    is_open: bool = False
    is_popular: bool = False
    is_outdoor: bool = False
    has_crowd: bool = False
    team: str = ""
    role: str = ""

    @property
    def is_volunteering(self) -> bool:
        """Tell whether those who come do voluntary work."""
        return bool(self.team)


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates, and the words that people say."""

    activities: tuple[Template, ...]
    duties: tuple[Template, ...]
    words: dict[str, list[str]]


def read_templates(data_dir: Path) -> Templates:
    """Read the templates of the reference data."""
    found: dict[str, Any] = json.loads((data_dir / FILE).read_text(encoding="utf-8"))
    return Templates(
        activities=tuple(_template(row) for row in found["activities"]),
        duties=tuple(
            _template({**row, "who": "volunteers", "times": [3, 7], "people": [3, 7]}) for row in found["volunteering"]
        ),
        words=found["words"],
    )


def _template(row: dict[str, Any]) -> Template:
    return Template(
        category=row["category"],
        title=row["title"],
        text=row["text"],
        who=row["who"],
        rhythm=row["rhythm"],
        times=(row["times"][0], row["times"][1]),
        days=tuple(row["days"]),
        at=tuple(time.fromisoformat(one) for one in row["at"]),
        minutes=row["minutes"],
        people=(row["people"][0], row["people"][1]),
        rooms=tuple(row.get("rooms", ())),
        place=row.get("place", ""),
        where=tuple(row.get("where", ("centre",))),
        organiser=row.get("organiser", ""),
        bring=row.get("bring", ""),
        months=tuple(row.get("months", ())),
        festival=tuple(row.get("festival", ())),
        span=tuple(row.get("span", (0, 0))),  # type: ignore[arg-type]
        village=row.get("village"),
        is_open=row.get("sign_up") == "open",
        is_popular=row.get("popular", False),
        is_outdoor=row.get("outdoor", False),
        has_crowd=row.get("crowd", False),
        team=row.get("team", ""),
        role=row.get("role", ""),
    )
