"""Taking what a page of a questionnaire sent: answers, pictures, one more or one less of a repetition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.engines.xforms import Instance, NoSuchQuestion, NotSettable
from lianxin.faces.resident.survey_drafts import Draft
from lianxin.platform import files
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Problem

PICTURE_PURPOSE = "needs.survey_draft"
LARGEST_PICTURE = 10 * 1_048_576
MOST_PICTURES = 20
KEPT_DAYS = 2


def take_answers(request: HttpRequest, filled: Instance, draft: Draft, *, at: datetime) -> dict[str, str]:
    """Take the answers of a page in its order; gives the sentences of pictures that could not be taken, by path."""
    wrong: dict[str, str] = {}
    for path in request.POST.getlist("asked"):
        try:
            node = filled.find(path)
        except NoSuchQuestion:
            continue
        definition = filled.form.nodes[node.definition]
        try:
            if definition.control == "upload":
                sentence = _take_picture(request, filled, draft, path, at=at)
                if sentence:
                    wrong[path] = sentence
            elif definition.control == "select":
                filled.set(path, request.POST.getlist(path))
            else:
                filled.set(path, request.POST.get(path, ""))
        except (NotSettable, NoSuchQuestion):
            continue
    return wrong


def change_repetition(filled: Instance, draft: Draft, *, add: str = "", remove: str = "") -> str:
    """Add or take away a repetition; gives the path of the one to look at next."""
    try:
        if add:
            return filled.add_repetition(add)
        filled.remove_repetition(remove)
    except (NotSettable, NoSuchQuestion):
        return ""
    names = {node.stored for node in filled.document.walk() if node.stored}
    draft.pictures = {name: file for name, file in draft.pictures.items() if name in names}
    return remove.rpartition("[")[0]


def pictures_of(filled: Instance, draft: Draft) -> list[tuple[str, UUID]]:
    """Give the pictures that belong to what is answered, by the name that the answer gives them."""
    asked = [node.value for node in filled.document.walk() if node.value in draft.pictures and node.relevant]
    return [(name, UUID(draft.pictures[name])) for name in dict.fromkeys(asked)]


def _take_picture(request: HttpRequest, filled: Instance, draft: Draft, path: str, *, at: datetime) -> str:
    upload: Any = request.FILES.get(path)
    before = filled.find(path).stored
    if upload is None:
        if path in request.POST.getlist("without"):
            draft.pictures.pop(before, None)
            filled.set(path, "")
        return ""
    if len(draft.pictures) >= MOST_PICTURES:
        return _("%(most)d pictures are enough. Take one away first.") % {"most": MOST_PICTURES}
    try:
        stored = files.store(
            fileobj=upload,
            name=upload.name or "picture.jpg",
            purpose=PICTURE_PURPOSE,
            limit_bytes=LARGEST_PICTURE,
            community_id=UUID(draft.community),
            expires_on=local_day(at) + timedelta(days=KEPT_DAYS),
            at=at,
        )
    except Problem as problem:
        return str(problem.detail)
    name = f"{stored.pk.hex[-12:]}{stored.name[stored.name.rfind('.') :]}"
    draft.pictures.pop(before, None)
    draft.pictures[name] = str(stored.pk)
    filled.set(path, name)
    return ""
