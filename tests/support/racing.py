"""Many at once: threads on PostgreSQL; on SQLite processes, since there threads would share one writer's lock."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from lianxin.platform.errors import Problem

DONE = "done"
_PATIENCE_SECONDS = 240


def race(count: int, act: Callable[[int], Any]) -> Counter[str]:
    """Let `count` actors do something at the same moment; count what came, "done" or an error's name."""
    return _threads(count, act) if connection.vendor == "postgresql" else _processes(count, act)


def _try(number: int, act: Callable[[int], Any]) -> str:
    try:
        act(number)
    except Problem as problem:
        return type(problem).__name__
    return DONE


def _threads(count: int, act: Callable[[int], Any]) -> Counter[str]:
    together = threading.Barrier(count)

    def run(number: int) -> str:
        try:
            connection.ensure_connection()
            together.wait(_PATIENCE_SECONDS)
            return _try(number, act)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(run, range(count)))


def _processes(count: int, act: Callable[[int], Any]) -> Counter[str]:
    forked = multiprocessing.get_context("fork")
    together, outcomes = forked.Barrier(count), forked.SimpleQueue()

    def run(number: int) -> None:
        # The parent's connection is the parent's: closing it here would drop its locks.
        connection.connection = None
        connection.in_atomic_block = False
        try:
            connection.ensure_connection()
            together.wait(_PATIENCE_SECONDS)
            outcome = _try(number, act)
        except Exception as error:  # noqa: BLE001 - the parent tells what came
            outcome = f"{type(error).__name__}: {error}"
        outcomes.put(outcome)

    children = [forked.Process(target=run, args=(number,)) for number in range(count)]
    for child in children:
        child.start()
    found = Counter(outcomes.get() for _child in children)
    for child in children:
        child.join(_PATIENCE_SECONDS)
    return found
