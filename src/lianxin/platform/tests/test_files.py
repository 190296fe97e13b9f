"""Files are kept by content, known by their bytes, and tell nothing about who took the picture."""

import hashlib
import io
import os
import struct
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lianxin.platform import files, pictures
from lianxin.platform.errors import Missing
from lianxin.platform.models import StoredFile

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(order + "HHII", 0x8825, 4, 1, 99)
    mark = b"II" if order == "<" else b"MM"
    return b"Exif\0\0" + mark + struct.pack(order + "HIH", 42, 8, 2) + entries + b"\0\0\0\0GPS-SECRET"


def jpeg(*segments: bytes, trailer: bytes = b"") -> bytes:
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(segments) + segment(0xDB, b"\0" * 65) + scan + b"\xff\xd9" + trailer


JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def store(content: bytes, **kwargs) -> StoredFile:
    given = {"name": "前.jpg", "purpose": "places.upgrade", "limit_bytes": 10_000, "at": AT, **kwargs}
    return files.store(fileobj=io.BytesIO(content), **given)


def content(file: StoredFile) -> bytes:
    with files.open_file(file=file) as kept:
        return kept.read()


def test_place_device_and_comments_leave_a_jpeg():
    telling = jpeg(
        JFIF, segment(0xE1, exif(1)), segment(0xED, b"IPTC-SECRET"), segment(0xFE, b"SECRET"), trailer=b"SECRET"
    )

    assert pictures.without_metadata(telling) == jpeg(JFIF)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("start", [(), (JFIF,)])
def test_a_jpeg_keeps_which_side_is_up_and_nothing_else(order, start):
    clean = pictures.without_metadata(jpeg(*start, segment(0xE1, exif(6, order))))

    kept = [body for marker, body in pictures._segments(clean) if marker == 0xE1]
    assert len(kept) == 1
    assert pictures._orientation(kept[0][10:]) == 6
    assert b"SECRET" not in clean
    assert pictures.without_metadata(clean) == clean


def test_texts_and_exif_leave_a_png():
    telling = (
        png(chunk(b"tEXt", b"Author\0SECRET"), chunk(b"eXIf", exif(1)[6:]), chunk(b"gAMA", b"\0\0\xb1\x8f")) + b"SECRET"
    )

    assert pictures.without_metadata(telling) == png(chunk(b"gAMA", b"\0\0\xb1\x8f"))


def test_a_picture_cut_at_any_byte_is_called_broken():
    for whole in (jpeg(JFIF, segment(0xE1, exif(6))), png()):
        for length in range(8, len(whole)):
            with pytest.raises(pictures.Broken):
                pictures.without_metadata(whole[:length])


@pytest.mark.django_db
def test_a_file_is_kept_under_its_digest_with_what_it_is(root):
    clean = jpeg(JFIF)

    file = store(jpeg(JFIF, segment(0xE1, exif(1))), name="../../etc/改造前.jpeg", expires_on=date(2027, 1, 1))

    digest = hashlib.sha256(clean).hexdigest()
    assert (file.digest, file.size_bytes, file.content_type) == (digest, len(clean), "image/jpeg")
    assert file.name == "改造前.jpg"
    assert content(file) == clean
    assert (root / digest[:2] / digest[2:4] / digest).is_file()
    assert [path.name for path in root.iterdir()] == [digest[:2]]


@pytest.mark.django_db
def test_the_same_content_lies_there_once(root):
    one, two = store(png()), store(png())

    assert one.pk != two.pk
    assert one.digest == two.digest
    assert len(list(root.glob("??/??/*"))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "error", "sentence"),
    [
        (b"", files.FileKindRefused, "empty|空"),
        (b"GIF89a" + b"\0" * 50, files.FileKindRefused, "JPG, PNG"),
        (b"<script>alert(1)</script>", files.FileKindRefused, "JPG, PNG"),
        (jpeg(JFIF)[:40], files.FileKindRefused, "damaged|坏"),
        (png() + b"x" * 20_000, files.FileTooLarge, "0.00954 MB"),
    ],
    ids=["empty", "gif", "script", "cut", "large"],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence_and_leaves_nothing(root, data, error, sentence):
    with pytest.raises(error, match=sentence):
        store(data)

    assert list(root.rglob("*")) == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_tables_are_taken_where_they_are_asked_for():
    sheet = store(b"PK\x03\x04" + b"\0" * 30, name="住户.xlsx", accept=files.TABLES)
    text = store("姓名,电话\n".encode("gb18030"), name="住户.csv", accept=files.TABLES)

    assert (sheet.content_type, sheet.name) == (pictures.XLSX, "住户.xlsx")
    assert (text.content_type, text.name) == (pictures.CSV, "住户.csv")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", "file.png"),
        ("a\u202egnp.exe", "agnp.exe.png"),
        ("C:\\x\\照片.PNG", "照片.png"),
        ("名" * 300, "名" * 196 + ".png"),
    ],
)
def test_a_name_loses_folders_and_tricks_and_ends_as_what_it_is(given, kept):
    assert store(png(), name=given).name == kept


@pytest.mark.django_db
def test_bytes_nobody_refers_to_go_after_a_day(root, real_clock):
    gone, kept = store(jpeg(JFIF)), store(png())
    (root / ".incoming-left").write_bytes(b"x")
    files.forget(ids=[gone.pk])
    now = datetime.now(UTC)

    early, later = files.sweep(at=now), files.sweep(at=now + timedelta(days=2))

    assert (early, later) == (0, 2)
    assert content(kept) == png()
    with pytest.raises(Missing):
        files.open_file(file=gone)


@pytest.mark.django_db
def test_expired_files_are_forgotten_the_day_after():
    store(png(), expires_on=date(2026, 6, 1))
    store(png(), expires_on=date(2026, 6, 2))
    store(png())

    assert files.forget_expired(on=date(2026, 6, 2)) == 1
    assert StoredFile.objects.count() == 2


@pytest.mark.django_db
def test_missing_and_changed_bytes_are_named():
    missing, changed, good = store(jpeg(JFIF)), store(png()), store(png(chunk(b"gAMA", b"\0\0\xb1\x8f")))
    assert list(files.check()) == []

    os.unlink(files.path_of(file=missing))
    files.path_of(file=changed).write_bytes(b"other")

    assert sorted(files.check()) == sorted(
        [f"The bytes of file {missing.digest} are gone.", f"The bytes of file {changed.digest} were changed."]
    )
    assert content(good)
