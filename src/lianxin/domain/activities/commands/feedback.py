"""Feedback: with one tap by those who came, or asked by phone, or read from paper."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.own_people import ACTS_FOR
from lianxin.domain.activities.models import Attendance, Feedback
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.faces import LONGEST_WORDS, may_still_say
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries.proxies import list_principals
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused

How = Feedback.How


class TooLate(Refused):
    """Feedback is for the weeks after an occurrence."""

    title = gettext_lazy("This was a while ago, so nothing more is collected. Please tell us at the centre.")


@command("activities.give_feedback")
def give_feedback(
    *,
    actor: Actor,
    attendance: UUID,
    face: int,
    words: str = "",
    met_need: bool | None = None,
    how: str = How.SELF,
    token: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Feedback:
    """Say what one thought of an occurrence one came to; again changes what was said before.

    Staff note what they were told by phone or on paper; `token` is the ticket of a guest who has no account.
    """
    _check(face, words, how)
    with scope.everything():
        row = locks.lock_one(Attendance.objects.filter(pk=attendance, undone_at=None).select_related("occurrence"))
        if row is None:
            raise Missing
        date = row.occurrence
        runs = policy.may_run(actor, date.community_id, date.venue_id)
        if how == How.SELF:
            if not _is_own(actor, row, token, at):
                raise Missing
            if not may_still_say(date.ends_at, at):
                raise TooLate
        elif not runs:
            raise Missing
        given, is_new = Feedback.objects.get_or_create(
            attendance=row,
            defaults={
                "community_id": row.community_id,
                "occurrence": date,
                "face": face,
                "words": words.strip(),
                "met_need": met_need,
                "how": how,
                "given_at": at,
                "asked_by": None if how == How.SELF else actor.account,
            },
        )
        if not is_new:
            given.face, given.met_need, given.how, given.given_at = face, met_need, how, at
            # A tap on a face does not wipe out what was written before.
            given.words = words.strip() or given.words
            given.asked_by = None if how == How.SELF else actor.account
            given.version += 1
            given.save()
        act().target(given, "given" if is_new else "changed", {"face": [None, face]})
        act().note(community_id=date.community_id)
    return given


def _check(face: int, words: str, how: str) -> None:
    problems: dict[str, list[str]] = {}
    if face not in Feedback.Face.values:
        problems["face"] = [_("Choose one of the three faces.")]
    if len(words.strip()) > LONGEST_WORDS:
        problems["words"] = [_("At most %(most)d characters, please.") % {"most": LONGEST_WORDS}]
    if how not in How.values:
        problems["how"] = [_("Say how you were told.")]
    if problems:
        raise Invalid(fields=problems)


def _is_own(actor: Actor, row: Attendance, token: str, at: datetime) -> bool:
    """Tell whether somebody speaks for the one who came: themselves, the household, who acts for them, the ticket."""
    if token and row.sign_up is not None:
        word = tokens.read_token(token)
        return bool(word) and tokens.token_digest(word) == row.sign_up.token_digest
    if row.person_id is None or actor.person is None:
        return False
    if actor.person == row.person_id:
        return True
    home = Person.objects.filter(pk=actor.person, state=Person.State.LIVING).values("household")
    if Person.objects.filter(pk=row.person_id, household__in=home).exists():
        return True
    return any(
        one.person == row.person_id and one.may(ACTS_FOR) for one in list_principals(actor=actor, on=local_day(at))
    )
