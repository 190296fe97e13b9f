"""What is shown at the door: a ticket's code, its six digits, a card; each says who it is."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.people.commands.cards import identify_card
from lianxin.engines import identity
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing, Problem, Refused

How = Attendance.How
CODE_DIGITS = 6
CARD_DIGITS = 8
CARD_CHECK = "card_only"


class UnknownCode(Invalid):
    """What was scanned or typed names nobody here."""

    title = gettext_lazy("This code is not known here.")


@dataclass(frozen=True, slots=True)
class Shown:
    """Who it is, and by what they were known."""

    how: str
    sign_up: UUID | None = None
    person: UUID | None = None


def recognise(*, actor: Actor, row: Occurrence, text: str, at: datetime) -> Shown:
    """Say whose code or card this is, inside a running command; raises a sentence for what is none."""
    policy.require(policy.may_run(actor, row.community_id, row.venue_id))
    plain = _last_part(text)
    if not plain:
        raise Invalid(fields={"shown": [_("Scan a code, or type the 6 digits of a ticket or the 8 of a card.")]})
    if word := tokens.read_token(plain):
        return _by_token(word, row)
    digits = identity.compact(plain).replace("-", "")
    if digits.isdecimal() and len(digits) == CODE_DIGITS:
        return _by_code(digits, row)
    if digits.isdecimal() and len(digits) != CARD_DIGITS:
        raise Invalid(fields={"shown": [_("A ticket has 6 digits, a card 8. Please look again.")]})
    try:
        holder = identify_card(actor=actor, shown=plain, identity_check=CARD_CHECK, at=at)
    except Missing as problem:
        raise UnknownCode(str(problem.detail)) from None
    return Shown(How.CARD, person=holder.person)


def try_to_recognise(*, actor: Actor, row: Occurrence, text: str, at: datetime) -> Shown | Problem:
    """Do as `recognise`, and give the problem instead of raising it: one scan of many."""
    try:
        return recognise(actor=actor, row=row, text=text, at=at)
    except Problem as problem:
        return problem


def _last_part(text: str) -> str:
    """A code may be an address of ours: what it says stands at its end."""
    plain = text.strip()[:400]
    if plain.lower().startswith(("http://", "https://")):
        parts = urlsplit(plain)
        plain = parts.fragment or parts.path.rstrip("/").rsplit("/", 1)[-1]
    return plain


def _by_token(word: str, row: Occurrence) -> Shown:
    found = SignUp.objects.filter(token_digest=tokens.token_digest(word)).only("pk", "occurrence_id").first()
    if found is None:
        raise UnknownCode(_("This code was not made here, or its ticket is gone. Look for the name on the list."))
    if found.occurrence_id != row.pk:
        raise Refused(_("This ticket is for another date. Please look at the day and time on it."))
    return Shown(How.OWN_CODE, sign_up=found.pk)


def _by_code(digits: str, row: Occurrence) -> Shown:
    found = SignUp.objects.filter(occurrence=row, code=digits).only("pk").first()
    if found is None:
        raise UnknownCode(
            _("Nobody has the code %(code)s at this date. Please look at the digits again.") % {"code": digits}
        )
    return Shown(How.TYPED_CODE, sign_up=found.pk)
