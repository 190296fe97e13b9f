"""A command that fails at any of its statements leaves nothing behind, and works when it is sent again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from lianxin.domain.people.commands.households import register_household
from lianxin.domain.people.tests.factories import new_person
from lianxin.domain.places.tests.factories import SYSTEM, make_district
from lianxin.platform import dumps, scope

pytestmark = pytest.mark.faults
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class FailsAt:
    """Counts statements, and fails at the n-th; at 0 it only counts."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.seen = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen == self.number:
            raise OperationalError("the disk is gone")
        return execute(sql, params, many, context)


@pytest.mark.django_db(transaction=True)
def test_command_that_fails_at_any_statement_leaves_nothing_and_works_when_sent_again() -> None:
    community = make_district()["翠英居委会"].pk
    key, ids = uuid4(), (uuid4(), uuid4())

    def register() -> Any:
        people = [new_person("陈大明", phone="13800000001", id=ids[0]), new_person("陈小明", "child", id=ids[1])]
        return register_household(
            actor=SYSTEM,
            community=community,
            address="长平路1号",
            members=people,
            on=date(2024, 1, 1),
            at=AT,
            key=key,
        )

    before = dumps.state()
    failures = 0
    for number in range(1, 100):
        failing = FailsAt(number)
        with connection.execute_wrapper(failing):
            try:
                made = register()
            except OperationalError:
                failures += 1
            else:
                break
        assert dumps.state() == before, f"statement {number} left something behind"
        assert scope.current() is None

    assert failures >= 8
    assert failures == failing.seen
    after = dumps.state()
    assert after.tables["people_household"] == before.tables["people_household"] + 1
    assert after.tables["people_person"] == before.tables["people_person"] + 2
    assert after.tables["platform_auditentry"] == before.tables["platform_auditentry"] + 1
    assert register().pk == made.pk
    assert dumps.state() == after
