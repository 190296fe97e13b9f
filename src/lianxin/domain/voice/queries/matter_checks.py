"""What `verify` asks about deliberation: no commitment is lost, minutes stay, decisions had their quorum."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from lianxin.domain.voice.commands.matter_duties import KEEP, MINUTES
from lianxin.domain.voice.models import AgendaItem, Commitment, Invitation, Matter, Meeting, Resolution
from lianxin.domain.voice.rules import agendas, quorums
from lianxin.domain.voice.rules import commitments as rules
from lianxin.domain.voice.rules import minutes as minutes_rules
from lianxin.platform import scope
from lianxin.platform.models import Duty

AT_MOST = 20


def open_commitments_return() -> Iterator[str]:
    """Each open commitment stands once on the agenda of its matter's next meeting, and on no other called one."""
    with scope.everything():
        called: dict[UUID, list[agendas.Called]] = defaultdict(list)
        planned = Meeting.objects.filter(state=Meeting.State.PLANNED)
        for pk, matter, starts_at, number in planned.values_list("pk", "matter_id", "starts_at", "number"):
            called[matter].append(agendas.Called(pk, starts_at, number))
        wanted: Counter[tuple[UUID | None, UUID]] = Counter()
        live = Commitment.objects.filter(matter__in=list(called), state__in=rules.LIVE)
        for pk, matter in live.values_list("pk", "matter_id"):
            wanted[(agendas.next_called(called[matter]), pk)] += 1
        points = AgendaItem.objects.filter(meeting__state=Meeting.State.PLANNED, commitment__isnull=False)
        there: Counter[tuple[UUID | None, UUID]] = Counter(points.values_list("meeting_id", "commitment_id"))
    for meeting, commitment in sorted((wanted - there).keys())[:AT_MOST]:
        yield f"commitment {commitment} is open and not on the agenda of meeting {meeting}"
    for meeting, commitment in sorted((there - wanted).keys())[:AT_MOST]:
        yield f"commitment {commitment} is on the agenda of meeting {meeting}, where it does not belong"


def open_commitments_are_duties() -> Iterator[str]:
    """Each open commitment is somebody's duty, and no closed one is."""
    with scope.everything():
        owed = set(Commitment.objects.filter(state__in=rules.LIVE).values_list("pk", flat=True))
        kept = set(Duty.objects.filter(kind=KEEP, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(owed - kept)[:AT_MOST]:
        yield f"commitment {pk} is open and nobody's duty"
    for pk in sorted(kept - owed)[:AT_MOST]:
        yield f"commitment {pk} is a duty and not open"


def held_meetings_are_duties() -> Iterator[str]:
    """Each meeting that was held and not closed is somebody's duty to write its minutes."""
    with scope.everything():
        owed = set(Meeting.objects.filter(state=Meeting.State.HELD).values_list("pk", flat=True))
        written = set(Duty.objects.filter(kind=MINUTES, closed_at=None).values_list("record_id", flat=True))
    for pk in sorted(owed ^ written)[:AT_MOST]:
        yield f"meeting {pk} was held and is not closed, or not; its duty says otherwise"


def signed_minutes_stay() -> Iterator[str]:
    """Signed minutes are word for word what was signed."""
    with scope.everything():
        rows = Meeting.objects.filter(minutes_state=Meeting.Minutes.SIGNED).order_by("pk")
        for pk, text, digest in rows.values_list("pk", "minutes", "minutes_digest").iterator(chunk_size=100):
            if minutes_rules.digest(text) != digest:
                yield f"the minutes of meeting {pk} are not what was signed"


def decisions_had_their_quorum() -> Iterator[str]:
    """A closed meeting decided only while enough people were there."""
    with scope.everything():
        rows = Resolution.objects.filter(
            meeting__state=Meeting.State.CLOSED,
            meeting__quorum__isnull=False,
            state__in=[Resolution.State.PASSED, Resolution.State.REJECTED],
        )
        told = list(rows.order_by("pk").values_list("meeting_id", "meeting__quorum", "decided_at"))
        stays: dict[UUID, list[quorums.Stay]] = defaultdict(list)
        people = Invitation.objects.filter(meeting__in={meeting for meeting, _quorum, _at in told})
        for meeting, role, came_at, left_at in people.values_list("meeting_id", "role", "came_at", "left_at"):
            stays[meeting].append(quorums.Stay(role, came_at, left_at))
    for meeting, quorum, decided_at in told:
        if decided_at is None or quorums.too_few_at(quorum, stays[meeting], [decided_at]):
            yield f"meeting {meeting} decided when fewer than {quorum} people were there"


def ended_matters_are_settled() -> Iterator[str]:
    """A matter that ended has neither open commitments nor meetings that are called or not closed."""
    with scope.everything():
        ended = Matter.objects.filter(state__in=[Matter.State.DONE, Matter.State.FAILED])
        left = Commitment.objects.filter(matter__in=ended.values("pk"), state__in=rules.LIVE)
        for pk in left.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"commitment {pk} is open though its matter ended"
        called = Meeting.objects.filter(matter__in=ended.values("pk"), state__in=["planned", "held"])
        for pk in called.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"meeting {pk} is not closed though its matter ended"
