"""Begins a run with what takes longest, so that no worker is left alone with it at the end."""

import pytest

LONG = (
    "tests/full_build/",
    "tests/contracts/test_walk",
    "tests/faults/",
    # While one worker builds the district of the journeys, the other one has a site of its own.
    "tests/browser/test_lecture",
    "tests/browser/test_city",
    "tests/browser/test_every_page",
    "tests/browser/test_visits_offline",
    "tests/browser/test_resident",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; all else stays as it is."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))
