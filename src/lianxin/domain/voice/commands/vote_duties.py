"""What staff must do by a time because of votes and opinion maps."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.places.models import Division
from lianxin.domain.voice.models import Statement, Vote
from lianxin.platform import duties, locks, scope

COUNT_DUTY, STATEMENTS_DUTY = "voice.count_vote", "voice.read_statements"
READ_WITHIN = timedelta(days=1)


def open_count(vote: Vote) -> None:
    """Let somebody close and count a vote when its time is over; one without an end is closed by hand."""
    if vote.closes_at is None:
        return
    duties.open(
        kind=COUNT_DUTY,
        record=vote,
        community_id=vote.community_id,
        title=_("Count the vote “%(question)s”") % {"question": vote.question[:80]},
        due_at=vote.closes_at,
        assignee_role="community_staff",
        url_name="staff:vote",
        url_args={"vote": str(vote.pk)},
    )


def close_count(vote: Vote) -> None:
    """Say that a vote is counted, or will not be."""
    duties.close(kind=COUNT_DUTY, record=vote)


def look_at_statements(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty to look at statements that residents sent in."""
    wanted = set(communities)
    for pk in sorted(wanted):
        locks.advisory(f"voice.statements.{pk}")
    with scope.everything():
        rows = Statement.objects.filter(community__in=wanted, state=Statement.State.WAITING).order_by()
        waiting = {
            community: (number, oldest)
            for community, number, oldest in rows.values("community")
            .annotate(n=Count("pk"), oldest=Min("sent_at"))
            .values_list("community", "n", "oldest")
        }
        for division in Division.objects.filter(pk__in=wanted).order_by("pk"):
            number, oldest = waiting.get(division.pk, (0, None))
            if oldest is None:
                duties.close(kind=STATEMENTS_DUTY, record=division)
                continue
            words = ngettext("Look at %(n)d statement", "Look at %(n)d statements", number)
            duties.open(
                kind=STATEMENTS_DUTY,
                record=division,
                community_id=division.pk,
                title=words % {"n": number},
                due_at=oldest + READ_WITHIN,
                assignee_role="community_staff",
                url_name="staff:opinion_map_waiting",
                url_args={},
            )
