"""The one way up: typed lists that a module fills in its `wiring.py`, loaded by its AppConfig."""

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import import_module
from operator import attrgetter
from typing import Any
from uuid import UUID

from lianxin.platform import locks
from lianxin.platform.actors import Actor


@dataclass(frozen=True)
class Consequence:
    """What a module does when a lower one reports an event, and how that is told beforehand.

    `rank` is the highest lock (platform/locks.py) that it asks for: those that lock records only go before those that
    lock accounts and stock, whichever module they belong to.
    """

    on: type
    do: Callable[..., None]
    preview: Callable[[Any], list[str]]
    rank: int = locks.RECORD


@dataclass(frozen=True)
class PersonalData:
    """How a module gives and erases what it holds about one person."""

    name: str
    export: Callable[[UUID], Any]
    erase: Callable[..., Any]


@dataclass(frozen=True)
class Window:
    """What a measure is asked for: days [from_on, until_on), communities (None: all), and dimensions."""

    from_on: date
    until_on: date
    communities: frozenset[UUID] | None = None
    venue_id: UUID | None = None
    category: str | None = None


@dataclass(frozen=True)
class Measure:
    """A countable thing. `query` defines it over domain tables; flows are also kept as facts and must agree.

    Kinds: a "flow" is the sum of facts over days; a "level" is what stands on a window's last day; a "distinct" is what
    occurred at all in a window, each once, so that parts do not add up. `rows` gives the rows that a level or distinct
    counts, `per` the column of what is counted once, `place` the column of their community, `amount` that of what a row
    counts for where the figure is a sum of amounts. `of` and `within` make a
    flow of another one: that one in the communities that `within` names for a window's last day. `is_now` says that a
    level is known only as it stands at this moment. `also` are other names under which the figure is asked for.
    """

    name: str
    label: Any
    unit: Any
    kind: str
    query: Callable[[Window], int]
    source: str
    meaning: Any = ""
    rows: Callable[[Window], Any] | None = None
    per: str = ""
    place: str = "community"
    amount: str = ""
    of: str = ""
    within: Callable[[date], frozenset[UUID]] | None = None
    is_now: bool = False
    also: tuple[str, ...] = ()

    @property
    def counts_rows(self) -> bool:
        """Tell whether a level or distinct is the number of its rows, and not a sum of what they hold."""
        return self.rows is not None and not self.amount


@dataclass(frozen=True)
class Check:
    """A proof for `verify`: yields a sentence for each difference, nothing when all is equal.

    `of_facts` says that it holds sums against records, of which a city or a province has none.
    """

    name: str
    run: Callable[[], Iterable[str]]
    of_facts: bool = False


@dataclass(frozen=True)
class Retention:
    """How long rows are kept and what removes them when the time is over."""

    name: str
    days: int
    purge: Callable[[datetime], int]


@dataclass(frozen=True)
class Schedule:
    """A task that becomes due again and again: `every` so long, or each day at a Shanghai time."""

    name: str
    task: str
    every: timedelta | None = None
    daily_at: time | None = None
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Channel:
    """A way in which messages leave: `deliver(message_id=, address=, template=, context=, at=)`."""

    name: str
    deliver: Callable[..., Any]


@dataclass(frozen=True)
class SamplePart:
    """A module's part of the sample district; `background` parts are built by the worker after the ground.

    `builder` is a function of the plan, named "package.module:function": servers, which never build, do not load it.
    """

    name: str
    builder: str | Callable[..., None]
    order: int = 100
    background: bool = False

    def build(self, plan: Any) -> None:
        """Load the builder and let it build."""
        build = pkgutil.resolve_name(self.builder) if isinstance(self.builder, str) else self.builder
        build(plan)


@dataclass(frozen=True)
class Reference:
    """A column that names a person or venue, and the contributions that account for it."""

    model: str
    field: str
    to: str


@dataclass(frozen=True)
class Contribution:
    """Everything one module registers."""

    module: str
    consequences: tuple[Consequence, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    measures: tuple[Measure, ...] = ()
    checks: tuple[Check, ...] = ()
    searchables: tuple[Callable[[], Iterator[Any]], ...] = ()
    retention: tuple[Retention, ...] = ()
    sample: tuple[SamplePart, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    references: tuple[Reference, ...] = ()
    channels: tuple[Channel, ...] = ()
    run_kinds: tuple[Any, ...] = ()


_house: dict[str, Contribution] = {}


def load(module_path: str) -> None:
    """Register the `CONTRIBUTION` of `<module_path>.wiring`; called by AppConfig.ready in the order of the house."""
    contribution: Contribution = import_module(f"{module_path}.wiring").CONTRIBUTION
    _house[contribution.module] = contribution


def modules() -> list[Contribution]:
    """Give the registered contributions, lowest module first."""
    return list(_house.values())


def every(kind: str) -> list[Any]:
    """Give all contributions of one kind ("checks", "measures", …) in the order of the house."""
    return [item for contribution in _house.values() for item in getattr(contribution, kind)]


def measure(name: str) -> Measure:
    """Give the measure of this name; raises KeyError when no module declares it."""
    for contribution in _house.values():
        for item in contribution.measures:
            if item.name == name:
                return item
    raise KeyError(f"no module declares the measure {name!r}")


def follow(event: Any, *, actor: Actor, at: datetime) -> None:
    """Let every module do what follows from an event, in the reporting command's transaction and the order of locks."""
    for consequence in sorted(every("consequences"), key=attrgetter("rank")):
        if isinstance(event, consequence.on):
            consequence.do(event, actor=actor, at=at)


def preview(event: Any) -> list[str]:
    """Tell, in sentences, what would follow from an event."""
    return [
        sentence
        for consequence in every("consequences")
        if isinstance(event, consequence.on)
        for sentence in consequence.preview(event)
    ]
