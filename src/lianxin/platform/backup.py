"""Backup and restore: the database, the stored files and the copies of the seals in one archive; keys go apart."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from lianxin.platform import archives, audit, dumps, keys, leases, verification
from lianxin.platform.archives import DATABASE, FILES, SEALS, Manifest
from lianxin.platform.errors import Refused
from lianxin.platform.models import Lease

LEASE = "backup"
LONGEST = timedelta(hours=6)
STAMP = "backup.stamp"
Tell = Callable[[str], None]


class NotEmpty(Refused):
    """There is something that a restore would replace."""

    title: Any = "The database is not empty."


class NewerArchive(Refused):
    """The archive was made by a newer version of the program."""

    title: Any = "The archive is newer than this program."


class WrongKeys(Refused):
    """The key ring is not the one that sealed what the archive holds."""

    title: Any = "The keys do not belong to the archive."


class DiskFull(Refused):
    """There is no room for the archive."""

    title: Any = "The disk is full."


class NotTheSame(Refused):
    """What was read back is not what was written out."""

    title: Any = "The restored data are not what the archive says."


@dataclass(frozen=True)
class Stamp:
    """When the last backup was made, and where it went."""

    made_at: datetime
    file: str


def is_running(*, at: datetime) -> bool:
    """Tell whether a backup copies files now."""
    return Lease.objects.filter(name=LEASE, until_at__gt=at).exists()


def last_backup() -> Stamp | None:
    """Give the stamp that the last backup from this machine left."""
    try:
        told = json.loads((Path(settings.VAR_DIR) / STAMP).read_text(encoding="utf-8"))
        return Stamp(datetime.fromisoformat(told["made_at"]), told["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def back_up(*, target: Path, key_copy: Path | None = None, at: datetime, tell: Tell = print) -> Manifest:
    """Write an archive of this moment while people go on working; nothing is left behind when it fails."""
    target = target.absolute()
    if key_copy is not None and key_copy.absolute() == target:
        raise Refused("The keys must go to another file than the archive.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}.")
    ring = keys.ring(fresh=True)
    leases.take(LEASE, holder=LEASE, at=at, duration=LONGEST)
    copy = target.with_name(f".{target.name}.{os.getpid()}.part-database")
    try:
        with _room_needed(target.parent), archives.writing(target) as archive:
            tell("Copying the database …")
            state = dumps.snapshot(copy)
            archive.add(DATABASE, copy)
            copy.unlink()
            tell("Copying stored files and seals …")
            for name, path in _companions():
                archive.add(name, path)
            manifest = Manifest(
                version=metadata.version("lianxin"),
                made_at=at.isoformat(),
                database=connection.vendor,
                **asdict(state),
                signing_keys={str(number): key for number, key in ring.public_keys().items()},
                encryption_keys=sorted(ring.ciphers),
                digest_keys=sorted(key.id for key in ring.keys if key.kind == "digest"),
            )
            archive.finish(manifest)
        if key_copy is not None:
            with _room_needed(key_copy.absolute().parent):
                _copy_keys(Path(settings.KEY_FILE), key_copy.absolute())
        stamp = json.dumps({"made_at": at.isoformat(), "file": str(target)})
        (Path(settings.VAR_DIR) / STAMP).write_text(stamp, encoding="utf-8")
    finally:
        copy.unlink(missing_ok=True)
        copy.with_name(f"{copy.name}-journal").unlink(missing_ok=True)
        leases.release(LEASE, holder=LEASE)
    return manifest


def _companions() -> Iterator[tuple[str, Path]]:
    root, seals = Path(settings.FILES_ROOT), Path(settings.SEAL_COPY_DIR)
    for path in sorted(root.glob("??/??/*")):
        if len(path.name) == 64:
            yield f"{FILES}{path.relative_to(root)}", path
    for path in sorted(seals.glob("*.jsonl")):
        yield f"{SEALS}{path.name}", path


@contextmanager
def _room_needed(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"There is no room left in {folder}. Nothing was kept of this backup.") from None
        raise Refused(f"The backup could not be written: {error}. Nothing was kept of it.") from None


def _copy_keys(source: Path, target: Path) -> None:
    with source.open("rb") as ring:
        archives.copy_out(ring, target, mode=0o600)
    archives.sync_folder(target.parent)


def check(*, archive: Path) -> Manifest:
    """Prove that an archive is whole and its database readable, without restoring it."""
    manifest = archives.check(archive)
    folder = Path(settings.VAR_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f".check-{os.getpid()}.part-database"
    try:
        with _room_needed(folder):
            _take_database_out(archive, copy)
        _compare(manifest, dumps.check_readable(copy, manifest.database))
    finally:
        copy.unlink(missing_ok=True)
    return manifest


def _take_database_out(archive: Path, target: Path) -> None:
    with closing(archives.members(archive)) as members:  # type: ignore[type-var]
        for name, source in members:
            if name == DATABASE:
                archives.copy_out(source, target)
                return
    raise archives.ArchiveDamaged(f"{archive} holds no database.")


def _compare(manifest: Manifest, found: dumps.State | None) -> None:
    if found is None:
        return
    for table in sorted(set(manifest.tables) | set(found.tables)):
        told, there = manifest.tables.get(table), found.tables.get(table)
        if told != there:
            raise NotTheSame(f"{table} has {there} rows; the archive says {told}.")
    if (found.audit_batch, found.audit_root) != (manifest.audit_batch, manifest.audit_root):
        raise NotTheSame("The latest root of the audit chain is not the one that the archive names.")


def restore(
    *, archive: Path, key_file: Path | None, force: bool = False, at: datetime, tell: Tell = print
) -> list[verification.Result]:
    """Bring an archive back, then migrate, seal and verify; gives every check's result.

    All that can be refused is refused before anything is touched. Killed half-way, it can be run again.
    """
    tell("Checking the archive …")
    manifest = archives.check(archive)
    _require_same_kind(manifest)
    _require_known_migrations(manifest)
    ring_file = _require_keys(manifest, key_file, force)
    dumps.recover()
    if not force and not dumps.is_empty():
        raise NotEmpty("The database is not empty. To replace all that is in it, say --force.")
    copy = _staging_place()
    try:
        with _room_needed(copy.parent):
            copy.parent.mkdir(parents=True, exist_ok=True)
            _take_database_out(archive, copy)
            _compare(manifest, dumps.check_readable(copy, manifest.database))
            tell("Bringing back stored files and seals …")
            _bring_back_companions(archive)
        if ring_file is not None:
            _install_keys(ring_file)
        tell("Bringing back the database …")
        with dumps.replacing(copy):
            _compare(manifest, dumps.state())
            _migrate(tell)
            while audit.seal_pending(holder="restore", at=at):
                pass
    finally:
        copy.unlink(missing_ok=True)
    tell("Verifying …")
    return verification.run_all()


def _staging_place() -> Path:
    """Beside the database where that is a file, as a rename must not cross file systems."""
    folder = Path(settings.VAR_DIR)
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).absolute().parent
    return folder / f".restore-{os.getpid()}.part-database"


def _require_same_kind(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise Refused(
            f"The archive holds a {manifest.database} database; LIANXIN_DATABASE_URL names a {connection.vendor} one."
        )


def _require_known_migrations(manifest: Manifest) -> None:
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    installed = {app.split(".")[0] for app in ours}
    strange = sorted(name for name in manifest.migrations if name.split(".")[0] in installed and name not in ours)
    if strange:
        raise NewerArchive(
            f"The archive was made by version {manifest.version} and knows {strange[-1]}. Install that version first."
        )


def _require_keys(manifest: Manifest, key_file: Path | None, force: bool) -> Path | None:
    """Find the ring that fits; give the file to install, or None when the right one is in place."""
    place = Path(settings.KEY_FILE)
    if key_file is None:
        if not place.exists():
            raise WrongKeys("The archive does not hold the keys. Name the copy of the key ring with --keys.")
        _require_fit(manifest, place)
        return None
    _require_fit(manifest, key_file)
    if not place.exists():
        return key_file
    if place.read_bytes() == key_file.read_bytes():
        return None
    if not force:
        raise WrongKeys(f"There is another key ring in {place}. To replace it (it is kept beside), say --force.")
    return key_file


def _require_fit(manifest: Manifest, path: Path) -> None:
    try:
        ring = keys.load_ring(path)
    except keys.KeyFileProblem as problem:
        raise WrongKeys(str(problem)) from None
    ours: dict[str, Any] = {str(number): key for number, key in ring.public_keys().items()}
    digests = {key.id for key in ring.keys if key.kind == "digest"}
    fits = (
        all(ours.get(number) == key for number, key in manifest.signing_keys.items())
        and set(manifest.encryption_keys) <= set(ring.ciphers)
        and set(manifest.digest_keys) <= digests
    )
    if not fits:
        raise WrongKeys(f"{path} is not the key ring of this archive: what is sealed in it could not be read.")


def _install_keys(source: Path) -> None:
    place = Path(settings.KEY_FILE)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        os.replace(place, place.with_name(f"{place.name}.before-restore"))
    _copy_keys(source, place)
    keys.ring(fresh=True)


def _bring_back_companions(archive: Path) -> None:
    root, seals = Path(settings.FILES_ROOT), Path(settings.SEAL_COPY_DIR)
    with closing(archives.members(archive)) as members:  # type: ignore[type-var]
        for name, source in members:
            if name.startswith(FILES):
                archives.copy_out(source, root / name.removeprefix(FILES))
            elif name.startswith(SEALS):
                target = seals / name.removeprefix(SEALS)
                there = target.read_bytes() if target.exists() else b""
                archives.copy_out(source, target)
                if there and there != target.read_bytes():
                    # Seals are evidence: those that were here are kept beside.
                    target.with_name(f"{target.name}.before-restore").write_bytes(there)


def _migrate(tell: Tell) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        tell("The archive is of an older version. Bringing the database to this version …")
        call_command("migrate", interactive=False, verbosity=0)
