"""The draw for scarce places: promised with the publication, made once, and checked by anybody who likes."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import counters
from lianxin.domain.activities.commands.telling import tell
from lianxin.domain.activities.models import Occurrence, OccurrenceLimit, SignUp
from lianxin.domain.activities.rules import draws
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused

State = SignUp.State


class NotToBeDrawn(Refused):
    """Places are not drawn here, or not yet, or not any more."""

    title = gettext_lazy("Nothing is drawn here now.")


@command("activities.draw")
def draw(*, actor: Actor, occurrence: UUID, at: datetime, key: UUID | None = None) -> list[SignUp]:
    """Draw the places once the sign-up is closed; gives the sign-ups that got one. Raises NotToBeDrawn.

    In the order of the draw each party gets its places if enough are left; the others wait in that order.
    """
    place = locks.lock_one(Occurrence.objects.filter(pk=occurrence).select_related("activity"))
    if place is None:
        raise Missing
    policy.require(policy.may_run(actor, place.community_id, place.venue_id))
    if not place.is_drawn or place.drawn_at is not None or place.state != Occurrence.State.PUBLISHED:
        raise NotToBeDrawn
    if place.sign_up_until is None or at < place.sign_up_until:
        raise NotToBeDrawn(_("The draw comes when sign-up is closed."))
    if not place.seed:
        place.seed, place.seed_digest = draws.new_seed()
    rows = list(SignUp.objects.filter(occurrence=place.pk, state=State.IN_DRAW).order_by("place_no"))
    won, lost = _decide(place, rows)
    SignUp.objects.filter(pk__in=[row.pk for row in won]).update(state=State.CONFIRMED, decided_at=at)
    SignUp.objects.filter(pk__in=[row.pk for row in lost]).update(state=State.WAITING, decided_at=at)
    Occurrence.objects.filter(pk=place.pk).update(drawn_at=at, seed=place.seed, seed_digest=place.seed_digest)
    counters.move(place.pk, taken=len(won), waiting=len(lost))
    counters.move_limits(Counter(row.limit_id for row in won if row.limit_id))
    act().target(place, "drawn", {"places": [None, len(won)], "waiting": [None, len(lost)]})
    tell(won, place, template="sign_up_drawn", at=at)
    tell(lost, place, template="sign_up_not_drawn", at=at)
    for row in won:
        row.state = State.CONFIRMED
    return won


def list_to_draw(*, at: datetime, limit: int = 100) -> list[UUID]:
    """List the occurrences whose draw is due."""
    with scope.everything():
        rows = Occurrence.objects.filter(
            state=Occurrence.State.PUBLISHED,
            is_drawn=True,
            drawn_at__isnull=True,
            sign_up_until__lte=at,
            ends_at__gt=at,
        )
        return list(rows.order_by("sign_up_until", "pk").values_list("pk", flat=True)[:limit])


def _decide(place: Occurrence, rows: list[SignUp]) -> tuple[list[SignUp], list[SignUp]]:
    parties: dict[UUID, list[SignUp]] = {}
    for row in rows:
        parties.setdefault(row.party, []).append(row)
    free = (place.size or 0) - place.taken
    limits = {limit.pk: limit.size - limit.taken for limit in OccurrenceLimit.objects.filter(occurrence=place.pk)}
    won: list[SignUp] = []
    lost: list[SignUp] = []
    for entry in draws.order(place.seed, [draws.Entry(pk, len(members)) for pk, members in parties.items()]):
        members = parties[entry.first]
        wanted = Counter(row.limit_id for row in members if row.limit_id)
        if entry.size > free or any(limits.get(limit, 0) < count for limit, count in wanted.items()):
            lost += members
            continue
        free -= entry.size
        for limit, count in wanted.items():
            limits[limit] -= count
        won += members
    return won, lost
