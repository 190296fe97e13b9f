"""Seats at the door: for those who come without a place, counted by the same counters as every sign-up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.commands import counters
from lianxin.domain.activities.models import Attendance, Occurrence, OccurrenceLimit, SignUp
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.rules.windows import spoken
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Refused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import Sealed

HELD = (SignUp.State.CONFIRMED, SignUp.State.OFFERED)


class FullHouse(Refused):
    """All places are taken."""

    title = gettext_lazy("All places are taken.")


class Seats:
    """The seats of one occurrence, whose row this transaction has locked."""

    def __init__(self, row: Occurrence, *, at: datetime) -> None:
        self._row = row
        self._at = at
        self._taken = row.taken
        self._moved = [0, 0]
        self._limits: dict[UUID, int] = {}
        self._numbers = 0
        self._present: int | None = None
        self._new: list[SignUp] = []

    def has_room(self) -> bool:
        """Tell whether a place is free for somebody who has none."""
        return self._row.size is None or self._taken < self._row.size

    def lets_in_without_place(self) -> bool:
        """Tell whether somebody may come in beside the places: where there are none to hold, where nobody is sent
        home, and once it has begun instead of those who did not come."""
        row = self._row
        if not row.takes_sign_ups or row.lets_everybody_in or row.size is None:
            return True
        return self._at >= row.starts_at and self._count_present() < row.size

    def refusal(self) -> FullHouse:
        """Say that it is full, and when places of those who do not come are given away."""
        if self._at < self._row.starts_at:
            return FullHouse(
                _("All %(size)d places are taken. From %(when)s on, places of those who did not come are given away.")
                % {"size": self._row.size or 0, "when": spoken(self._row.starts_at)}
            )
        return FullHouse(_("All %(size)d places are taken, and everybody is there.") % {"size": self._row.size or 0})

    def came_in(self) -> None:
        """Count one more who is there."""
        if self._present is not None:
            self._present += 1

    def confirm(self, sign_up: SignUp) -> bool:
        """Give a place to somebody who waits for one and is here; False when none is free."""
        if sign_up.state == SignUp.State.OFFERED:
            self._confirm(sign_up)
            return True
        if not self.has_room() or not self._limit_has_room(sign_up.limit_id):
            return False
        self._taken += 1
        self._moved[0] += 1
        if sign_up.state == SignUp.State.WAITING:
            self._moved[1] -= 1
        if sign_up.limit_id is not None:
            self._limits[sign_up.limit_id] = self._limits.get(sign_up.limit_id, 0) + 1
        self._confirm(sign_up)
        return True

    def take(
        self,
        *,
        actor: Actor,
        person: UUID | None,
        household: UUID | None,
        guest_name: str = "",
        guest_phone: Sealed | None = None,
        guest_digest: str = "",
    ) -> SignUp | None:
        """Sign up somebody who came without, under the guard; None where sign-ups are not kept or all is full."""
        row = self._row
        if not row.takes_sign_ups or row.state != Occurrence.State.PUBLISHED or not self.has_room():
            return None
        number = row.next_no + self._numbers
        self._numbers += 1
        self._taken += 1
        self._moved[0] += 1
        pk = new_id()
        made = SignUp(
            id=pk,
            community_id=row.community_id,
            occurrence=row,
            state=SignUp.State.CONFIRMED,
            place_no=number,
            party=pk,
            person_id=person,
            household_id=household,
            guest_name=guest_name,
            guest_phone=guest_phone,
            guest_digest=guest_digest,
            how=SignUp.How.WALK_IN,
            signed_by=actor.account,
            signed_by_person=actor.person,
            code=tokens.code_for(row.pk, number),
            token_digest=tokens.token_digest(tokens.token_for(pk)),
            accepted_at=self._at,
            decided_at=self._at,
        )
        self._new.append(made)
        return made

    def write(self) -> None:
        """Write the new places and move the counters."""
        taken, waiting = self._moved
        counters.move(self._row.pk, taken=taken, waiting=waiting)
        counters.move_limits(self._limits)
        if self._numbers:
            Occurrence.objects.filter(pk=self._row.pk).update(next_no=F("next_no") + self._numbers)
            SignUp.objects.bulk_create(self._new, batch_size=500)

    def _confirm(self, sign_up: SignUp) -> None:
        sign_up.state, sign_up.decided_at = SignUp.State.CONFIRMED, self._at
        sign_up.save(update_fields=["state", "decided_at"])

    def _limit_has_room(self, limit: UUID | None) -> bool:
        if limit is None:
            return True
        row = OccurrenceLimit.objects.filter(pk=limit).first()
        return row is None or row.taken + self._limits.get(limit, 0) < row.size

    def _count_present(self) -> int:
        if self._present is None:
            self._present = Attendance.objects.filter(occurrence=self._row, undone_at=None, shift_place=None).count()
        return self._present


def give_back(sign_ups: Sequence[SignUp], *, reason: str, at: datetime) -> None:
    """End places that were made at the door by mistake, of an occurrence that this transaction has locked."""
    ending = [one for one in sign_ups if one.state in HELD]
    if not ending:
        return
    SignUp.objects.filter(pk__in=[one.pk for one in ending]).update(
        state=SignUp.State.CANCELLED, ended_at=at, ended_reason=reason[:200]
    )
    counters.move(ending[0].occurrence_id, taken=-len(ending))
    limits: dict[UUID, int] = {}
    for one in ending:
        if one.limit_id is not None:
            limits[one.limit_id] = limits.get(one.limit_id, 0) - 1
    counters.move_limits(limits)
