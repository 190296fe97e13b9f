"""What a result must say of the machine it was measured on; never whose machine it is."""

import os
import platform
import re
import sqlite3
import subprocess
from pathlib import Path


def describe() -> dict[str, str]:
    """Give processor, cores, memory, system, and the versions that the figures depend on."""
    import django

    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": _memory(),
        "system": _system(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
    }


def _processor() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


def _memory() -> str:
    found = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return f"{int(found.group(1)) / 1024**2:.0f} GB" if found else "unknown"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _postgresql() -> str:
    from tests.support import postgres

    try:
        program = postgres.find_binaries() / "postgres"
    except postgres.PostgresqlMissing:
        return "not installed"
    text = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"^postgres \(PostgreSQL\) (\S+).*$", r"\1", text.strip())
