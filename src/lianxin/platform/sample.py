"""The sample district: modules contribute parts, this builds them in order, the slow ones through the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lianxin.platform import audit, contributions, deployment, facts, ids, leases, locks, scope, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import command
from lianxin.platform.contributions import SamplePart
from lianxin.platform.models import Deployment, Job
from lianxin.platform.tasks import Running, task

BACKGROUND_TASK = "platform.build_sample_parts"
HOLDER = "sample"
YIELD_SECONDS, WORK_SECONDS = 0.12, 2.0
FIRST_TOLD_YEAR = 2024
A_DAY_BEFORE = timedelta(days=1)


def _say_nothing(_what: str, _share: float) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True)
class SampleLogin:
    """A way into the sample district that may be shown to everybody."""

    login_name: str
    role: str
    title: str
    password: str = ""
    totp_secret: str = ""
    phone: str = ""


@dataclass
class Plan:
    """What is to be built; parts leave what later parts need in `actors`, `notes` and `logins`."""

    seed: int
    today: date
    residents: int = 20_000
    communities: int | None = None
    data_dir: Path = field(default_factory=lambda: Path(settings.DATA_DIR))
    tell: Callable[[str, float], None] = _say_nothing
    actors: dict[Any, Actor] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    logins: list[SampleLogin] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """The moment at which the sample was, as it were, entered: early on its day."""
        return local_moment(self.today, time(0, 30))

    @property
    def told_year(self) -> int:
        """The closed year that the sample tells whole: 2024, or the year before an earlier sample day."""
        return min(FIRST_TOLD_YEAR, self.today.year - 1)

    def random(self, *what: object) -> Random:
        """Give the dice for one thing: the same for the same seed, whatever else was built before."""
        return Random("/".join(map(str, (self.seed, *what))))  # noqa: S311 - no secret

    def day(self, days_ago: int) -> date:
        """Give the day so many days before the sample's day."""
        return self.today - timedelta(days=days_ago)

    def moment(self, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """Give a moment so many days ago, never after the sample's own."""
        return min(local_moment(self.day(days_ago), time(hour, minute)), self.at)

    def actor(self, who: Any = None) -> Actor:
        """Give somebody of the sample's staff, or the program itself where there is nobody."""
        return self.actors.get(who) or Actor.system(via="cli")


def parts(*, background: bool) -> list[SamplePart]:
    """Give the parts that modules contribute, in their order."""
    found = [part for part in contributions.every("sample") if part.background == background]
    return sorted(found, key=lambda part: part.order)


def build_ground(*, plan: Plan, at: datetime) -> None:
    """Build everything but the background parts in one transaction: all of it or nothing; then seal and add up."""
    system = Actor.system(via="cli")
    with transaction.atomic(), ids.repeatable(_seed_of(plan), from_at=plan.at - A_DAY_BEFORE), scope.everything():
        locks.advisory("platform.deployment")
        deployment.found_deployment(
            actor=system,
            at=plan.at,
            is_sample=True,
            seed=plan.seed,
            sample_on=plan.today,
            residents=plan.residents,
            communities=plan.communities,
        )
        for part in parts(background=False):
            plan.tell(part.name, 0.0)
            part.build(plan)
            plan.tell(part.name, 1.0)
        deployment.show_sample_logins(
            actor=system,
            at=plan.at,
            logins=[
                {"login_name": one.login_name, "role": one.role, "title": str(one.title), "phone": one.phone}
                for one in plan.logins
            ],
            district=plan.notes["district"].pk,
        )
        if parts(background=True):
            enqueue_background_parts(actor=system, at=plan.at)
        else:
            deployment.finish_deployment(actor=system, at=plan.at)
    deployment.forget()
    settle(at=at, tell=plan.tell)


def _seed_of(plan: Plan, *what: object) -> str:
    return " ".join(map(str, (plan.seed, plan.today, *what)))


def build_part(part: SamplePart, plan: Plan, *, attempt: int = 1) -> None:
    """Build a background part with the same ids every time.

    They sort after those of the parts before it; an attempt that goes on where another one stopped has its own.
    """
    from_at = plan.at - A_DAY_BEFORE + timedelta(seconds=part.order, hours=attempt)
    with ids.repeatable(_seed_of(plan, part.name, attempt), from_at=from_at):
        part.build(plan)


def build_background(*, plan: Plan, at: datetime) -> None:
    """Build the background parts here and now, where no worker does it; then seal and add up."""
    for part in parts(background=True):
        build_part(part, plan)
    _finish(plan, actor=Actor.system(via="cli"))
    settle(at=at, tell=plan.tell)


def _finish(plan: Plan, *, actor: Actor) -> None:
    with ids.repeatable(_seed_of(plan, "finished"), from_at=plan.at - timedelta(hours=1)):
        deployment.finish_deployment(actor=actor, at=plan.at)


@command("platform.enqueue_sample_parts")
def enqueue_background_parts(*, actor: Actor, at: datetime) -> Job:
    """Leave the background parts to the worker."""
    return tasks.enqueue(BACKGROUND_TASK, key=BACKGROUND_TASK)


def settle(*, at: datetime, tell: Callable[[str, float], None] = _say_nothing) -> None:
    """Seal the audit log and add the facts up, as the worker does all day in small portions."""
    tell("seal", 0.0)
    try:
        while audit.seal_pending(holder=HOLDER, at=at):
            pass
        while facts.fold(holder=HOLDER, at=at):
            pass
    finally:
        for name in ("audit.seal", "facts.fold"):
            leases.release(name, holder=HOLDER)
    tell("seal", 1.0)


@task(BACKGROUND_TASK, lane=tasks.LONG)
def build_background_parts(job: Running) -> None:
    """Build the parts that take long; each is safe to run again."""
    row = deployment.find_deployment()
    if row is None or not row.is_sample or row.ready_at is not None:
        return
    plan = replace(plan_of(row), tell=_Aside())
    todo = parts(background=True)
    for done, part in enumerate(todo):
        job.progress(done, len(todo), part.name)
        build_part(part, plan, attempt=job.attempt)
    _finish(plan, actor=job.actor)


class _Aside:
    """Lets waiting writers in, every second or two of work between two transactions.

    SQLite's wait in line looks ten times a second at most: without a pause a page's writer might never get its turn.
    """

    def __init__(self) -> None:
        self.since = monotonic()

    def __call__(self, _what: str, _share: float) -> None:
        """Pause where it is time to."""
        if connection.vendor != "sqlite" or connection.in_atomic_block or monotonic() - self.since < WORK_SECONDS:
            return
        sleep(YIELD_SECONDS)
        self.since = monotonic()


def plan_of(row: Deployment) -> Plan:
    """Give the plan by which this deployment's sample was begun."""
    assert row.seed is not None
    assert row.sample_on is not None
    assert row.residents is not None
    return Plan(seed=row.seed, today=row.sample_on, residents=row.residents, communities=row.communities)


def is_being_built() -> bool:
    """Tell whether the worker still builds parts of the sample."""
    row = deployment.current()
    return row is not None and row.is_sample and row.ready_at is None
