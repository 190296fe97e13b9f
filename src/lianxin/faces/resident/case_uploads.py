"""Photos and a spoken note between two pages: kept for a day, and known by a signed word that the form carries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.domain.voice.commands.pictures import LARGEST, MOST
from lianxin.domain.voice.commands.voice_notes import LARGEST as LARGEST_NOTE
from lianxin.platform import files, pictures
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Problem
from lianxin.platform.models import StoredFile

SALT = "resident.case_uploads"
PURPOSE = "voice.draft"
KEPT = timedelta(days=1)
MOST_AN_HOUR = 400


@dataclass
class Kept:
    """The files that came with a form which is not sent yet."""

    photos: list[UUID] = field(default_factory=list)
    voice: UUID | None = None

    @property
    def token(self) -> str:
        """Give the word by which the next page finds them; nothing when there are none."""
        if not self.photos and self.voice is None:
            return ""
        told = {"photos": [one.hex for one in self.photos], "voice": self.voice.hex if self.voice else ""}
        return signing.dumps(told, salt=SALT)


def read(request: HttpRequest) -> Kept:
    """Give what the page before kept, without what is to be left out; a word that is not ours keeps nothing."""
    try:
        told = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return Kept()
    without = request.POST.getlist("without")
    photos = [UUID(one) for one in told["photos"] if str(UUID(one)) not in without]
    voice = UUID(told["voice"]) if told["voice"] else None
    # What expired meanwhile is not promised any more.
    there = set(StoredFile.objects.filter(pk__in=[*photos, voice]).values_list("pk", flat=True))
    return Kept(
        [one for one in photos if one in there], voice if voice in there and str(voice) not in without else None
    )


def take(request: HttpRequest, kept: Kept, *, community: UUID, key: str, at: datetime) -> dict[str, list[str]]:
    """Keep the files that came now; gives a sentence for each that cannot be taken, by the field it came in."""
    wrong: dict[str, list[str]] = {}
    if request.FILES and _is_flooded(community, at=at):
        sentence = _("A lot was sent just now. Send your words first; photos can be added on the receipt's page.")
        return {name: [sentence] for name in ("photos", "voice") if name in request.FILES}
    for upload in request.FILES.getlist("photos"):
        if len(kept.photos) >= MOST:
            wrong["photos"] = [
                *wrong.get("photos", []), _("%(most)d photos are enough. The others were left out.") % {"most": MOST}
            ]  # fmt: skip
            break
        photo = _keep(upload, "photos", wrong, community=community, key=key, at=at)
        if photo is not None and photo not in kept.photos:
            kept.photos.append(photo)
    spoken = request.FILES.get("voice")
    if spoken is not None:
        kept.voice = _keep(spoken, "voice", wrong, community=community, key=key, at=at) or kept.voice
    return wrong


@dataclass
class Upload:
    """A kept file as commands take an upload; alike is what has the same file, so that a form sent twice is one act."""

    name: str
    file: UUID

    def __post_init__(self) -> None:
        self._opened = files.open_file(file=files.find_file(self.file))

    def read(self, size: int = -1, /) -> bytes:
        """Give bytes."""
        return self._opened.read(size)

    def close(self) -> None:
        """Let the file go."""
        self._opened.close()


@contextmanager
def opened(file: UUID | None) -> Iterator[Upload | None]:
    """Give a kept file to be read, or None where there is none."""
    if file is None:
        yield None
        return
    upload = Upload(files.find_file(file).name, file)
    try:
        yield upload
    finally:
        upload.close()


def _is_flooded(community: UUID, *, at: datetime) -> bool:
    """Tell whether more was left lying in an hour than a whole hall of people would send; this stops a machine."""
    lying = StoredFile.objects.filter(community_id=community, purpose=PURPOSE, created_at__gt=at - timedelta(hours=1))
    return lying.count() >= MOST_AN_HOUR


def _keep(
    upload: Any, name: str, wrong: dict[str, list[str]], *, community: UUID, key: str, at: datetime
) -> UUID | None:
    is_photo = name == "photos"
    mark = "".join(sign for sign in key if sign.isalnum())[-12:]
    try:
        stored = files.store(
            fileobj=upload,
            name=f"{mark}-{upload.name or name}",
            purpose=PURPOSE,
            limit_bytes=LARGEST if is_photo else LARGEST_NOTE,
            accept=files.PICTURES if is_photo else pictures.SOUNDS,
            community_id=community,
            expires_on=local_day(at) + KEPT,
            at=at,
        )
    except Problem as problem:
        sentences = wrong.setdefault(name, [])
        if str(problem.detail) not in sentences:
            sentences.append(str(problem.detail))
        return None
    # The same form sent twice names the same files, so that they count once.
    same = StoredFile.objects.filter(
        digest=stored.digest, name__startswith=f"{mark}-", purpose=PURPOSE, community_id=community
    ).exclude(pk=stored.pk)
    first = same.order_by("created_at", "pk").values_list("pk", flat=True).first()
    if first is None:
        return stored.pk
    files.forget(ids=[stored.pk])
    return first
