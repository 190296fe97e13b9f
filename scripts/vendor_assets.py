"""Copy the browser files we ship from exact npm packages into the kit, with digests and licences.

Run by a maintainer when a version changes (`python scripts/vendor_assets.py`); the result is committed, so neither
building nor running Lianxin needs npm. `--check` compares the committed files with the manifest and touches no network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

KIT = Path(__file__).resolve().parents[1] / "src" / "lianxin" / "faces" / "kit"
VENDOR = KIT / "static" / "vendor"
SPRITE = KIT / "static" / "kit" / "icons.svg"
ICON_LIST = KIT / "icons.txt"


@dataclass(frozen=True)
class Package:
    """One npm package at one version and the files we take from its tarball."""

    name: str
    version: str
    sha256: str
    licence: str
    home: str
    files: tuple[str, ...] = ()
    folder: str = ""

    @property
    def directory(self) -> str:
        return f"{self.folder or self.name}-{self.version}"


LEAFLET = Package(
    name="leaflet",
    version="1.9.4",
    sha256="84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
    licence="BSD-2-Clause",
    home="https://leafletjs.com",
    files=(
        "dist/leaflet.js",
        "dist/leaflet.css",
        "dist/images/layers.png",
        "dist/images/layers-2x.png",
        "dist/images/marker-icon.png",
        "dist/images/marker-icon-2x.png",
        "dist/images/marker-shadow.png",
    ),
)
HTMX = Package(
    name="htmx.org",
    version="2.0.6",
    sha256="275361947bb88b3c65d489b044a953c487b363d760b0ecf384e347e7a8d950a6",
    licence="0BSD",
    home="https://htmx.org",
    files=("dist/htmx.min.js",),
    folder="htmx",
)
ICONS = Package(
    name="@tabler/icons",
    version="3.34.1",
    sha256="8a240158e3270b4eccbe6ce5c50c01f1d2aade54f67deea86b49362802c6c022",
    licence="MIT",
    home="https://tabler.io/icons",
    folder="tabler-icons",
)
# The build with lines, bars, pies and points; maps, trees and the like are in the full one, which is twice as large.
ECHARTS = Package(
    name="echarts",
    version="6.1.0",
    sha256="681aff88cc1038c3fa941a3a53d1b177a52250b05335efc607d6105ae13be481",
    licence="Apache-2.0",
    home="https://echarts.apache.org",
    files=("dist/echarts.common.min.js", "NOTICE"),
)
PACKAGES = (LEAFLET, HTMX, ICONS, ECHARTS)


class VendorError(Exception):
    """A fetched or committed file is not the one we agreed on."""


def fetch(*, package: Package, into: Path) -> Path:
    """Download one package tarball through npm and verify its digest."""
    done = subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--silent", "--pack-destination", str(into)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise VendorError(f"npm could not fetch {package.name}@{package.version}: {done.stderr.strip()}")
    tarball = into / done.stdout.strip().splitlines()[-1]
    found = digest(content=tarball.read_bytes())
    if found != package.sha256:
        raise VendorError(f"{package.name}@{package.version} has sha256 {found}, expected {package.sha256}")
    return tarball


def digest(*, content: bytes) -> str:
    """SHA-256 of some bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def member(*, archive: tarfile.TarFile, name: str) -> bytes:
    """The bytes of one regular file of a package tarball."""
    handle = archive.extractfile(f"package/{name}")
    if handle is None:
        raise VendorError(f"{name} is not a file in the package")
    return handle.read()


def sprite(*, archive: tarfile.TarFile, names: list[str]) -> str:
    """One SVG with a symbol per icon that our templates use, in the order of the list."""
    symbols = []
    for name in names:
        drawing = member(archive=archive, name=f"icons/outline/{name}.svg").decode()
        inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.S)
        inside = inside.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
        inside = re.sub(r"\s+", " ", inside).replace("> <", "><").replace(" />", "/>").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>')
    head = f"<!-- {ICONS.name} {ICONS.version}, {ICONS.licence}, {ICONS.home} -->\n"
    return f'{head}<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def icon_names() -> list[str]:
    """The icons that `kit/icons.txt` asks for."""
    return sorted({line.strip() for line in ICON_LIST.read_text().splitlines() if line.strip()})


def entry(*, package: Package, path: Path) -> dict[str, str]:
    """The manifest line of one file that came from a package."""
    return {
        "name": package.name,
        "version": package.version,
        "file": path.relative_to(KIT / "static").as_posix(),
        "sha256": digest(content=path.read_bytes()),
        "licence": package.licence,
        "home": package.home,
        "package_sha256": package.sha256,
    }


def take(*, package: Package, tarball: Path) -> list[dict[str, str]]:
    """Write the wanted files of one package with its licence; return their manifest lines."""
    target = VENDOR / package.directory
    written = []
    with tarfile.open(tarball) as archive:
        for name in (*package.files, "LICENSE"):
            path = target / name.removeprefix("dist/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(servable(name=name, content=member(archive=archive, name=name)))
            written.append(path)
        if package is ICONS:
            SPRITE.parent.mkdir(parents=True, exist_ok=True)
            SPRITE.write_text(sprite(archive=archive, names=icon_names()))
            written.append(SPRITE)
    return [entry(package=package, path=path) for path in written]


def servable(*, name: str, content: bytes) -> bytes:
    """Drop the pointer to a source map, which we do not ship and which would break hashed static names."""
    if name.endswith(".js"):
        return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)
    return content


def check() -> list[str]:
    """Sentences about committed files that differ from the manifest, or that it does not know."""
    lines = json.loads((VENDOR / "manifest.json").read_text())
    faults = []
    for line in lines:
        path = KIT / "static" / line["file"]
        if not path.exists():
            faults.append(f"{line['file']} is in the manifest but missing")
        elif digest(content=path.read_bytes()) != line["sha256"]:
            faults.append(f"{line['file']} was changed after it was vendored")
    known = {line["file"] for line in lines} | {"vendor/manifest.json"}
    for path in sorted(VENDOR.rglob("*")):
        name = path.relative_to(KIT / "static").as_posix()
        if path.is_file() and name not in known:
            faults.append(f"{name} is not in the manifest")
    if SPRITE.exists():
        drawn = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
        faults += [f"icon {name} is listed but not in the sprite" for name in icon_names() if name not in drawn]
    return faults


def main() -> int:
    """Vendor everything, or only check what is committed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare committed files with the manifest, offline")
    if parser.parse_args().check:
        faults = check()
        print("\n".join(faults) or "Vendored files are as recorded.")
        return 1 if faults else 0
    lines: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            lines += take(package=package, tarball=fetch(package=package, into=Path(folder)))
    (VENDOR / "manifest.json").write_text(json.dumps(lines, indent=2) + "\n")
    print(f"{len(lines)} files vendored into {VENDOR.relative_to(Path.cwd())}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except VendorError as error:
        sys.exit(str(error))
