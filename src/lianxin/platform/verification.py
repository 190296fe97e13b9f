"""Verify: run every proof that the modules contribute, and give their differences as sentences."""

from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Check

MOST = 50


@dataclass(frozen=True)
class Result:
    """What one check found; no differences means that all is equal."""

    module: str
    name: str
    differences: list[str]


def checks() -> list[tuple[str, Check]]:
    """Give every check with its module, in the order of the house."""
    return [(c.module, check) for c in contributions.modules() for check in c.checks]


def run_check(named: tuple[str, Check]) -> Result:
    """Run one check over the whole district, in one consistent view of the database."""
    module, check = named
    with scope.everything(), transaction.atomic():
        return Result(module, check.name, list(islice(check.run(), MOST)))


def run_all() -> list[Result]:
    """Run every check."""
    return [run_check(named) for named in checks()]
