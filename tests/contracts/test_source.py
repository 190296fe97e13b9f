"""The source keeps the rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianxin"
FILES = [
    path
    for path in sorted(SOURCE.rglob("*.py"))
    if not {"migrations", "tests"} & set(path.relative_to(SOURCE).parts) and path.stat().st_size
]
LONGEST = 400
# Names that say nothing of what is inside; in a package split by noun `services` may be the noun (standing services).
VAGUE = {"utils", "helpers", "services", "common", "misc", "tools"}

# Files that may go past the ORM, and so past the fence between communities; each takes its ids from `scope.ids()` or
# touches no tenant row. A file joins this list with a reason in the review.
RAW_SQL_KERNELS = {
    # A rush: three hundred sign-ups in seconds, each in few statements; all name the one occurrence they are for.
    "domain/activities/commands/asking.py",
    "domain/activities/commands/counters.py",
    "domain/activities/commands/parties.py",
    "domain/activities/queries/public.py",
    # Compares facts with rows over the whole district, for `verify`.
    "domain/activities/queries/checks.py",
    "domain/people/commands/bulk.py",
    "domain/points/ledger/sql.py",
    "faces/kit/health.py",
    "platform/append_only.py",
    "platform/commands.py",
    "platform/doctor.py",
    "platform/dumps.py",
    "platform/final_statement.py",
    "platform/fingerprint.py",
    "platform/locks.py",
    "platform/many.py",
    "platform/no_overlap.py",
    "platform/prepared.py",
    "platform/rekeying.py",
    "platform/row_security.py",
    "platform/rows.py",
    "platform/search.py",
    "platform/search_index.py",
    "platform/sensitive.py",
    "platform/tallies.py",
    "platform/verification.py",
}
# The clock itself, the worker, the tasks that only the worker calls, and the time at which a search entry was written.
CLOCK_READERS = {
    "platform/clock.py",
    "platform/doctor.py",
    "platform/ids.py",
    "platform/runs.py",
    "platform/schedule.py",
    "platform/search.py",
    "platform/tasks.py",
    "platform/worker.py",
}
RAW_SQL = re.compile(r"\.cursor\(\)|\b_base_manager\b|\.raw\(|\bRawSQL\b|\.extra\(|\bconnection\.connection\b")


def name_of(path: Path) -> str:
    """Give a path as seen from the package."""
    return path.relative_to(SOURCE).as_posix()


def nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    """Walk a file's syntax tree for nodes of some kinds."""
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds))


def imports(path: Path) -> Iterator[str]:
    """Give the dotted names that a file imports."""
    for node in nodes(path, ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_raw_sql_stays_in_its_kernels() -> None:
    users = {name_of(path) for path in FILES if RAW_SQL.search(path.read_text(encoding="utf-8"))}

    assert users - RAW_SQL_KERNELS == set()


def test_list_of_kernels_holds_no_file_that_needs_no_raw_sql() -> None:
    idle = [name for name in RAW_SQL_KERNELS if not RAW_SQL.search((SOURCE / name).read_text(encoding="utf-8"))]

    assert idle == []


def test_nothing_happens_through_signals() -> None:
    signals = {
        (name_of(path), name)
        for path in FILES
        for name in imports(path)
        if name.startswith(("django.db.models.signals", "django.dispatch"))
    }

    # The platform may put its triggers and indexes in place when the tables have been made.
    allowed = "django.db.models.signals.post_migrate"
    assert [one for one in signals if not (one[0].startswith("platform/") and one[1] == allowed)] == []


def test_models_of_the_domain_override_no_save_or_delete() -> None:
    overridden = [
        (name_of(path), member.name)
        for path in FILES
        if "domain" in path.parts
        for cls in nodes(path, ast.ClassDef)
        for member in cls.body  # type: ignore[attr-defined]
        if isinstance(member, ast.FunctionDef) and member.name in {"save", "delete", "full_clean", "clean"}
    ]

    assert overridden == []


def test_only_config_reads_the_environment() -> None:
    # `up` takes PORT for `make run` and hands the environment on to server and worker.
    # `dumps` hands it to pg_dump with the scope added.
    others = [
        path
        for path in FILES
        if not (name_of(path).startswith("config/") or name_of(path) in ("faces/cli/up.py", "platform/dumps.py"))
    ]
    # Setting a default for a library, or for Django before it wakes, reads nothing.
    read = re.compile(r"\bos\.(?:environ(?!\.setdefault\()|getenv)")

    assert [name_of(path) for path in others if read.search(path.read_text(encoding="utf-8"))] == []


def test_clock_is_read_by_faces_and_worker_only() -> None:
    by_worker = {path for path in FILES if path.name == "wiring.py" or path.stem.endswith("_tasks")}
    told = [
        path for path in FILES if not ("faces" in path.parts or path in by_worker or name_of(path) in CLOCK_READERS)
    ]
    read = re.compile(r"\bclock\.now\(|\btimezone\.now\(|\bdatetime\.now\(|\bdate\.today\(|\btime\.time\(")

    assert [name_of(path) for path in told if read.search(path.read_text(encoding="utf-8"))] == []


def test_file_is_short() -> None:
    long = [name_of(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST]

    assert long == [], "split it by noun"


def test_file_is_named_for_what_it_holds() -> None:
    by_noun = {"models", "commands", "queries", "rules", "views", "places"}
    vague = [
        name_of(path)
        for path in FILES
        if path.stem in VAGUE and not (path.stem == "services" and path.parent.name in by_noun)
    ]

    assert vague == []
