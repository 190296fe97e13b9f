"""Programs that a fault test starts as processes of their own: `python -m tests.faults.programs NAME …`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

CHUNK = 500


def prepare() -> dict[str, str]:
    """Make keys, tables, a small district, a member of staff who is logged in, and a centre."""
    from lianxin.faces.cli import setup

    django.setup()
    setup.keys_ready()
    setup.tables_ready()
    from importlib import import_module

    from django.conf import settings
    from django.contrib import auth

    from lianxin.domain.people.tests.account_factories import make_staff
    from lianxin.domain.places.tests.factories import make_district, make_venue
    from lianxin.faces.entrance.session import BACKEND, SEEN
    from lianxin.platform import clock, scope, worker

    with scope.everything():
        community = make_district()["翠英居委会"]
        venue = make_venue(community)
        account, _actor = make_staff("community_staff", division=community, login_name="chen")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = clock.now().isoformat()
    session.save()
    worker.drain()
    return {"venue": str(venue.pk), "session": session.session_key, "cookie": settings.SESSION_COOKIE_NAME}


def start_run(file: str) -> str:
    """Hand a file of residents in, as a page would."""
    from django.db import transaction

    from lianxin.platform import clock, files, runs

    path, at = Path(file), clock.now()
    with path.open("rb") as source, transaction.atomic():
        stored = files.store(
            fileobj=source, name=path.name, purpose="runs.source", limit_bytes=10**8, accept=files.TABLES, at=at
        )
    run = runs.start_run(actor=_staff(), kind="people.residents", file_id=stored.pk, title=path.name, at=at)
    return str(run.pk)


def apply_run(run: str) -> str:
    """Say that the good rows should be entered."""
    from uuid import UUID

    from lianxin.platform import clock, runs

    return runs.apply_run(actor=_staff(), run=UUID(run), at=clock.now()).state


def undo_run(run: str) -> str:
    """Say that the rows should be taken back."""
    from uuid import UUID

    from lianxin.platform import clock, runs

    return runs.undo_run(actor=_staff(), run=UUID(run), reason="test", at=clock.now()).state


def _staff() -> Any:
    from lianxin.domain.people.queries.accounts import actor_for, find_account_by_login_name
    from lianxin.platform import clock

    return actor_for(account=find_account_by_login_name("chen"), at=clock.now())


def work(faults: list[str]) -> None:
    """Run the worker with short leases; each fault is `PLACE:COUNT=kill` or `PLACE:COUNT=FILE`.

    At the COUNT-th time at PLACE the process kills itself, or makes FILE and waits until it is gone.
    """
    from lianxin.platform import runs, search, tasks
    from lianxin.platform.worker import Worker

    tasks.LEASE, tasks.HEARTBEAT_SECONDS = timedelta(seconds=2), 0.4
    runs.CHUNK, runs.YIELD_SECONDS = CHUNK, 0
    places: dict[str, tuple[Any, str, bool]] = {
        "staging": (runs, "_packed", True),
        "in a chunk": (search, "put", False),
        "between chunks": (runs, "apply_chunk", False),
        "undoing": (search, "drop", False),
    }
    for fault in faults:
        place, _, act = fault.partition("=")
        name, _, count = place.partition(":")
        owner, attribute, before = places[name]
        setattr(owner, attribute, _faulty(getattr(owner, attribute), int(count), act, before=before))
    Worker().run()


def _faulty(function: Callable[..., Any], count: int, act: str, *, before: bool) -> Callable[..., Any]:
    calls = 0

    def run(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if before and calls == count:
            _strike(act)
        result = function(*arguments, **named)
        if not before and calls == count:
            _strike(act)
        return result

    return run


def _strike(act: str) -> None:
    if act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    mark = Path(act)
    mark.touch()
    while mark.exists():
        time.sleep(0.05)


def serve(port: int, *, dies: bool) -> None:
    """Serve the pages; `dies` kills the process after a POST was worked off and before it is answered."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    from lianxin.config.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        body = application(environ, start_response)
        if dies and environ["REQUEST_METHOD"] == "POST":
            os.kill(os.getpid(), signal.SIGKILL)
        return body

    make_server("127.0.0.1", port, answer, handler_class=Quiet).serve_forever()


def main() -> None:
    """Run one program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=["prepare", "start", "apply", "undo", "work", "serve"])
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    django.setup()
    words = options.arguments
    if options.name == "work":
        work(words)
    elif options.name == "serve":
        serve(int(words[0]), dies="dies" in words)
    else:
        programs: dict[str, Callable[..., Any]] = {
            "prepare": prepare,
            "start": start_run,
            "apply": apply_run,
            "undo": undo_run,
        }
        sys.stdout.write(json.dumps(programs[options.name](*words)) + "\n")


if __name__ == "__main__":
    main()
