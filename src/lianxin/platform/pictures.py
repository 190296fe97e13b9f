"""What a file is by its first bytes, and a picture without what it tells about its maker."""

from __future__ import annotations

import struct
from collections.abc import Iterator

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv"
# What phones make when somebody speaks into them.
M4A, THREE_GP, OGG, WEBM = "audio/mp4", "audio/3gpp", "audio/ogg", "audio/webm"
MP3, WAV, AMR, AAC = "audio/mpeg", "audio/wav", "audio/amr", "audio/aac"
SOUNDS = (M4A, THREE_GP, OGG, WEBM, MP3, WAV, AMR, AAC)
ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", XLSX: ".xlsx", DOCX: ".docx", CSV: ".csv"} | {
    M4A: ".m4a", THREE_GP: ".3gp", OGG: ".ogg", WEBM: ".webm", MP3: ".mp3", WAV: ".wav", AMR: ".amr", AAC: ".aac",
}  # fmt: skip

_MAGIC = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF, b"PK\x03\x04": XLSX} | {
    b"OggS\0": OGG, b"\x1aE\xdf\xa3": WEBM, b"#!AMR": AMR, b"ID3\x03": MP3, b"ID3\x04": MP3, b"ID3\x02": MP3,
    b"\xff\xfb": MP3, b"\xff\xf3": MP3, b"\xff\xf1": AAC, b"\xff\xf9": AAC,
}  # fmt: skip
_TELLING_SEGMENTS = {0xE1, 0xED, 0xFE}  # Exif and XMP, IPTC, comments
_TELLING_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_ORIENTATION = 0x0112


class Broken(ValueError):
    """The bytes end too early or are not the picture they claim to be."""


def content_type(head: bytes) -> str:
    """The kind of file that begins with these bytes; an empty text when it is none we know."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return THREE_GP if head[8:11] == b"3gp" else M4A
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    return CSV if head and b"\0" not in head else ""


def without_metadata(picture: bytes) -> bytes:
    """A JPEG or PNG without place, device, comments and trailing data; a JPEG keeps which side is up."""
    try:
        if picture.startswith(b"\xff\xd8"):
            return _clean_jpeg(picture)
        return _clean_png(picture)
    except (IndexError, struct.error):
        raise Broken("The picture ends too early.") from None


def _clean_jpeg(picture: bytes) -> bytes:
    kept, orientation = [b"\xff\xd8"], 1
    for marker, segment in _segments(picture):
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:]) or orientation
        if marker not in _TELLING_SEGMENTS:
            kept.append(segment)
    if orientation != 1:
        tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
        # After JFIF, which must come first where there is one.
        kept.insert(2 if kept[1][1] == 0xE0 else 1, b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff)
    return b"".join(kept)


def _segments(picture: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while True:
        if picture[at] != 0xFF:
            raise Broken("The JPEG is damaged.")
        while picture[at + 1] == 0xFF:
            at += 1
        marker = picture[at + 1]
        if marker == 0xD9:
            yield marker, b"\xff\xd9"
            return
        end = at + 2 + struct.unpack_from(">H", picture, at + 2)[0]
        if marker == 0xDA:
            end = _scan_end(picture, end)
        if end > len(picture) or end < at + 4:
            raise Broken("The JPEG is damaged.")
        yield marker, picture[at:end]
        at = end


def _scan_end(picture: bytes, at: int) -> int:
    while True:
        at = picture.find(b"\xff", at)
        if at < 0:
            raise Broken("The picture ends too early.")
        if picture[at + 1] not in (0x00, 0xFF, *range(0xD0, 0xD8)):
            return at
        at += 1 if picture[at + 1] == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for number in range(count):
            tag, _kind, _length, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION:
                return value if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _clean_png(picture: bytes) -> bytes:
    kept, at = [picture[:8]], 8
    while True:
        (length,) = struct.unpack_from(">I", picture, at)
        name, end = picture[at + 4 : at + 8], at + 12 + length
        if end > len(picture):
            raise Broken("The picture ends too early.")
        if name not in _TELLING_CHUNKS:
            kept.append(picture[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
