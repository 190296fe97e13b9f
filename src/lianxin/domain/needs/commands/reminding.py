"""What staff must do by a time because of needs: one duty for each community and kind, however many voices."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.places.models import Division
from lianxin.platform import duties, locks, scope

INBOX_DUTY, URGENT_DUTY, TELL_DUTY, CONFIRM_DUTY = (
    "needs.read_new",
    "needs.urgent",
    "needs.tell_askers",
    "needs.ask_again",
)
READ_WITHIN = timedelta(days=3)
TELL_WITHIN = timedelta(days=3)
URGENT_WITHIN = timedelta(days=1)
TO_DO = (Answer.State.TO_TELL, Answer.State.TO_HAND)
INBOX, REPORT, CALLS, CONFIRM = "staff:needs_inbox", "staff:voice", "staff:needs_calls", "staff:needs_confirm"


def look_at_inbox(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty to read what is new, as it is now."""
    wanted = set(communities)
    with scope.everything():
        rows = NeedReport.objects.filter(community__in=wanted, state=NeedReport.State.NEW).order_by()
        waiting = {
            community: (number, oldest)
            for community, number, oldest in rows.values("community")
            .annotate(n=Count("pk"), oldest=Min("recorded_at"))
            .values_list("community", "n", "oldest")
        }
        for division in _divisions(wanted):
            number, oldest = waiting.get(division.pk, (0, None))
            if oldest is None:
                duties.close(kind=INBOX_DUTY, record=division)
                continue
            words = ngettext("Read %(n)d new voice", "Read %(n)d new voices", number)
            duties.open(
                kind=INBOX_DUTY,
                record=division,
                community_id=division.pk,
                title=words % {"n": number},
                due_at=oldest + READ_WITHIN,
                assignee_role="community_staff",
                url_name=INBOX,
                url_args={},
            )


def look_at_answers(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty to tell askers by phone and on paper, as it is now."""
    wanted = set(communities)
    with scope.everything():
        rows = Answer.objects.filter(community__in=wanted, state__in=TO_DO).order_by()
        waiting = {
            community: (number, oldest)
            for community, number, oldest in rows.values("community")
            .annotate(n=Count("pk"), oldest=Min("made_at"))
            .values_list("community", "n", "oldest")
        }
        for division in _divisions(wanted):
            number, oldest = waiting.get(division.pk, (0, None))
            if oldest is None:
                duties.close(kind=TELL_DUTY, record=division)
                continue
            words = ngettext("Tell %(n)d asker the answer", "Tell %(n)d askers the answer", number)
            duties.open(
                kind=TELL_DUTY,
                record=division,
                community_id=division.pk,
                title=words % {"n": number},
                due_at=oldest + TELL_WITHIN,
                assignee_role="community_staff",
                url_name=CALLS,
                url_args={},
            )


def look_at_stale(community: Division, number: int, *, due_at: datetime) -> None:
    """Open or close the duty to ask whether entries still hold."""
    if not number:
        duties.close(kind=CONFIRM_DUTY, record=community)
        return
    words = ngettext("Ask whether %(n)d need still holds", "Ask whether %(n)d needs still hold", number)
    duties.open(
        kind=CONFIRM_DUTY,
        record=community,
        community_id=community.pk,
        title=words % {"n": number},
        due_at=due_at,
        assignee_role="community_staff",
        url_name=CONFIRM,
        url_args={},
    )


def open_urgent(report: NeedReport, *, at: datetime) -> None:
    """Let somebody look at an urgent voice within a day; the words themselves stand on its page only."""
    duties.open(
        kind=URGENT_DUTY,
        record=report,
        community_id=report.community_id,
        title=_("Somebody says it is urgent (receipt %(number)s)") % {"number": report.receipt},
        due_at=at + URGENT_WITHIN,
        assignee_role="community_staff",
        url_name=REPORT,
        url_args={"voice": str(report.pk)},
    )


def close_urgent(reports: Iterable[NeedReport]) -> None:
    """Say that urgent voices were looked at."""
    for report in reports:
        if report.is_urgent:
            duties.close(kind=URGENT_DUTY, record=report)


def _divisions(wanted: set[UUID]) -> list[Division]:
    # One open duty for each community: two who write at once wait for each other here.
    for pk in sorted(wanted):
        locks.advisory(f"needs.duties.{pk}")
    return list(Division.objects.filter(pk__in=wanted).order_by("pk"))
