"""Residents come in by a code sent to their phone; the phone is the proof, the register says who it belongs to."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from math import ceil
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.commands.login import DONE, LOCKED, REFUSED, come_in
from lianxin.domain.people.models import Account, OneTimeCode, Person
from lianxin.domain.people.queries.people import by_community
from lianxin.domain.people.rules import login
from lianxin.domain.people.rules.contacts import PHONE_DIGEST
from lianxin.domain.people.rules.persons import age_on
from lianxin.platform import locks, outbox, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, TooMany
from lianxin.platform.sensitive import digest, digest_candidates

CODE_PURPOSE = "people.one_time_code"
ADDRESS_PURPOSE = "people.address"
OWN_ACCOUNT_AGE = 14

EXPIRED = "expired"
CHOOSE = "choose"


@dataclass(frozen=True)
class PhoneStep:
    """Where a login by phone stands; `candidates` are (person, name) who share the number."""

    outcome: str
    account: UUID | None = None
    code: UUID | None = None
    candidates: tuple[tuple[UUID, str], ...] = ()
    locked_until: datetime | None = None


class TooManyCodes(TooMany):
    """A code was sent to this phone or address a moment ago, or too often today."""

    title = gettext_lazy("A code was sent a moment ago.")


def _phone(text: str) -> str:
    phone = login.read_mobile(text)
    if phone is None:
        raise Invalid(fields={"phone": [_("Please enter the 11 digits of a mobile number.")]})
    return phone


def _wait_sentence(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    if seconds <= 90:
        return _("A code was sent a moment ago. Please wait %s seconds before asking for another.") % seconds
    return _("Too many codes were asked for. Please try again in %s minutes, or ask at your centre's desk.") % ceil(
        seconds / 60
    )


@command("people.request_phone_code")
def request_phone_code(*, actor: Actor, phone: str, address: str, at: datetime, key: UUID | None = None) -> OneTimeCode:
    """Send a six-digit code that holds for five minutes; any number gets one, so nobody learns who is registered."""
    number = _phone(phone)
    phone_digest = digest(number, PHONE_DIGEST)
    address_digest = digest(address, ADDRESS_PURPOSE) if address else ""
    locks.advisory(f"code:{phone_digest}")
    recent = OneTimeCode.objects.filter(sent_at__gt=at - timedelta(days=1))
    to_phone = list(recent.filter(phone_digest=phone_digest).values_list("sent_at", "tries"))
    until = login.phone_locked_until(tries=to_phone, at=at)
    if until is not None:
        raise TooManyCodes(_wait_sentence(until - at))
    from_address = recent.filter(address_digest=address_digest).values_list("sent_at", flat=True)
    waits = [
        login.wait_before_sending(sent=[sent for sent, _tries in to_phone], limits=login.PHONE_LIMITS, at=at),
        login.wait_before_sending(sent=list(from_address), limits=login.ADDRESS_LIMITS, at=at)
        if address_digest
        else None,
    ]
    if any(waits):
        raise TooManyCodes(_wait_sentence(max(wait for wait in waits if wait)))
    OneTimeCode.objects.filter(phone_digest=phone_digest, used_at=None).update(used_at=at)
    row = OneTimeCode(
        phone_digest=phone_digest, address_digest=address_digest, sent_at=at, expires_at=at + login.CODE_LIFE
    )
    code = f"{secrets.randbelow(10**login.CODE_DIGITS):0{login.CODE_DIGITS}d}"
    row.code_digest = digest(f"{row.pk}:{code}", CODE_PURPOSE)
    row.save(force_insert=True)
    outbox.send(
        channel="sms",
        address=number,
        template="login_code",
        context={"code": code, "minutes": int(login.CODE_LIFE.total_seconds() // 60)},
    )
    act().target(row, "sent")
    return row


@command("people.login_by_phone_code")
def login_by_phone_code(*, actor: Actor, phone: str, code: str, at: datetime, key: None = None) -> PhoneStep:
    """Check a code: in, or the members who share the number to choose from, or refused (and counted)."""
    phone_digest = digest(_phone(phone), PHONE_DIGEST)
    locks.advisory(f"code:{phone_digest}")
    refusal, row = _open_code(phone_digest, at)
    if row is None:
        return refusal
    if not _right(row, login.normalise_code(code)):
        return _count_wrong(row, at)
    people = _people_of(phone, at)
    if len(people) <= 1:
        row.used_at = at
        row.save(update_fields=["used_at"])
        person = people[0] if people else None
        return _enter(phone, person, at)
    act().target(row, "accepted")
    return PhoneStep(CHOOSE, code=row.pk, candidates=tuple((person.pk, person.name) for person in people))


@command("people.choose_person")
def choose_person(
    *, actor: Actor, phone: str, code_id: UUID, person: UUID, birth_year: int, at: datetime, key: None = None
) -> PhoneStep:
    """Say who of those sharing the number is here; the year of birth keeps one member out of another's page."""
    phone_digest = digest(_phone(phone), PHONE_DIGEST)
    locks.advisory(f"code:{phone_digest}")
    refusal, row = _open_code(phone_digest, at)
    if row is None or row.pk != code_id:
        return refusal if row is None else PhoneStep(EXPIRED)
    people = _people_of(phone, at)
    chosen = next((one for one in people if one.pk == person), None)
    if chosen is None or chosen.birth_on is None or chosen.birth_on.year != birth_year:
        step = _count_wrong(row, at)
        if step.outcome != REFUSED:
            return step
        return PhoneStep(CHOOSE, code=row.pk, candidates=tuple((one.pk, one.name) for one in people))
    row.used_at = at
    row.save(update_fields=["used_at"])
    return _enter(phone, chosen, at)


