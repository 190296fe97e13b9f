"""Fails when a tracked file names a place of somebody's machine or a package registry's host."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Written so that no pattern matches its own text.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.}*/-])/(?:root|work|opt/pypi|opt/wheels)/|(?<![\w/])/home/(?!lianxin)\w+/"
    ),
    "a folder outside the project": re.compile(r"\.\./shared\b"),
    "a package registry's host": re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|npm[m]irror|pypi\.tuna"
        r"|mirrors\.(?:aliyun|tencent|ustc)|(?:extra-)?index-url[ =]+http"
    ),
    "a merge left unfinished": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}
BINARY = {".xlsx", ".png", ".jpg", ".webp", ".ico", ".woff2", ".woff", ".mo", ".gz", ".zip", ".pdf"}


def tracked() -> list[Path]:
    """Give every file that is, or is about to be, in the repository."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def main() -> int:
    """Name each finding with file and line."""
    findings = []
    for path in tracked():
        if path.suffix in BINARY or "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for what, pattern in FORBIDDEN.items():
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(f"{path.relative_to(ROOT)}:{line}: names {what}: {match.group()!r}")
    print("\n".join(findings) or "no forbidden word", file=sys.stderr if findings else sys.stdout)
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
