"""The sample district: modules contribute parts, this builds them in order, the slow ones through the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import sleep
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
YIELD_SECONDS = 0.15


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
    with transaction.atomic(), ids.repeatable(f"{plan.seed} {plan.today}", from_at=plan.at), scope.everything():
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
    plan = replace(plan_of(row), tell=_step_aside)
    todo = parts(background=True)
    for done, part in enumerate(todo):
        job.progress(done, len(todo), part.name)
        part.build(plan)
    deployment.finish_deployment(actor=job.actor, at=plan.at)


def _step_aside(what: str, share: float) -> None:
    """Let waiting writers in between two transactions: SQLite's wait in line looks ten times a second at most."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(YIELD_SECONDS)


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
