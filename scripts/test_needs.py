"""Installs what the tests need from the system: Chromium, Chinese fonts and PostgreSQL, unless opted out by name."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import chromium, postgres

# Debian would start a server of its own beside the tests; this file, there only while we install, says not to.
NO_SERVER_FILE = Path("/etc/postgresql-common/createcluster.d/lianxin-tests.conf")


@dataclass(frozen=True)
class Need:
    """One thing that the tests need, the part it belongs to, and how to see that it is there.

    What only makes them quicker is wished for: its absence is no fault, and it is asked for where we may install.
    """

    part: str
    packages: tuple[str, ...]
    present: Callable[[], bool]
    is_wish: bool = False


def has_postgresql() -> bool:
    """Tell whether a cluster can be made."""
    try:
        postgres.find_binaries()
    except postgres.PostgresqlMissing:
        return False
    return True


def has_chromium() -> bool:
    """Tell whether there is a Chromium to drive."""
    return chromium.find(*chromium.WHOLE) is not None


def has_chromium_without_windows() -> bool:
    """Tell whether there is the Chromium that the journeys are quickest with."""
    return chromium.find(*chromium.SHELLS) is not None


def has_chinese_font() -> bool:
    """Tell whether Chinese text can be drawn."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


NEEDS = (
    Need("browser", ("chromium-headless-shell",), has_chromium_without_windows, is_wish=True),
    Need("browser", ("chromium",), has_chromium),
    Need("browser", ("fontconfig", "fonts-noto-cjk"), has_chinese_font),
    Need("postgresql", ("postgresql",), has_postgresql),
)
PARTS = ("browser", "postgresql")


def apt_prefix() -> list[str] | None:
    """Give the words that go before `apt-get`, or None where we may not install."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(packages: tuple[str, ...], prefix: list[str]) -> bool:
    """Install packages through apt, and leave no PostgreSQL server behind that was not there."""
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    quiet_server = "postgresql" in packages and not Path("/etc/postgresql-common").exists()
    if quiet_server:
        subprocess.run([*prefix, "mkdir", "-p", str(NO_SERVER_FILE.parent)], check=True)
        subprocess.run(
            [*prefix, "tee", str(NO_SERVER_FILE)],
            input=b"create_main_cluster = false\n",
            stdout=subprocess.DEVNULL,
            check=True,
        )
    try:
        subprocess.run([*apt, "update"], check=False)
        install = [*apt, "install", "-y", "--no-install-recommends", *packages]
        return subprocess.run(install, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode == 0
    finally:
        if quiet_server:
            subprocess.run([*prefix, "rm", "-f", str(NO_SERVER_FILE)], check=False)


def main() -> int:
    """Install what is missing; otherwise say it in a sentence and fail."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", default="", help=f"parts to leave out: {' '.join(PARTS)}")
    without = set(parser.parse_args().without.replace(",", " ").split())
    if unknown := without - set(PARTS):
        print(f"WITHOUT knows {' and '.join(PARTS)}, not {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    missing = [need for need in NEEDS if need.part not in without and not need.present()]
    if not missing:
        return 0
    prefix = apt_prefix()
    if prefix is not None:
        # One by one: a system without the package that is wished for has the others.
        for need in missing:
            print(f"Installing what the tests need through apt: {' '.join(need.packages)} ...", flush=True)
            install(need.packages, prefix)
    missing = [need for need in missing if not (need.is_wish or need.present())]
    if not missing:
        return 0
    packages = [package for need in missing for package in need.packages]
    parts = " ".join(sorted({need.part for need in missing}))
    print(
        f"The tests need {', '.join(packages)}: run `apt-get install {' '.join(packages)}` as root, "
        f'or leave these tests out by name with `make test WITHOUT="{parts}"`.',
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
