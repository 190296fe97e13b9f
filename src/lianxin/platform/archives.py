"""A backup's archive: one tar file whose last member, the manifest, proves that all the others are whole."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from lianxin.platform.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files/"
SEALS = "seals/"
_BLOCK = 1 << 20


class ArchiveDamaged(Refused):
    """The archive is cut short, was changed, or is none of ours."""

    title: Any = "This is no whole archive of Lianxin."


@dataclass
class Manifest:
    """What an archive holds, and the state of the database it was made from."""

    version: str
    made_at: str
    database: str
    migrations: list[str]
    tables: dict[str, int]
    audit_batch: int
    audit_root: str
    signing_keys: dict[str, str]
    encryption_keys: list[int]
    digest_keys: list[int]
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def stored_files(self) -> int:
        """How many stored files the archive holds."""
        return sum(name.startswith(FILES) for name in self.members)


class _Hashing:
    """Reads on, and digests what went through."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read like the source."""
        block = self._source.read(size)
        self.digest.update(block)
        return block


class Writer:
    """Adds members to an archive that is being written, and its manifest at the end."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.members: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is now; what is appended to it meanwhile stays out."""
        with path.open("rb") as source:
            status = os.fstat(source.fileno())
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = status.st_size, int(status.st_mtime), 0o600
            hashing = _Hashing(source)
            self._tar.addfile(member, hashing)  # type: ignore[arg-type]
        self.members[name] = hashing.digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest; without it the archive counts as cut short."""
        manifest.members = self.members
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(text), 0o600
        self._tar.addfile(member, io.BytesIO(text))


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """Write an archive under a temporary name; it gets its own name when it is whole and on the disk, or never."""
    remove_leftovers(target)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
                yield Writer(tar)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, target)
        sync_folder(target.parent)
    finally:
        fresh.unlink(missing_ok=True)


def remove_leftovers(target: Path) -> None:
    """Remove what killed backups to this name left beside it."""
    for path in target.parent.glob(f".{target.name}.*.part*"):
        owner = path.name.removeprefix(f".{target.name}.").split(".")[0]
        if not (owner.isdigit() and Path(f"/proc/{owner}").exists()):
            path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check(path: Path) -> Manifest:
    """Read a whole archive and give its manifest; raises ArchiveDamaged with the first thing that is wrong."""
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    with _reading(path) as tar:
        for member in tar:
            if manifest is not None:
                raise ArchiveDamaged(f"{path}: there is something behind the manifest.")
            if not member.isreg() or not _plain(member.name):
                raise ArchiveDamaged(f"{path}: {member.name!r} is no member of a backup.")
            source = tar.extractfile(member)
            assert source is not None
            if member.name == MANIFEST:
                manifest = _manifest(path, source.read())
            else:
                found[member.name] = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    if manifest is None:
        raise ArchiveDamaged(f"{path} is cut short: its manifest is missing.")
    if set(found) != set(manifest.members):
        name = min(set(found) ^ set(manifest.members))
        raise ArchiveDamaged(f"{path}: {name} is {'missing' if name in manifest.members else 'not in the manifest'}.")
    for name, digest in found.items():
        if digest != manifest.members[name]:
            raise ArchiveDamaged(f"{path}: {name} was changed after the backup.")
    return manifest


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give every member but the manifest, in order, open for reading; the archive was checked before."""
    with _reading(path) as tar:
        for member in tar:
            source = tar.extractfile(member)
            if source is not None and member.name != MANIFEST:
                yield member.name, source


def copy_out(source: IO[bytes], target: Path, mode: int = 0o600) -> None:
    """Write a member to a file that is whole and on the disk before it gets its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
            while block := source.read(_BLOCK):
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            yield tar
    except FileNotFoundError:
        raise ArchiveDamaged(f"There is no file {path}.") from None
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ArchiveDamaged(f"{path} is cut short or damaged: {error}.") from None


def _plain(name: str) -> bool:
    if name in (DATABASE, MANIFEST):
        return True
    parts = name.split("/")
    return name.startswith((FILES, SEALS)) and all(part not in ("", ".", "..") for part in parts)


def _manifest(path: Path, text: bytes) -> Manifest:
    with suppress(ValueError, TypeError):
        document: Any = json.loads(text)
        if document.get("format") == FORMAT:
            return Manifest(**document)
        if isinstance(document.get("format"), int) and document["format"] > FORMAT:
            raise ArchiveDamaged(f"{path} was made by a newer version of Lianxin. Install that version first.")
    raise ArchiveDamaged(f"{path}: the manifest cannot be read.")
