"""`lianxin up` a second time, beside another server, and ended by Ctrl-C."""

import os
import signal
import socket
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.support.site import Site, SiteDidNotStart

pytestmark = pytest.mark.faults
GREETING = "Sample district. Staff log in on"
# Granian waits ten seconds for a process of its own that has missed its signal.
STOP_SECONDS = 8


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a small sample district that was started and stopped once."""
    site = Site(folder=tmp_path_factory.mktemp("starts"))
    site.run("demo", "--residents", "60", "--communities", "2")
    site.start()
    wait_for_greeting(site)
    site.stop()
    yield site
    site.stop()


def wait_for_greeting(site: Site) -> str:
    """Give what the program wrote by the time that it says how to stop it."""
    until = time.monotonic() + 60
    while "Stop with Ctrl-C." not in (text := site.log.read_text(encoding="utf-8")):
        assert time.monotonic() < until, text
        time.sleep(0.05)
    site.log.write_text("")
    return text


def test_second_start_neither_looks_nor_prepares_and_greets_all_the_same(site: Site) -> None:
    # Whoever looks at everything writes down what he saw.
    seen = (site.folder / "var" / "prepared.json").stat().st_mtime_ns

    site.start()
    text = wait_for_greeting(site)
    site.stop()

    assert f"{GREETING} {site.url}/login/" in text
    assert "Preparing" not in text
    assert (site.folder / "var" / "prepared.json").stat().st_mtime_ns == seen


def test_part_that_is_killed_is_started_again(site: Site) -> None:
    site.start()
    wait_for_greeting(site)
    program = psutil.Process(site.process.pid)
    before = {part.pid for part in program.children()}
    assert len(before) == 3

    for part in program.children():
        for process in (part, *part.children()):
            process.kill()

    until = time.monotonic() + 60
    while not (len(now := {part.pid for part in program.children()}) == 3 and not now & before and site.answers()):
        assert time.monotonic() < until, site.log.read_text(encoding="utf-8")
        time.sleep(0.1)
    text = site.log.read_text(encoding="utf-8")
    site.stop()
    assert "The server ended with -9 and is started again." in text
    assert "The worker ended with -9 and is started again." in text
    assert "The slow worker ended with -9 and is started again." in text


def test_ctrl_c_ends_server_and_workers_at_once(site: Site) -> None:
    site.start()
    wait_for_greeting(site)
    process = site.process

    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    status = process.wait(timeout=30)

    assert status == 0
    assert time.monotonic() - began < STOP_SECONDS
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    site.stop()


def test_start_on_a_taken_port_says_so_and_leaves_the_other_server_alone(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)) as other:
        with pytest.raises(SiteDidNotStart, match="address already in use"):
            site.start()
        site.stop()

        with socket.create_connection(("127.0.0.1", site.port), timeout=5):
            connection, _address = other.accept()
            connection.close()
