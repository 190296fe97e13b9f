"""An import goes on by itself when its worker is killed, wherever that happens; nothing is lost or repeated."""

from pathlib import Path

import pytest

from tests.faults.conftest import ROWS
from tests.faults.deployment import Deployment, wait_for, wait_until_killed
from tests.faults.programs import CHUNK

pytestmark = pytest.mark.faults
CHUNKS = ROWS // CHUNK


def state_is(deployment: Deployment, state: str) -> None:
    """Wait until the one run is in this state."""
    wait_for(lambda: deployment.ask("SELECT state FROM platform_run") == state, f"state {state}")


def count(deployment: Deployment, table: str, condition: str = "1 = 1") -> int:
    """Count rows of a table."""
    return deployment.ask(f"SELECT count(*) FROM {table} WHERE {condition}")


def assert_whole(deployment: Deployment, *, people: int) -> None:
    """Everything that follows from the people is there once for each."""
    assert count(deployment, "people_person") == people
    assert count(deployment, "people_householdmembership") == people
    assert count(deployment, "platform_searchdoc", "kind = 'person'") == people
    assert not any(deployment.verify().values())


def test_import_goes_on_by_itself_after_its_worker_is_killed_at_every_stage(
    deployment: Deployment, residents: Path
) -> None:
    run = deployment.program("start", str(residents))

    wait_until_killed(deployment.start("work", "staging:3=kill"))
    assert deployment.ask("SELECT state FROM platform_run") == "STAGING"
    assert count(deployment, "people_person") == 0

    second = deployment.start("work", "in a chunk:3=kill")
    state_is(deployment, "STAGED")
    assert count(deployment, "platform_runchunk") == CHUNKS
    deployment.program("apply", run)
    wait_until_killed(second)
    assert count(deployment, "people_person") == 1000
    assert deployment.ask("SELECT rows_applied FROM platform_run") == 1000

    wait_until_killed(deployment.start("work", "between chunks:2=kill"))
    assert count(deployment, "people_person") == 2000

    fourth = deployment.start("work", "undoing:2=kill")
    state_is(deployment, "DONE")
    assert_whole(deployment, people=ROWS)
    assert count(deployment, "platform_auditentry", "action = 'runs.apply_chunk'") == CHUNKS

    deployment.program("undo", run)
    wait_until_killed(fourth)
    assert count(deployment, "people_person") == ROWS - CHUNK

    deployment.start("work")
    state_is(deployment, "UNDONE")
    assert_whole(deployment, people=0)
    assert count(deployment, "platform_auditentry", "action = 'runs.undo_chunk'") == CHUNKS


def test_import_goes_on_while_the_server_is_killed_and_started_again(deployment: Deployment, residents: Path) -> None:
    from tests.faults.test_killed_server import answers
    from tests.support.site import free_port

    port = free_port()
    server = deployment.start("serve", str(port))
    wait_for(lambda: answers(port), "the server's start")
    pause = deployment.folder / "in-a-chunk"
    deployment.start("work", f"in a chunk:2={pause}")
    run = deployment.program("start", str(residents))
    state_is(deployment, "STAGED")
    deployment.program("apply", run)

    wait_for(pause.exists, "the second chunk")
    server.kill()
    server.wait()
    pause.unlink()
    deployment.start("serve", str(port))

    state_is(deployment, "DONE")
    wait_for(lambda: answers(port), "the server's return")
    assert_whole(deployment, people=ROWS)
