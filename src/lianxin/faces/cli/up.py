"""`lianxin up`: prepare, build the sample district's ground once, then run server and worker until stopped."""

import argparse
import os
import socket
import sys
import time
from typing import NoReturn

from lianxin.faces.cli.serve import THREADS
from lianxin.platform import prepared

# The C library keeps freed memory for each thread unless it is told not to, and Python keeps for each instruction the
# columns that it came from, for the marks under the lines of a traceback; what an operator sets himself holds.
LEAN_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "PYTHONNODEBUGRANGES": "1"}
GREETING = "_LIANXIN_GREETING"
ADDRESS = "{address}"  # stands in the greeting where the address comes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `up` takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (default: 8000, or PORT)"
    )
    parser.add_argument("--workers", type=int, default=1, help="web worker processes (default: 1)")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"threads per web worker (default: {THREADS})")
    parser.add_argument(
        "--no-sample", action="store_true", help="do not build the sample district in an empty database"
    )
    parser.add_argument("--is-prepared", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--since", type=float, default=0.0, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Prepare what a former start did not, then serve until SIGINT or SIGTERM."""
    if options.is_prepared:
        return _serve(options)
    started = time.monotonic()
    address = f"http://{options.host}:{options.port}"
    reason = _why_closed(options.host, options.port)
    if reason:
        print(f"The server cannot start on {address}: {reason}. PORT=8001 make run takes another.", file=sys.stderr)
        return 1
    program = prepared.fingerprint(environment=os.environ)
    greeting = prepared.find_greeting(environment=os.environ, program=program)
    if greeting is None:
        greeting = _prepare(options, program=program)
    return _become_server(options, greeting, started)


def _become_server(options: argparse.Namespace, greeting: str, started: float) -> NoReturn:
    """Go on as a process that holds nothing of the preparing: all parts are born from it."""
    words = ["--host", options.host, "--port", str(options.port), "--workers", str(options.workers)]
    words += ["--threads", str(options.threads), "--since", str(started), "--is-prepared"]
    environment = LEAN_MEMORY | os.environ | {GREETING: greeting}
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", "lianxin", "up", *words], environment)  # noqa: S606


def _serve(options: argparse.Namespace) -> int:
    from lianxin.faces.cli import serve

    greeting = os.environ.pop(GREETING, "")
    address = f"http://{options.host}:{options.port}"

    def ready() -> None:
        seconds = time.monotonic() - options.since
        print(f"\nLianxin 连心 is ready on {address} after {seconds:.1f} s.", flush=True)
        if greeting:
            print(greeting.replace(ADDRESS, address), flush=True)
        print("Stop with Ctrl-C.", flush=True)

    options.with_worker = True
    options.worker_cache_kb = int(os.environ.get("LIANXIN_SQLITE_CACHE_KB") or serve.WORKER_CACHE_KB)
    return serve.serve(options, ready=ready)


def _why_closed(host: str, port: int) -> str:
    """Say why nobody can listen there; another server that answers in our place would look like ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return ""
    except OverflowError:
        return "there is no such port"
    except OSError as error:
        return os.strerror(error.errno).lower() if error.errno and error.errno > 0 else str(error.strerror or error)


def _prepare(options: argparse.Namespace, *, program: str) -> str:
    """Go the long way: look at keys, tables and static files, build the sample's ground; give the greeting."""
    from lianxin.faces.cli import demo
    from lianxin.faces.cli.setup import everything_ready, keep_stamp

    everything_ready()
    if demo.is_empty() and demo.is_upper():
        # Its figures come from districts: there is nothing to build before it is said which city this is.
        print("Set this instance up: lianxin init --district-code CODE --name NAME, or lianxin demo for a sample.")
    elif not options.no_sample and demo.is_empty():
        demo.build_ground_with_progress()
    from django.db import connections

    greeting = demo.logins_text(ADDRESS)
    keep_stamp(program=program, greeting=greeting)
    connections.close_all()
    return greeting
