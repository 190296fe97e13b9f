"""The worker: ticks schedules, delivers messages, seals and folds, and runs jobs in two lanes."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence

from django.db import close_old_connections, connection

from lianxin.platform import audit, bad_luck, clock, facts, outbox, schedule, tasks

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
FOLD_EVERY = 5.0
SEAL_EVERY = 15.0


class Worker:
    """A worker process: quick work and its rounds, long jobs, or both, each in a thread of its own."""

    def __init__(self, *, lanes: Sequence[str] = (tasks.QUICK, tasks.LONG)) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.stopping = threading.Event()
        self.lanes = lanes

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; what is running then is finished or taken over by its lease."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        long_lane = threading.Thread(target=self._loop, args=(self._long_round,), name="long", daemon=True)
        if tasks.LONG in self.lanes:
            long_lane.start()
        if tasks.QUICK in self.lanes:
            self._loop(self._quick_round)
        self.stopping.wait()
        if long_lane.is_alive():
            # A long job is not waited for: it goes on elsewhere where it was.
            long_lane.join(timeout=5)

    def _loop(self, round_: Callable[[], bool]) -> None:
        while not self.stopping.is_set():
            try:
                busy = round_()
            except Exception as error:
                if bad_luck.passes(error):
                    log.warning("a round of the worker met bad luck and comes again: %s", error)
                else:
                    log.exception("a round of the worker failed")
                connection.close()
                busy = False
            close_old_connections()
            if not busy:
                self.stopping.wait(IDLE_SECONDS)
        connection.close()

    _last_fold = 0.0
    _last_seal = 0.0

    def _quick_round(self) -> bool:
        at = clock.now()
        moment = at.timestamp()
        schedule.tick(at=at)
        busy = bool(outbox.deliver_due(at=at))
        if moment - self._last_fold >= FOLD_EVERY:
            self._last_fold = moment
            facts.fold(holder=self.name, at=at)
        if moment - self._last_seal >= SEAL_EVERY:
            self._last_seal = moment
            audit.seal_pending(holder=self.name, at=at)
        return tasks.run_one(worker=self.name + "-quick", lane=tasks.QUICK, at=clock.now()) or busy

    def _long_round(self) -> bool:
        return tasks.run_one(worker=self.name + "-long", lane=tasks.LONG, at=clock.now())


def drain(*, limit: int = 1000) -> None:
    """Do all that is due now, in this process: for tests, `lianxin demo` and before a backup."""
    for _ in range(limit):
        moment = clock.now()
        busy = outbox.deliver_due(at=moment)
        busy += tasks.run_one(worker="drain", lane=tasks.QUICK, at=moment)
        busy += tasks.run_one(worker="drain", lane=tasks.LONG, at=moment)
        if not busy:
            break
    while facts.fold(holder="drain", at=clock.now()):
        pass
    while audit.seal_pending(holder="drain", at=clock.now()):
        pass
