"""`lianxin import KIND FILE --as LOGIN`: check a workbook and, with --apply, enter it by the run the pages use."""

import argparse
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lianxin.platform.errors import Invalid, NotAllowed

if TYPE_CHECKING:
    from lianxin.platform.actors import Actor
    from lianxin.platform.models import Run

SHOW_PROBLEMS = 50
LOOK_EVERY = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `import` takes."""
    parser.add_argument("kind", help="what the workbook holds: residents, or the full name of a kind")
    parser.add_argument("file", type=Path, help="an XLSX or CSV file")
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the staff account in whose name")
    parser.add_argument("--community", metavar="NAME|CODE", help="for rows that name no community")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="only check, enter nothing (this is the default)")
    how.add_argument("--apply", action="store_true", help="enter the good rows after the check")


def run(options: argparse.Namespace) -> int:
    """Check, tell every problem by row and column, and enter the good rows when asked to."""
    from lianxin.faces.cli.setup import django_ready

    django_ready()
    from lianxin.platform import runs, scope

    actor = _actor(options.login)
    kind = _kind(options.kind)
    if not runs.kind_named(kind).may(actor):
        raise NotAllowed(f"{options.login} may not import this.")
    community = _community(actor, options.community) if options.community else None
    with scope.within(actor.communities):
        started = _start(actor, kind, options.file, community)
        checked = _follow(actor, started, until=("STAGED", "REFUSED"))
        if checked.state == "REFUSED":
            raise Invalid(checked.refusal)
        _tell_problems(checked, options.file)
        if not options.apply:
            print("Nothing was entered. To enter the good rows, say --apply.")
            return 1 if checked.rows_wrong else 0
        return _apply(actor, checked)


def _apply(actor: "Actor", run: "Run") -> int:
    from lianxin.platform import clock, runs

    already = _count_problems(run)
    runs.apply_run(actor=actor, run=run.pk, at=clock.now())
    done = _follow(actor, run, until=("DONE",))
    print(f"Entered {done.rows_applied} rows.")
    late = _count_problems(done) - already
    if late:
        print(f"{late} of them were left out, because their ID numbers came onto record since the check.")
    return 1 if done.rows_wrong or late else 0


def _actor(login: str) -> "Actor":
    from lianxin.domain.people.queries.accounts import actor_for, find_account_by_login_name
    from lianxin.platform import clock

    account = find_account_by_login_name(login)
    if not account.is_active:
        raise NotAllowed(f"The account {login} is not in use.")
    return actor_for(account=account, at=clock.now(), via="import")


def _kind(name: str) -> str:
    from lianxin.platform import contributions

    known = [kind.name for kind in contributions.every("run_kinds")]
    for full in known:
        if name in (full, full.rpartition(".")[2]):
            return full
    raise Invalid(f"There is no kind of import called {name}; known are: {', '.join(known)}.")


def _community(actor: "Actor", text: str) -> Any:
    from lianxin.domain.people.commands.imports import community_names

    found = community_names(actor)
    if text not in found:
        raise Invalid(f"{text} is no name or code of a community in this account's reach.")
    if found[text] is None:
        raise Invalid(f"More than one community is called {text}. Give the 12-digit code.")
    return found[text]


def _start(actor: "Actor", kind: str, path: Path, community: Any) -> "Run":
    from django.conf import settings
    from django.db import transaction

    from lianxin.platform import clock, files, runs

    at = clock.now()
    try:
        source = path.open("rb")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None
    with source, transaction.atomic():
        stored = files.store(
            fileobj=source,
            name=path.name,
            purpose="runs.source",
            limit_bytes=settings.UPLOAD_LIMIT_BYTES,
            accept=files.TABLES,
            community_id=community,
            at=at,
        )
    options = {"community": str(community)} if community else {}
    return runs.start_run(actor=actor, kind=kind, file_id=stored.pk, title=path.name, options=options, at=at)


def _follow(actor: "Actor", run: "Run", *, until: tuple[str, ...]) -> "Run":
    """Work on the run here unless a worker is at it already, and show how far it is."""
    from lianxin.platform import clock, runs, scope, tasks
    from lianxin.platform.models import Job

    stop = threading.Event()
    shower = threading.Thread(target=_show_progress, args=(actor, run.pk, stop), daemon=True)
    if sys.stdout.isatty():
        shower.start()
    try:
        while True:
            found = runs.find_run(actor=actor, run=run.pk)
            if found.state in until:
                return found
            parked = Job.objects.filter(args__run=str(run.pk), state=Job.State.PARKED).first()
            if parked is not None:
                raise Invalid(f"The import stopped after {parked.attempts} attempts: {parked.failure.splitlines()[0]}")
            with scope.everything():
                busy = tasks.run_one(worker="cli", lane=tasks.LONG, at=clock.now())
            if not busy:
                time.sleep(LOOK_EVERY)
    finally:
        stop.set()
        if shower.is_alive():
            shower.join()
            print("\r", end="\033[K")


def _show_progress(actor: "Actor", run: Any, stop: threading.Event) -> None:
    from django.db import connection

    from lianxin.platform import run_reading, runs

    while not stop.wait(LOOK_EVERY):
        done, total, note = run_reading.progress_of(runs.find_run(actor=actor, run=run))
        print(f"\r{note} {done}/{total}" if total else f"\r{note}", end="\033[K", flush=True)
    connection.close()


def _tell_problems(run: "Run", path: Path) -> None:
    from lianxin.platform import run_reading, runs, sheets

    print(f"Read {run.rows_read} rows: {run.rows_good} good, {run.rows_wrong} wrong, {run.warnings} with a warning.")
    columns = runs.kind_named(run.kind).columns
    labels = {column.name: str(column.label) for column in columns}
    problems = run_reading.problems_by_row(run)
    told = 0
    for row, found in problems.items():
        for column, sentence in found:
            if told < SHOW_PROBLEMS:
                print(
                    f"  row {row}, {labels.get(column, column)}: {sentence}" if column else f"  row {row}: {sentence}"
                )
            told += 1
    if told > SHOW_PROBLEMS:
        print(f"  and {told - SHOW_PROBLEMS} more")
    if problems:
        source, name = runs.source_of(run)
        marked = path.with_name(f"{path.stem}-marked.xlsx")
        sheets.write_marked(path=source, name=name, problems=problems, columns=columns, target=marked)
        print(f"The wrong rows, marked, are in {marked}.")


def _count_problems(run: "Run") -> int:
    from lianxin.platform import run_reading

    return len(run_reading.problems_by_row(run))
