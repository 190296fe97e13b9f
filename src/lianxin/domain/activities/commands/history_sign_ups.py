"""Sign-ups of past dates: numbers in the order of asking, seats as they were given, no-shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from lianxin.domain.activities.models import NoShow, Occurrence, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.no_shows import is_spared
from lianxin.platform import rows
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_ids

if TYPE_CHECKING:
    from lianxin.domain.activities.commands.history import PastDate, PastPerson

LEFT_BEFORE = timedelta(hours=5)
SIGN_UP = (
    *("id", "community", "occurrence", "state", "place_no", "party", "person", "household", "how", "signed_by"),
    *("guest_name", "guest_digest", "is_early", "code", "token_digest", "note", "accepted_at", "decided_at"),
    *("ended_at", "ended_reason"),
)
State = SignUp.State


class SignUps:
    """Gathers sign-ups of one community and writes them."""

    def __init__(
        self, *, actor: Actor, community: UUID, people: Mapping[UUID, tuple[UUID | None, date | None]]
    ) -> None:
        self.actor, self.community, self.people = actor, community, people
        self.sign_ups: list[tuple[Any, ...]] = []
        self.no_shows: list[NoShow] = []

    def write(self) -> None:
        """Write what was gathered."""
        rows.insert(SignUp, SIGN_UP, self.sign_ups)
        NoShow.objects.bulk_create(self.no_shows)

    def add(self, row: Occurrence, one: PastDate, called_off: datetime | None) -> dict[UUID, UUID]:
        """Give everybody who signed up a number in the order of asking; who walks in takes a place that is free."""
        published = row.published_at or row.starts_at
        signed = [person for person in one.people if person.fate != "walked_in" and not person.is_on_shift]
        signed = sorted(signed, key=lambda person: person.signed_at or published) if one.takes_sign_ups else []
        held = sum(person.fate in ("came", "missed") for person in signed)
        walked = sorted(
            (person for person in one.people if person.fate == "walked_in" and one.takes_sign_ups),
            key=lambda person: person.came_at or row.starts_at,
        )
        free = len(walked) if one.size is None else max(0, one.size - held)
        everybody = [*signed, *walked[:free]]
        found: dict[UUID, UUID] = {}
        parties: dict[tuple[UUID, datetime | None], UUID] = {}
        for number, (person, pk) in enumerate(zip(everybody, new_ids(len(everybody)), strict=True), start=1):
            home = self.people[person.person][0]
            party = parties.setdefault((home or pk, person.signed_at), pk) if person.signed_at else pk
            self.sign_ups.append(self._sign_up(row, person, pk, number, party, called_off))
            if person.fate in ("came", "walked_in"):
                found[person.person] = pk
            elif person.fate == "missed" and called_off is None:
                self._no_show(row, person, pk)
        row.next_no = len(everybody) + 1
        row.taken = 0 if called_off is not None else held + len(walked[:free])
        return found

    def _sign_up(
        self, row: Occurrence, person: PastPerson, pk: UUID, number: int, party: UUID, called_off: datetime | None
    ) -> tuple[Any, ...]:
        walked = person.fate == "walked_in"
        state, ended, reason = State.CONFIRMED, None, ""
        accepted = person.came_at if walked else person.signed_at
        accepted = accepted or row.published_at or row.starts_at
        if called_off is not None:
            state, ended, reason = State.CANCELLED, called_off, row.cancel_reason
        elif person.fate == "waited":
            state, ended = State.OVER, row.finished_at
        elif person.fate == "left":
            state, ended, reason = State.CANCELLED, max(accepted, row.starts_at - LEFT_BEFORE), person.reason
        return (
            pk,
            self.community,
            row.pk,
            state,
            number,
            party,
            person.person,
            self.people[person.person][0],
            SignUp.How.WALK_IN if walked else person.signed_how,
            self.actor.account,
            "",
            "",
            False,
            tokens.code_for(row.pk, number),
            tokens.token_digest(tokens.token_for(pk)),
            "",
            accepted,
            accepted if walked else None,
            ended,
            reason,
        )

    def _no_show(self, row: Occurrence, person: PastPerson, sign_up: UUID) -> None:
        on = local_day(row.starts_at)
        if not is_spared(self.people[person.person][1], on):
            self.no_shows.append(
                NoShow(
                    community_id=self.community,
                    activity_id=row.activity_id,
                    sign_up_id=sign_up,
                    person_id=person.person,
                    on=on,
                )
            )
