"""What a phone at the door takes along to work without a network: signed, with digests instead of names and numbers."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules.windows import Door
from lianxin.domain.people.models import Card
from lianxin.engines.masking import mask_name
from lianxin.platform import keys, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable

HEAD = "lianxin roster 1\n"
SALT_BYTES = 12


def roster(*, actor: Actor, occurrence: UUID, at: datetime) -> dict[str, Any]:
    """Give what a phone needs to check people in alone, signed: masked names, and digests by which a code, a card or
    the last four digits of a number are recognised. Six queries; raises Missing."""
    with scope.everything():
        row = Occurrence.objects.filter(pk=occurrence).select_related("activity").first()
        if row is None or row.state == Occurrence.State.DRAFT:
            raise Missing
        if not policy.may_run(actor, row.community_id, row.venue_id):
            raise Missing
        salt = secrets.token_hex(SALT_BYTES)
        door = Door(row.starts_at, row.ends_at, row.early_minutes, row.late_minutes)
        came = set(
            Attendance.objects.filter(occurrence=row, undone_at=None, sign_up__isnull=False).values_list(
                "sign_up_id", flat=True
            )
        )
        said: dict[str, Any] = {
            "version": 1,
            "occurrence": str(row.pk),
            "title": row.title or row.activity.title,
            "made_at": at.isoformat(),
            "opens_at": door.opens_at.isoformat(),
            "closes_at": door.closes_at.isoformat(),
            "salt": salt,
            "people": list(_people(row, salt, came)),
        }
    text = HEAD + json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    algorithm, key_id, signature = keys.sign(text.encode())
    return {"package": said, "text": text, "algorithm": algorithm, "key_id": key_id, "signature": signature}


def code_digest(salt: str, text: str) -> str:
    """Digest a short code so that a look at the phone's memory does not tell it; the page does the same."""
    return hashlib.sha256(f"{salt}|{text}".encode()).hexdigest()


def _people(row: Occurrence, salt: str, came: set[UUID]) -> Iterator[dict[str, Any]]:
    held = SignUp.objects.filter(occurrence=row, state__in=[SignUp.State.CONFIRMED, SignUp.State.OFFERED])
    rows = list(held.select_related("person").order_by("place_no"))
    cards = dict(
        Card.objects.filter(person__in=[one.person_id for one in rows if one.person_id], revoked_at=None).values_list(
            "person_id", "number"
        )
    )
    for one in rows:
        name = one.person.name if one.person else one.guest_name
        card = cards.get(one.person_id) if one.person_id else None
        last4 = one.person.phone_last4 if one.person else _last4(one)
        yield {
            "sign_up": str(one.pk),
            "no": one.place_no,
            "name": mask_name(name),
            "token": one.token_digest,
            "code": code_digest(salt, one.code),
            "card": code_digest(salt, card) if card else "",
            "last4": code_digest(salt, last4) if last4 else "",
            "came": one.pk in came,
        }


def _last4(one: SignUp) -> str:
    if one.guest_phone is None:
        return ""
    try:
        return one.guest_phone.reveal()[-4:]
    except Unreadable:
        return ""