def check_code(*, phone: str, code: str, at: datetime) -> str:
    """Use up a code sent to a phone, inside a command; gives an empty text, or why not (a wrong one is counted)."""
    phone_digest = digest(_phone(phone), PHONE_DIGEST)
    locks.advisory(f"code:{phone_digest}")
    refusal, row = _open_code(phone_digest, at)
    if row is None:
        return refusal.outcome
    if not _right(row, login.normalise_code(code)):
        return _count_wrong(row, at).outcome
    row.used_at = at
    row.save(update_fields=["used_at"])
    return ""


def _open_code(phone_digest: str, at: datetime) -> tuple[PhoneStep, OneTimeCode | None]:
    rows = list(
        OneTimeCode.objects.filter(phone_digest=phone_digest, sent_at__gt=at - login.PHONE_LOCK).order_by("-sent_at")
    )
    until = login.phone_locked_until(tries=[(row.sent_at, row.tries) for row in rows], at=at)
    if until is not None:
        return PhoneStep(LOCKED, locked_until=until), None
    row = next((row for row in rows if row.used_at is None and at < row.expires_at), None)
    return PhoneStep(EXPIRED), row


def _right(row: OneTimeCode, code: str) -> bool:
    return any(compare_digest(row.code_digest, known) for known in digest_candidates(f"{row.pk}:{code}", CODE_PURPOSE))


def _count_wrong(row: OneTimeCode, at: datetime) -> PhoneStep:
    row.tries += 1
    row.save(update_fields=["tries"])
    act().target(row, "refused")
    step, still_open = _open_code(row.phone_digest, at)
    return PhoneStep(REFUSED) if still_open else step


def _people_of(phone: str, at: datetime) -> list[Person]:
    """The living members with this number who are old enough for an account of their own."""
    on = local_day(at)
    with scope.everything():
        people = by_community(Person.objects.filter(state=Person.State.LIVING)).filter(
            phone_digest__in=digest_candidates(_phone(phone), PHONE_DIGEST)
        )
        rows = people.order_by("pk")
        return [one for one in rows if one.birth_on is None or (age_on(one.birth_on, on) or 0) >= OWN_ACCOUNT_AGE]


def _enter(phone: str, person: Person | None, at: datetime) -> PhoneStep:
    known = digest_candidates(_phone(phone), PHONE_DIGEST)
    phone_digest = known[0]
    open_accounts = Account.objects.filter(kind=Account.Kind.RESIDENT).exclude(state=Account.State.DISABLED)
    own = open_accounts.filter(person=person).order_by("pk") if person else open_accounts.none()
    by_phone = open_accounts.filter(person=None, phone_digest__in=known)
    row = locks.lock_one(own) or locks.lock_one(by_phone)
    if row is None:
        row = Account(
            kind=Account.Kind.RESIDENT,
            state=Account.State.ACTIVE,
            phone_digest=phone_digest,
            person=person,
            created_at=at,
        )
        row.set_unusable_password()
        row.save(force_insert=True)
        act().target(row, "created", {"kind": [None, "resident"]})
    elif row.phone_digest != phone_digest or (person and row.person_id != person.pk):
        row.phone_digest = phone_digest
        row.person = person or row.person
        row.save(update_fields=["phone_digest", "person"])
        act().target(row, "linked")
    come_in(row, at, "phone_code")
    return PhoneStep(DONE, account=row.pk)
