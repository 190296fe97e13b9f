"""PostgreSQL is killed at every stage of an import: the same worker goes on when it is back."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import ROWS
from tests.faults.deployment import Deployment, wait_for
from tests.faults.server import kill_at_once, start_again
from tests.faults.test_killed_imports import CHUNKS, assert_whole, count, state_is
from tests.support import postgres

pytestmark = [pytest.mark.faults, pytest.mark.postgresql_only]


class Server:
    """A cluster of the test's own, which it may kill."""

    def __init__(self) -> None:
        self.cluster = postgres.start(durable=True)
        self.restarted: subprocess.Popen[bytes] | None = None

    def cut_the_power(self, number: signal.Signals) -> None:
        """Kill it and start it again."""
        kill_at_once(self.cluster, number)
        if self.restarted:
            self.restarted.wait()
        self.restarted = start_again(self.cluster)

    def close(self) -> None:
        """End it for good."""
        if self.restarted and self.restarted.poll() is None:
            self.restarted.send_signal(signal.SIGINT)
            self.restarted.wait()
        self.cluster.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_import_goes_on_after_postgresql_is_killed_at_every_stage(
    server: Server, tmp_path: Path, residents: Path
) -> None:
    (tmp_path / "var").mkdir()
    deployment = Deployment(tmp_path, server.cluster.url)
    places = {"staging": 3, "in a chunk": 3, "between chunks": 4, "undoing": 2}
    marks = {place: tmp_path / place.replace(" ", "-") for place in places}

    def cut_at(place: str, number: signal.Signals = signal.SIGQUIT) -> None:
        wait_for(marks[place].exists, place)
        server.cut_the_power(number)
        marks[place].unlink()

    try:
        deployment.program("prepare")
        deployment.start("work", *(f"{place}:{number}={marks[place]}" for place, number in places.items()))
        run = deployment.program("start", str(residents))

        cut_at("staging")
        state_is(deployment, "STAGED")
        assert count(deployment, "platform_runchunk") == CHUNKS

        deployment.program("apply", run)
        cut_at("in a chunk", signal.SIGKILL)
        wait_for(marks["between chunks"].exists, "the fourth chunk")
        acknowledged = deployment.ask("SELECT rows_applied FROM platform_run")
        assert count(deployment, "people_person") == acknowledged
        cut_at("between chunks")
        assert deployment.ask("SELECT rows_applied FROM platform_run") >= acknowledged
        state_is(deployment, "DONE")
        assert_whole(deployment, people=ROWS)
        assert count(deployment, "platform_auditentry", "action = 'runs.apply_chunk'") == CHUNKS

        deployment.program("undo", run)
        cut_at("undoing")
        state_is(deployment, "UNDONE")
        assert_whole(deployment, people=0)
        assert count(deployment, "platform_auditentry", "action = 'runs.undo_chunk'") == CHUNKS
    finally:
        deployment.stop()
