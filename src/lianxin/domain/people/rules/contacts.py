"""Phone and ID numbers: checked, brought to one form, sealed and digested."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from lianxin.engines import identity
from lianxin.engines.reasons import Reason
from lianxin.platform.sensitive import Sealed, digest, digest_candidates, digest_many, seal, seal_many

ID_PURPOSE = "people.person.id_number"
PHONE_PURPOSE = "people.person.phone"
ORGANISATION_PHONE_PURPOSE = "people.organisation.phone"
ID_DIGEST = ID_PURPOSE
PHONE_DIGEST = PHONE_PURPOSE


class SealedNumber(NamedTuple):
    """The columns of one sensitive number."""

    sealed: Sealed | None
    digest: str | None
    last4: str


NOTHING = SealedNumber(None, None, "")


def sentence(reason: Reason) -> str:
    """Write an engine's reason as a sentence in the reader's language."""
    text = _(reason.message)
    return text % reason.params if reason.params else text


def check_phone(text: str) -> tuple[str, str]:
    """Give the number as it is dialled, and why the text is no phone number (one of both is empty)."""
    found = identity.check_phone(text)
    return ("", sentence(found)) if isinstance(found, Reason) else (found.number, "")


def check_id(text: str, on: date) -> identity.ResidentId | str:
    """Give what an ID number says as of a day, or the sentence why it is none."""
    found = identity.check_resident_id(text, on=on)
    return sentence(found) if isinstance(found, Reason) else found


def id_digest(text: str) -> str:
    """Give the digest by which an ID number is found, however it was typed."""
    return digest(identity.compact(text), ID_DIGEST)


def phone_digest(text: str) -> str:
    """Give the digest by which a phone number is found, however it was typed."""
    found = identity.check_phone(text)
    return digest(identity.compact(text) if isinstance(found, Reason) else found.number, PHONE_DIGEST)


def id_candidates(text: str) -> list[str]:
    """Give the digests, under every digest key, by which a typed ID number may be on record."""
    return digest_candidates(identity.compact(text), ID_DIGEST)


def phone_candidates(text: str) -> list[str]:
    """Give the digests, under every digest key, by which a typed phone number may be on record."""
    found = identity.check_phone(text)
    return digest_candidates(identity.compact(text) if isinstance(found, Reason) else found.number, PHONE_DIGEST)


def sealed_id(number: str) -> SealedNumber:
    """Seal an ID number that was checked before; empty gives nothing."""
    if not number:
        return NOTHING
    return SealedNumber(seal(number, ID_PURPOSE), digest(number, ID_DIGEST), number[-4:])


def sealed_phone(number: str, *, purpose: str = PHONE_PURPOSE) -> SealedNumber:
    """Seal a phone number that was checked before; empty gives nothing."""
    if not number:
        return NOTHING
    return SealedNumber(seal(number, purpose), digest(number, PHONE_DIGEST), number[-4:])


def sealed_ids(numbers: Sequence[str]) -> list[SealedNumber]:
    """Seal many ID numbers that were checked before; an empty one gives nothing."""
    return _sealed_many(numbers, ID_PURPOSE, ID_DIGEST)


def sealed_phones(numbers: Sequence[str]) -> list[SealedNumber]:
    """Seal many phone numbers that were checked before; an empty one gives nothing."""
    return _sealed_many(numbers, PHONE_PURPOSE, PHONE_DIGEST)


def _sealed_many(numbers: Sequence[str], purpose: str, digest_purpose: str) -> list[SealedNumber]:
    given = [number for number in numbers if number]
    sealed = zip(seal_many(given, purpose), digest_many(given, digest_purpose), strict=True)
    return [SealedNumber(*next(sealed), number[-4:]) if number else NOTHING for number in numbers]
