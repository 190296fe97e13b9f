"""Runs every check that needs no test run, shows one line each, and what went wrong in full."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTHON = sys.executable


@dataclass(frozen=True)
class Check:
    """One command that must end with 0."""

    name: str
    meaning: str
    command: tuple[str, ...]


CHECKS = (
    Check("lint", "code follows the rules of ruff", (f"{BIN}/ruff", "check", ".")),
    Check("format", "code is in the house's format", (f"{BIN}/ruff", "format", "--check", "--quiet", "--diff", ".")),
    Check("templates", "templates are well formed", (f"{BIN}/djlint", "src", "--lint", "--quiet")),
    Check("types", "types agree", (f"{BIN}/mypy",)),
    Check("layers", "imports point down", (f"{BIN}/lint-imports",)),
    Check(
        "schema",
        "tables, migrations and source keep the house's rules",
        (PYTHON, "-m", "pytest", "-q", "--tb=line", "--no-header", "tests/contracts/test_schema.py")
        + ("tests/contracts/test_source.py",),
    ),
    Check("messages", "every text has its Chinese", (PYTHON, "scripts/messages.py", "check")),
    Check("vendored", "vendored files are those of the manifest", (PYTHON, "scripts/vendor_assets.py", "--check")),
    Check("data", "reference data is that of the manifest", (PYTHON, "scripts/data_digests.py")),
    Check("licences", "every package may be shipped", (PYTHON, "scripts/licences.py")),
    Check("words", "no file names a machine or a registry", (PYTHON, "scripts/forbidden_words.py")),
)


def environment(folder: str) -> dict[str, str]:
    """Give the checks settings that touch no real data."""
    return os.environ | {
        "LIANXIN_TESTING": "1",
        "LIANXIN_VAR_DIR": folder,
        "LIANXIN_DATABASE_URL": f"sqlite:///{folder}/checks.sqlite3",
        "DJANGO_SETTINGS_MODULE": "lianxin.config.settings",
        "CI": "1",
    }


def main() -> int:
    """Run all the checks, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=" ".join(check.name for check in CHECKS))
    names = parser.parse_args().names
    if unknown := set(names) - {check.name for check in CHECKS}:
        print(f"There is no check {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    failed = []
    with tempfile.TemporaryDirectory(prefix="lianxin-checks-") as folder:
        for check in CHECKS:
            if names and check.name not in names:
                continue
            began = time.monotonic()
            done = subprocess.run(
                check.command,
                cwd=ROOT,
                env=environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            words = "passed" if done.returncode == 0 else "FAILED"
            print(f"  {words:<7} {check.name:<10} {check.meaning} ({time.monotonic() - began:.0f} s)", flush=True)
            if done.returncode:
                failed.append(check.name)
                print("\n".join(f"    {line}" for line in done.stdout.rstrip().splitlines()), flush=True)
    if failed:
        print(f"{len(failed)} of the checks failed: {', '.join(failed)}.", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
