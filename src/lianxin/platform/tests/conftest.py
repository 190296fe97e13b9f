"""A key ring for the tests, and actors."""

from datetime import UTC, datetime

import pytest

from lianxin.platform.actors import Actor


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def system() -> Actor:
    return Actor.system(via="test")
