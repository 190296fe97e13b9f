"""Begins a run with what takes longest, so that no worker is left alone with it at the end."""

import pytest

LONG = (
    "tests/full_build/",
    "tests/contracts/test_walk",
    "tests/faults/",
    "tests/browser/test_lecture",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; all else stays as it is."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG))
