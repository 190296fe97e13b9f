"""Phones of other programs: at their door, on the office's list; and the versions and pictures that they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import md5
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import NeedReport, SurveyDevice, SurveyPicture, SurveyVersion
from lianxin.domain.needs.rules import receipts
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.models import StoredFile


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a form: its name there, the digest by which devices compare it, and the file."""

    name: str
    md5: str
    file_id: UUID


@dataclass(frozen=True, slots=True)
class Heard:
    """A need that was heard from a filled-in form: its words, its receipt, and where that opens."""

    words: str
    number: str
    word: str
    path: str


def list_devices(*, actor: Actor, communities: Sequence[UUID] | None = None) -> QuerySet[SurveyDevice]:
    """Give the phones of the communities in scope, those that are in first."""
    policy.require(policy.may_keep_any(actor))
    rows = SurveyDevice.objects.select_related("community")
    if communities is not None:
        rows = rows.filter(community__in=communities)
    return rows.order_by("ended_at", "-made_at", "pk")


def find_device(*, actor: Actor, device: UUID) -> SurveyDevice:
    """Give one phone in scope; raises Missing."""
    policy.require(policy.may_keep_any(actor))
    row = SurveyDevice.objects.select_related("community").filter(pk=device).first()
    if row is None:
        raise Missing
    return row


def device_at_door(*, login: str = "", secret: str = "") -> SurveyDevice | None:
    """Give the phone that a login name or a password in an address names, whatever its community."""
    wanted = {"login": login[:20]} if login else {"token_digest": rules.token_digest(secret)}
    with scope.everything():
        return SurveyDevice.objects.filter(**wanted).first()


def is_in(row: SurveyDevice, at: datetime) -> bool:
    """Tell whether a phone may still come: neither ended nor expired."""
    return row.ended_at is None and at < row.expires_at


def version_sent(*, form_id: str, form_version: str) -> SurveyVersion | None:
    """Give the published version that a document names, also one that a newer one has replaced since."""
    with scope.everything():
        rows = SurveyVersion.objects.filter(survey__form_id=form_id, published_at__isnull=False)
        return rows.filter(form_version=form_version).order_by("-number").first()


@lru_cache(maxsize=256)
def md5_of(version: UUID) -> str:
    """Give the digest by which devices know that they have a form already; published forms never change."""
    with scope.everything():
        text = SurveyVersion.objects.values_list("xform", flat=True).get(pk=version)
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def pictures_of(version: UUID) -> list[Picture]:
    """Give the pictures that are there of those which a version shows."""
    with scope.everything():
        row = SurveyVersion.objects.filter(pk=version).values("survey_id", "form").first()
        if row is None:
            return []
        wanted = picture_names(row["form"])
        if not wanted:
            return []
        rows = SurveyPicture.objects.filter(survey=row["survey_id"], name__in=wanted).order_by("name")
        return [Picture(one.name, one.md5, one.file_id) for one in rows]


def find_picture(*, version: UUID, name: str) -> StoredFile:
    """Give the file of a picture that a version shows; raises Missing."""
    for one in pictures_of(version):
        if one.name == name:
            return files.find_file(one.file_id)
    raise Missing


def picture_names(form: dict) -> list[str]:
    """Give the names of all the pictures that a form shows, each once."""
    shown = [node.get("image", {}) for node in form.get("nodes", ())]
    shown += [item.get("image", {}) for items in form.get("lists", {}).values() for item in items]
    return sorted({name for by_language in shown for name in by_language.values() if name})


def heard_from(*, submission: UUID) -> list[Heard]:
    """Give the needs that were heard from a form that was just sent, for whoever sent it."""
    with scope.everything():
        rows = list(NeedReport.objects.filter(submission=submission).select_related("person").order_by("pk"))
    found = []
    for row in rows:
        has_phone = row.guest_phone is not None or bool(row.person and row.person.phone_last4)
        path = receipts.page_path(row.receipt, receipts.token_for(row.pk, row.receipt))
        word = "" if has_phone else receipts.word_for(row.pk)
        found.append(Heard(row.words, receipts.spaced(row.receipt), word, path))
    return found


def pictures_wanted(*, survey: UUID) -> dict[str, bool]:
    """Give the names of the pictures that the newest questions of a survey show, and whether each is there."""
    with scope.everything():
        versions = SurveyVersion.objects.filter(survey=survey).order_by("-number")
        newest = versions.values_list("form", flat=True).first()
        there = set(SurveyPicture.objects.filter(survey=survey).values_list("name", flat=True))
    return {name: name in there for name in picture_names(newest or {})}
