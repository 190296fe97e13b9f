"""What staff must do by a time because of visits: a worker's due visits, what was promised, records to compare."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from uuid import UUID

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.needs.models import Visit, VisitConflict, VisitPromise
from lianxin.domain.needs.rules import visits as rules
from lianxin.domain.people.models import Account, Household
from lianxin.domain.places.models import Division
from lianxin.platform import duties, locks, scope
from lianxin.platform.clock import local_day, local_moment

ROUND_DUTY, PROMISE_DUTY, CONFLICT_DUTY = "needs.visit", "needs.keep_promise", "needs.compare_visits"
BOARD, PROMISE, CONFLICTS = "staff:visits", "staff:visit_promise", "staff:visit_conflicts"
EVENING = time(18)
COMPARE_WITHIN = timedelta(days=2)


def look_at_rounds(workers: Iterable[UUID | None]) -> None:
    """Open, move or close the duty of each worker to do their planned visits, due with the first of them."""
    wanted = sorted({one for one in workers if one is not None})
    for pk in wanted:
        # One open duty for each worker: two who plan for them at once wait for each other here.
        locks.advisory(f"needs.visits.{pk}")
    with scope.everything():
        rows = Visit.objects.filter(worker__in=wanted, state=Visit.State.PLANNED).order_by("due_on", "pk")
        waiting: dict[UUID | None, list[tuple[date, UUID]]] = {}
        for worker, due_on, community in rows.values_list("worker", "due_on", "community"):
            waiting.setdefault(worker, []).append((due_on, community))
        for account in Account.objects.filter(pk__in=wanted).order_by("pk"):
            found = waiting.get(account.pk)
            if not found:
                duties.close(kind=ROUND_DUTY, record=account)
                continue
            words = ngettext("Visit %(n)d household", "Visit %(n)d households", len(found))
            duties.open(
                kind=ROUND_DUTY,
                record=account,
                community_id=found[0][1],
                title=words % {"n": len(found)},
                due_at=local_moment(found[0][0], EVENING),
                assignee_account=account.pk,
                url_name=BOARD,
                url_args={},
            )


def open_promise(row: VisitPromise, *, worker: UUID | None) -> None:
    """Let somebody keep a promise; what was promised stands on its page only."""
    with scope.everything():
        number = Household.objects.filter(pk=row.household_id).values_list("number", flat=True).first() or ""
    by = rules.keep_by(row.due_on, made_on=local_day(row.made_at))
    duties.open(
        kind=PROMISE_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Keep a promise made to household %(number)s") % {"number": number},
        due_at=local_moment(by, EVENING),
        assignee_account=worker,
        assignee_role="" if worker else "community_staff",
        url_name=PROMISE,
        url_args={"visit_promise": str(row.pk)},
    )


def close_promise(row: VisitPromise) -> None:
    """Say that nobody has to keep a promise any more."""
    duties.close(kind=PROMISE_DUTY, record=row)


def look_at_conflicts(communities: Iterable[UUID]) -> None:
    """Open, move or close the duty of a community to compare records that met one another, as it is now."""
    wanted = sorted(set(communities))
    for pk in wanted:
        locks.advisory(f"needs.visit_conflicts.{pk}")
    with scope.everything():
        rows = VisitConflict.objects.filter(community__in=wanted, state=VisitConflict.State.OPEN).order_by()
        counted = rows.values("community").annotate(n=Count("pk"), oldest=Min("received_at"))
        waiting = {community: (n, oldest) for community, n, oldest in counted.values_list("community", "n", "oldest")}
        for division in Division.objects.filter(pk__in=wanted).order_by("pk"):
            number, oldest = waiting.get(division.pk, (0, None))
            if oldest is None:
                duties.close(kind=CONFLICT_DUTY, record=division)
                continue
            words = ngettext("Compare %(n)d record of a visit", "Compare %(n)d records of visits", number)
            duties.open(
                kind=CONFLICT_DUTY,
                record=division,
                community_id=division.pk,
                title=words % {"n": number},
                due_at=oldest + COMPARE_WITHIN,
                assignee_role="community_staff",
                url_name=CONFLICTS,
                url_args={},
            )
