"""Files that people hand in: kept once per content, named by their digest, known by their first bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lianxin.platform import pictures
from lianxin.platform.errors import Invalid, Missing, TooLarge
from lianxin.platform.models import StoredFile

PICTURES = (pictures.JPEG, pictures.PNG)
TABLES = (pictures.XLSX, pictures.CSV)
PAPERS = (pictures.DOCX,)
ORPHAN_AGE = timedelta(days=1)
_BLOCK = 1 << 18


class Readable(Protocol):
    """Whatever gives bytes: an upload, an open file, a BytesIO."""

    def read(self, size: int = -1, /) -> bytes: ...


class FileTooLarge(TooLarge):
    """More bytes than this place takes."""

    title = _("The file is too large.")


class FileKindRefused(Invalid):
    """The bytes are not of a kind that this place takes."""

    title = _("This kind of file cannot be taken here.")


def find_file(file: UUID | None) -> StoredFile:
    """Give a file by its id; raises Missing where there is none, or none any more."""
    row = StoredFile.objects.filter(pk=file).first() if file is not None else None
    if row is None:
        raise Missing
    return row


def _path(digest: str) -> Path:
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / digest


def _plain_name(name: str, kind: str) -> str:
    """The name without folders, control and direction characters, with the ending of what it really is."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C").strip(" .") or "file"
    ending = pictures.ENDINGS[kind]
    stem = base if not base.lower().endswith((ending, ".jpeg")) else base.rsplit(".", 1)[0]
    return stem[: 200 - len(ending)] + ending


def store(
    *,
    fileobj: Readable,
    name: str,
    purpose: str,
    limit_bytes: int,
    at: datetime,
    accept: Collection[str] = PICTURES,
    community_id: UUID | None = None,
    expires_on: date | None = None,
) -> StoredFile:
    """Keep a file; raises FileTooLarge or FileKindRefused with a sentence. Pictures lose their metadata."""
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(prefix=".incoming-", dir=root)
    try:
        with os.fdopen(descriptor, "w+b") as out:
            _copy(fileobj, out, limit_bytes)
            kind = _kind(out, accept)
            digest, size = _digest(out)
            os.fsync(out.fileno())
        path = _path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Also when the content is there already: the fresh time keeps `sweep` off until the row is committed.
        os.replace(fresh, path)
        _sync(path.parent)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return StoredFile.objects.create(
        digest=digest,
        name=_plain_name(name, kind),
        content_type=kind,
        size_bytes=size,
        purpose=purpose,
        community_id=community_id,
        created_at=at,
        expires_on=expires_on,
    )


def _copy(fileobj: Readable, out: BufferedRandom, limit_bytes: int) -> None:
    size = 0
    while block := fileobj.read(_BLOCK):
        size += len(block)
        if size > limit_bytes:
            limit = f"{limit_bytes / 1_048_576:.3g}"
            raise FileTooLarge(
                _("The file is larger than %(limit)s MB. Please choose a smaller one.") % {"limit": limit}
            )
        out.write(block)
    if not size:
        raise FileKindRefused(_("The file is empty."))


def _kind(out: BufferedRandom, accept: Collection[str]) -> str:
    out.seek(0)
    kind = pictures.content_type(out.read(8192))
    if kind == pictures.XLSX and kind not in accept and _is_document(out):
        kind = pictures.DOCX
    if kind not in accept:
        endings = ", ".join(pictures.ENDINGS[each].lstrip(".").upper() for each in sorted(accept))
        raise FileKindRefused(_("Only these kinds of file are taken here: %(kinds)s.") % {"kinds": endings})
    if kind in PICTURES:
        out.seek(0)
        try:
            clean = pictures.without_metadata(out.read())
        except pictures.Broken:
            raise FileKindRefused(_("The picture is damaged. Please take or save it again.")) from None
        out.seek(0)
        out.write(clean)
        out.truncate()
    return kind


def _is_document(out: BufferedRandom) -> bool:
    """Tell whether a package of an office program is a text document; by its first bytes it may be a workbook too."""
    out.seek(0)
    try:
        with zipfile.ZipFile(out) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _digest(out: BufferedRandom) -> tuple[str, int]:
    out.flush()
    out.seek(0)
    return hashlib.file_digest(out, "sha256").hexdigest(), out.seek(0, os.SEEK_END)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_file(*, file: StoredFile) -> BinaryIO:
    """The bytes, open for reading; the caller has decided that the actor may see them. Raises Missing."""
    try:
        return _path(file.digest).open("rb")
    except FileNotFoundError:
        raise Missing(_("The file is no longer kept.")) from None


def path_of(*, file: StoredFile) -> Path:
    """Where the bytes lie, for a worker that reads by path."""
    return _path(file.digest)


def forget(*, ids: Collection[UUID]) -> int:
    """Remove the records; `sweep` removes the bytes once nobody refers to them."""
    return StoredFile.objects.filter(pk__in=ids).delete()[0]


def forget_expired(*, on: date) -> int:
    """Remove the records whose last day has passed."""
    return StoredFile.objects.filter(expires_on__lt=on).delete()[0]


def _kept() -> Iterator[Path]:
    return (path for path in Path(settings.FILES_ROOT).glob("??/??/*") if len(path.name) == 64)


def sweep(*, at: datetime) -> int:
    """Remove bytes that no record refers to, left by a rolled back act or a removed record, a day after."""
    oldest, removed = (at - ORPHAN_AGE).timestamp(), 0
    incoming = Path(settings.FILES_ROOT).glob(".incoming-*")
    for path in [path for path in (*_kept(), *incoming) if path.stat().st_mtime < oldest]:
        if not StoredFile.objects.filter(digest=path.name).exists():
            path.unlink()
            removed += 1
    return removed


def check() -> Iterator[str]:
    """Name every kept file whose bytes are gone or are no longer what was handed in."""
    for digest in StoredFile.objects.order_by("digest").values_list("digest", flat=True).distinct().iterator():
        try:
            with _path(digest).open("rb") as kept:
                same = hashlib.file_digest(kept, "sha256").hexdigest() == digest
        except OSError:
            yield f"The bytes of file {digest} are gone."
        else:
            if not same:
                yield f"The bytes of file {digest} were changed."
