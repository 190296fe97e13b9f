"""All registers, in the order in which offices look for them, and who may read them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import pgettext_lazy as _

from lianxin.domain.people.policy import is_administrator
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

from .form import OFFICES, Register

JOBS: dict[str, Any] = {
    "places": _("register", "Venues and rooms"),
    "activities": _("register", "Activities and volunteering"),
    "needs": _("register", "Needs and visits"),
    "projects": _("register", "Resources and projects"),
    "points": _("register", "Points and service supermarkets"),
    "voice": _("register", "Cases and deliberation"),
    "people": _("register", "Population"),
    "reporting": _("register", "What upper offices ask"),
}
MODULES = (
    "places",
    "bookings",
    "activities",
    "needs",
    "resources",
    "projects",
    "points",
    "shop",
    "voice",
    "deliberation",
    "people",
    "reporting",
)


@cache
def _all() -> dict[str, Register]:
    found = [one for name in MODULES for one in import_module(f"{__package__}.{name}").REGISTERS]
    jobs = list(JOBS)
    return {one.code: one for one in sorted(found, key=lambda one: jobs.index(one.job))}


def may_read_any(actor: Actor) -> bool:
    """Tell whether the actor opens the pages of registers at all."""
    return (actor.is_system or actor.holds(*OFFICES)) and not is_administrator(actor)


def may_read(actor: Actor, register: Register) -> bool:
    """Tell whether the actor reads a register of the communities in scope."""
    return may_read_any(actor) and (actor.is_system or actor.holds(*register.roles))


def list_registers(*, actor: Actor) -> list[Register]:
    """Give the registers that the actor may read, by job."""
    return [one for one in _all().values() if may_read(actor, one)]


def find_register(code: str, *, actor: Actor) -> Register:
    """Give a register that the actor may read; raises Missing."""
    found = _all().get(code)
    if found is None or not may_read(actor, found):
        raise Missing
    return found
