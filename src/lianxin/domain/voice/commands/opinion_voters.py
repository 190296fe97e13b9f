"""Who answers an opinion map: known by a keyed digest or the number of a paper card, never by a name."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.models import AnonymousPost
from lianxin.domain.people.rules.login import SendLimit, wait_before_sending
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import OpinionMap, OpinionVoter
from lianxin.platform import locks, scope
from lianxin.platform.errors import TooMany
from lianxin.platform.sensitive import digest, digest_candidates

VOTER_PURPOSE, ADDRESS_PURPOSE = "voice.opinion_voter", "voice.map_address"
# A hall full of phones shares one network; this stops a machine, not a meeting.
ADDRESS_LIMITS = (SendLimit(400, timedelta(hours=1)), SendLimit(1500, timedelta(days=1)))


class TooManyVoters(TooMany):
    """More people than any hall holds answered from one network."""

    title = gettext_lazy("A great many answers came from this network just now. Please try again in an hour.")


def key_of(opinion_map: UUID, *, person: UUID | None, word: str) -> str:
    """Give what a voter is known by to this map: the resident who logged in, or the word that the phone keeps."""
    return f"{opinion_map} person {person}" if person is not None else f"{opinion_map} phone {word}"


def card_key(opinion_map: UUID, card: str) -> str:
    """Give what a paper card is known by."""
    return f"{opinion_map} card {card}"


def find(opinion_map: UUID, key: str) -> OpinionVoter | None:
    """Give the voter of a key, whichever digest key was in use when they came."""
    marks = digest_candidates(key, VOTER_PURPOSE)
    return OpinionVoter.objects.filter(map=opinion_map, key_digest__in=marks).first()


def find_or_make(row: OpinionMap, key: str, *, is_card: bool = False, address: str = "", at: datetime) -> OpinionVoter:
    """Give the voter of a key, with the next number where they are new; inside a command."""
    known = find(row.pk, key)
    if known is not None:
        return known
    # Numbers have no gap and nobody comes twice: whoever is new waits for the others who are.
    fresh: OpinionMap = found.locked(OpinionMap, row.pk)
    known = find(row.pk, key)
    if known is not None:
        return known
    if address:
        _limit(row.pk, address, at=at)
    made = OpinionVoter.objects.create(
        community_id=row.community_id,
        map=fresh,
        number=fresh.voters + 1,
        key_digest=digest(key, VOTER_PURPOSE),
        is_card=is_card,
    )
    OpinionMap.objects.filter(pk=fresh.pk).update(voters=F("voters") + 1)
    return made


def _limit(opinion_map: UUID, address: str, *, at: datetime) -> None:
    mark = digest(f"{opinion_map} {address}", ADDRESS_PURPOSE)
    locks.advisory(f"post:{mark}")
    with scope.everything():
        posted = AnonymousPost.objects.filter(address_digest=mark, posted_at__gt=at - timedelta(days=1))
        sent = list(posted.values_list("posted_at", flat=True))
        if wait_before_sending(sent=sent, limits=ADDRESS_LIMITS, at=at) is not None:
            raise TooManyVoters
        AnonymousPost.objects.create(address_digest=mark, posted_at=at)
