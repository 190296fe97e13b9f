"""What `verify` asks about attendance: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from lianxin.domain.activities.models import Attendance, CrowdLog, Feedback, NoShow, Occurrence
from lianxin.platform.models import Fact

AT_MOST = 20
State = Occurrence.State


def attendances_belong() -> Iterator[str]:
    """An attendance is of its occurrence's community, and its place and shift are of the same occurrence."""
    rows = Attendance.objects.order_by("pk")
    for pk in rows.exclude(community=F("occurrence__community")).values_list("pk", flat=True)[:AT_MOST]:
        yield f"attendance {pk} belongs to another community than its occurrence"
    strange = rows.filter(sign_up__isnull=False).exclude(sign_up__occurrence=F("occurrence"))
    for pk in strange.values_list("pk", flat=True)[:AT_MOST]:
        yield f"attendance {pk} has a place at another occurrence"
    elsewhere = rows.filter(shift_place__shift__occurrence__isnull=False)
    elsewhere = elsewhere.exclude(shift_place__shift__occurrence=F("occurrence"))
    for pk in elsewhere.values_list("pk", flat=True)[:AT_MOST]:
        yield f"attendance {pk} is on a shift of another occurrence"


def held_dates_have_somebody() -> Iterator[str]:
    """A date was held when somebody is on record or a crowd was counted, and only then."""
    came = Attendance.objects.filter(undone_at=None).values("occurrence")
    counted = CrowdLog.objects.filter(undone_at=None).values("occurrence")
    somebody = Q(pk__in=came) | Q(pk__in=counted)
    rows = Occurrence.objects.order_by("pk")
    for pk in rows.filter(state=State.HELD).exclude(somebody).values_list("pk", flat=True)[:AT_MOST]:
        yield f"occurrence {pk} counts as held, but nobody is on record"
    wrong = rows.filter(somebody, state__in=[State.NOT_HELD, State.DRAFT, State.CANCELLED])
    for pk, state in wrong.values_list("pk", "state")[:AT_MOST]:
        yield f"occurrence {pk} is {state}, but somebody is on record"


def facts_are_attendances() -> Iterator[str]:
    """What the facts say of person-times, held dates and crowds is what the records say."""
    yield from _facts_of("person_times", "activities_attendance", "t.undone_at IS NULL", "1")
    yield from _facts_of("occurrences_held", "activities_occurrence", "t.state = 'held'", "1")
    yield from _facts_of("crowd_counted", "activities_crowdlog", "t.undone_at IS NULL", "t.count")
    yield from _facts_of(
        "volunteer_person_times",
        "activities_attendance",
        "t.undone_at IS NULL AND (t.shift_place_id IS NOT NULL OR EXISTS (SELECT 1 FROM activities_occurrence o"
        " JOIN activities_activity a ON a.id = o.activity_id WHERE o.id = t.occurrence_id AND a.is_volunteering))",
        "1",
    )
    yield from _facts_of(
        "volunteer_occurrences",
        "activities_occurrence",
        "t.state = 'held' AND EXISTS (SELECT 1 FROM activities_activity a"
        " WHERE a.id = t.activity_id AND a.is_volunteering)",
        "1",
    )


def _facts_of(measure: str, table: str, counts: str, quantity: str) -> Iterator[str]:
    facts = connection.ops.quote_name(Fact._meta.db_table)
    sql = (
        "SELECT id, SUM(said), SUM(there) FROM ("
        f" SELECT t.id AS id, 0 AS said, {quantity} AS there FROM {table} t WHERE {counts}"
        f" UNION ALL SELECT f.record_id, f.quantity, 0 FROM {facts} f WHERE f.measure = %s"
        f") sums GROUP BY id HAVING SUM(said) <> SUM(there) LIMIT {AT_MOST}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [measure])
        for pk, said, there in cursor.fetchall():
            yield f"{measure} of {UUID(str(pk))}: facts say {said}, the record {there}"


def no_shows_are_absent() -> Iterator[str]:
    """A no-show that counts had a place at a date that was held, and is not on record as having come."""
    live = NoShow.objects.filter(forgiven_at=None).order_by("pk")
    came = Attendance.objects.filter(undone_at=None, sign_up__isnull=False).values("sign_up")
    for pk in live.filter(sign_up__in=came).values_list("pk", flat=True)[:AT_MOST]:
        yield f"no-show {pk} came after all"
    for pk in live.exclude(sign_up__state="confirmed").values_list("pk", flat=True)[:AT_MOST]:
        yield f"no-show {pk} had no place"


def feedback_is_of_those_who_came() -> Iterator[str]:
    """Feedback belongs to an attendance of the same occurrence."""
    wrong = Feedback.objects.exclude(occurrence=F("attendance__occurrence")).order_by("pk")
    for pk in wrong.values_list("pk", flat=True)[:AT_MOST]:
        yield f"feedback {pk} is about another occurrence than its attendance"
