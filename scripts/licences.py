"""Fails when the program would ship with a package whose licence its users could not accept."""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFUSED = re.compile(
    r"\b(?:AGPL|GPL|SSPL|BUSL|Affero)|(?<!Lesser )General Public License|Commons Clause", re.IGNORECASE
)
ALLOWED = re.compile(r"\bLGPL|Lesser General Public|\bLesser\b", re.IGNORECASE)


def locked() -> list[str]:
    """Give the names in the lock of the running program."""
    text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    return re.findall(r"^([a-z0-9][\w.-]*?)(?:\[[^]]*\])?==", text, re.MULTILINE)


def licence(name: str) -> str:
    """Give what a package says its licence is."""
    about = metadata.metadata(name)
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    text = about.get("License-Expression") or "; ".join(classifiers) or (about.get("License") or "").split("\n")[0]
    return text or _licence_file(name) or "unknown"


def _licence_file(name: str) -> str:
    """Give the licence's text of a package whose metadata only names the file."""
    files = [
        file for file in metadata.files(name) or [] if ".dist-info/" in str(file) and "LICENSE" in file.name.upper()
    ]
    return " ".join(" ".join(file.read_text(encoding="utf-8").split()) for file in files)


def main() -> int:
    """Name each package that may not be shipped."""
    wrong, seen = [], 0
    for name in locked():
        try:
            words = licence(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        seen += 1
        if words == "unknown" or (REFUSED.search(words) and not ALLOWED.search(words)):
            wrong.append(f"{name}: {words}")
    print(
        "\n".join(wrong) or f"{seen} packages, all with a licence we may ship", file=sys.stderr if wrong else sys.stdout
    )
    return int(bool(wrong) or not seen)


if __name__ == "__main__":
    sys.exit(main())
