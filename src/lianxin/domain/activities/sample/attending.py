"""How people come to the dates of the sample: who signs up when, who stays away, who walks in, what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from lianxin.domain.activities.commands.history import (
    CAME,
    LEFT,
    MISSED,
    WAITED,
    WALKED_IN,
    Opinion,
    PastPerson,
)
from lianxin.domain.activities.models import Attendance, SignUp
from lianxin.platform.clock import local_day

from .crowd import ADULT, Crowd, Somebody
from .planning import Held, Planned

How, Seen = SignUp.How, Attendance.How
ELDER = 60
FEWEST_MISSING, MOST_MISSING = 0.08, 0.15
OPINIONS = 0.06
LAST_HOURS = timedelta(hours=2)
SIGNED_HOW: Mapping[str, tuple[tuple[str, int], ...]] = {
    "elder": ((How.STAFF, 34), (How.PHONE, 22), (How.FAMILY, 22), (How.SELF, 16), (How.VOLUNTEER, 6)),
    "grown_up": ((How.SELF, 56), (How.CHAIN, 22), (How.STAFF, 14), (How.FAMILY, 8)),
    "child": ((How.FAMILY, 84), (How.STAFF, 16)),
}
SEEN_HOW: Mapping[str, tuple[tuple[str, int], ...]] = {
    "elder": ((Seen.NAME, 44), (Seen.PAPER, 20), (Seen.CARD, 18), (Seen.TYPED_CODE, 8), (Seen.OWN_CODE, 10)),
    "grown_up": ((Seen.VENUE_CODE, 48), (Seen.OWN_CODE, 26), (Seen.NAME, 16), (Seen.PAPER, 10)),
    "child": ((Seen.NAME, 60), (Seen.PAPER, 30), (Seen.VENUE_CODE, 10)),
}
FACES = ((3, 86), (2, 10), (1, 4))


def _choose(dice: Random, weighted: Sequence[tuple[str, int]]) -> str:
    return dice.choices([one for one, _weight in weighted], [weight for _one, weight in weighted])[0]


def _kind(one: Somebody) -> str:
    return "elder" if one.age >= ELDER else "grown_up" if one.age >= ADULT else "child"


class Attending:
    """Composes the people of one date."""

    def __init__(self, crowd: Crowd, words: Mapping[str, Sequence[str]], dice: Random) -> None:
        self.crowd, self.words, self.dice = crowd, words, dice

    def volunteers(self, planned: Planned, date: Held, *, reporting: set[UUID]) -> list[PastPerson]:
        """Draw who does the voluntary work of a date, and now and then one who took the shift and did not come."""
        missing = 1 if self.dice.random() < 0.35 else 0
        people = self._draw(planned, date, date.people + missing)
        signed = {one.household: self._signed_at(date) for one in people}
        found = []
        for number, one in enumerate(people):
            fate = CAME if number < date.people else MISSED
            found.append(
                PastPerson(
                    one.person,
                    fate,
                    signed_how=How.SELF,
                    signed_at=signed[one.household],
                    came_how=Seen.SHIFT,
                    came_at=self._came_at(date),
                    opinion=self._opinion() if fate == CAME else None,
                    is_on_shift=True,
                    is_reporting_in=one.person in reporting,
                )
            )
        return found

    def drop_ins(self, planned: Planned, date: Held) -> list[PastPerson]:
        """Draw who comes where nobody has to sign up."""
        people = self._draw(planned, date, date.people)
        return [self._arrived(one, WALKED_IN, date, None) for one in people]

    def signed_up(self, planned: Planned, date: Held) -> tuple[list[PastPerson], int | None]:
        """Draw who signs up, comes, stays away, walks in or waits in vain; gives the number of places, if there is one.

        A popular one is full: its places are those of the people who came and of some who did not, and others wait.
        """
        dice = self.dice
        share = dice.uniform(FEWEST_MISSING, MOST_MISSING)
        walked = round(date.people * dice.uniform(0.02, 0.16))
        missed = round((date.people - walked) * share / (1 - share))
        size: int | None = None
        if planned.template.is_popular and dice.random() < 0.8:
            size = _rounded(date.people)
            missed = max(size - date.people, round(size * share))
            walked = date.people - (size - missed)
        elif dice.random() < 0.75:
            size = _rounded(date.people + missed + dice.randint(2, 12))
        is_full = size is not None and size == date.people - walked + missed
        waiting = dice.randint(1, max(2, date.people // 5)) if is_full else 0
        left = round(date.people * dice.uniform(0.0, 0.08))
        came = self._draw(planned, date, date.people)
        others = self._draw(planned, date, missed + left + waiting)[: missed + left + waiting]
        signed: dict[UUID, datetime] = {}
        for one in [*came, *others]:
            signed.setdefault(one.household, self._signed_at(date))
        found = [
            self._arrived(one, CAME if number >= walked else WALKED_IN, date, signed[one.household])
            for number, one in enumerate(came)
        ]
        for number, one in enumerate(others):
            fate = MISSED if number < missed else LEFT if number < missed + left else WAITED
            at = self._late(date) if fate == WAITED else signed[one.household]
            how = _choose(dice, SIGNED_HOW[_kind(one)])
            reason = dice.choice(self.words["cancel_sign_up"]) if fate == LEFT else ""
            found.append(PastPerson(one.person, fate, signed_how=how, signed_at=at, reason=reason))
        return found, size

    def called_off(self, planned: Planned, date: Held) -> list[PastPerson]:
        """Draw who had signed up for a date that was called off."""
        wanted = round(self.dice.uniform(0.3, 0.8) * planned.template.people[0])
        people = self._draw(planned, date, wanted)
        return [
            PastPerson(
                one.person,
                MISSED,
                signed_how=_choose(self.dice, SIGNED_HOW[_kind(one)]),
                signed_at=self._signed_at(date),
            )
            for one in people
        ]

    def _draw(self, planned: Planned, date: Held, count: int) -> list[Somebody]:
        on = local_day(date.starts_at)
        return self.crowd.draw(planned.place.community, planned.template.who, count, on, self.dice)

    def _arrived(self, one: Somebody, fate: str, date: Held, signed_at: datetime | None) -> PastPerson:
        kind = _kind(one)
        seen = Seen.WALK_IN if fate == WALKED_IN and signed_at else _choose(self.dice, SEEN_HOW[kind])
        return PastPerson(
            one.person,
            fate,
            signed_how=_choose(self.dice, SIGNED_HOW[kind]) if one.has_phone or kind == "child" else How.STAFF,
            signed_at=None if fate == WALKED_IN else signed_at,
            came_how=seen,
            came_at=self._came_at(date),
            opinion=self._opinion() if kind != "child" else None,
        )

    def _signed_at(self, date: Held) -> datetime:
        """Give a moment of the days before, in waking hours, more often soon after the announcement."""
        days = round(9 * (1 - self.dice.random() ** 2)) + 1
        moment = date.starts_at - timedelta(days=days)
        moment = moment.replace(minute=self.dice.randrange(60), second=self.dice.randrange(60))
        # Times of day of the date itself lie in waking hours too.
        return min(moment + timedelta(hours=self.dice.randint(-1, 2)), date.starts_at - LAST_HOURS)

    def _late(self, date: Held) -> datetime:
        return date.starts_at - timedelta(hours=self.dice.randint(3, 20), minutes=self.dice.randrange(60))

    def _came_at(self, date: Held) -> datetime:
        return date.starts_at + timedelta(seconds=round(60 * self.dice.triangular(-25, 16, -6)))

    def _opinion(self) -> Opinion | None:
        dice = self.dice
        if dice.random() >= OPINIONS:
            return None
        face = dice.choices([face for face, _weight in FACES], [weight for _face, weight in FACES])[0]
        kind = {3: "glad", 2: "so_so", 1: "sad"}[face]
        met: bool | None = True if face == 3 else None if dice.random() < 0.5 else False
        words = dice.choice(self.words["no_need_met"] if met is False and dice.random() < 0.4 else self.words[kind])
        how = dice.choices(("self", "phone", "paper"), (66, 20, 14))[0]
        return Opinion(face, words, met, how)


def _rounded(people: int) -> int:
    """Round a number of places up to one that people write on a poster."""
    step = 2 if people < 16 else 5
    return -(-people // step) * step
