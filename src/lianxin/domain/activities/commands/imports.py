"""Sheets of who came, with names, from a workbook as a kind of run: checked whole, entered once, taken back whole."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.arriving import Came, Guest
from lianxin.domain.activities.commands.attendance import check_in_many, undo_many
from lianxin.domain.activities.models import Attendance, Occurrence, SignUp
from lianxin.domain.activities.rules.attendance_rows import COLUMNS, AttendanceReader, AttendanceRow, unpack
from lianxin.domain.people.models import Card, Person
from lianxin.platform import runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import deterministic_id
from lianxin.platform.models import Run, RunProblem

RUN_KIND_NAME = "activities.attendance"


def reader(*, run: Run, actor: Actor, at: datetime) -> AttendanceReader:
    """Give the reader of one file, knowing the residents of the community and those who signed up."""
    date = _occurrence(run, actor)
    if at < date.starts_at:
        raise Invalid(_("It has not begun yet. A sheet is entered afterwards."))
    with scope.within([date.community_id]):
        living = Person.objects.filter(state=Person.State.LIVING)
        cards = {
            number: (pk, name)
            for number, pk, name in Card.objects.filter(revoked_at=None, person__state=Person.State.LIVING).values_list(
                "number", "person_id", "person__name"
            )
        }
        by_phone: dict[str, list[tuple[UUID, str]]] = {}
        known = living.filter(phone_digest__isnull=False).values_list("phone_digest", "pk", "name")
        for digest, pk, name in known.iterator(chunk_size=5000):
            by_phone.setdefault(digest or "", []).append((pk, name))
    signed_up: dict[str, list[UUID]] = {}
    with scope.everything():
        rows = SignUp.objects.filter(occurrence=date, state__in=SignUp.LIVE, person__isnull=False)
        for person, name, digest in rows.values_list("person_id", "person__name", "person__phone_digest"):
            signed_up.setdefault(name, []).append(person)
            if digest:
                by_phone.setdefault(digest, []).append((person, name))
    return AttendanceReader(starts_at=date.starts_at, cards=cards, by_phone=by_phone, signed_up=signed_up)


def apply(*, run: Run, rows: list[AttendanceRow], actor: Actor, at: datetime) -> list[UUID]:
    """Enter one chunk of those who came; who is on record already is left as is."""
    date = _occurrence(run, actor)
    came = [
        Came(
            how=Attendance.How.IMPORT,
            came_at=min(datetime.fromisoformat(row.came_at), at),
            id=deterministic_id(run.pk, f"row {row.row}"),
            person=row.person,
            guest=None if row.person else Guest(row.name, row.phone),
        )
        for row in rows
    ]
    outcomes = check_in_many(actor=actor, occurrence=date.pk, came=came, at=at, source_run=run.pk)
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.refusal is not None:
            RunProblem.objects.create(
                run=run, row_number=row.row, column="name", sentence=str(outcome.refusal.detail)[:300]
            )
    return [one.attendance.pk for one in outcomes if one.is_new and one.attendance is not None]


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take back what a chunk entered, with everything that followed; what was taken back one by one stays so."""
    if ids:
        reason = _("The sheet “%(title)s” was taken back") % {"title": run.title[:100]}
        undo_many(actor=actor, attendances=ids, reason=reason, at=at)


def _occurrence(run: Run, actor: Actor) -> Occurrence:
    wanted = run.options.get("occurrence")
    with scope.everything():
        row = Occurrence.objects.filter(pk=UUID(str(wanted))).first() if wanted else None
    if row is None or not policy.may_run(actor, row.community_id, row.venue_id):
        raise Invalid(_("Say of which date this is the sheet."))
    return row


RUN_KIND = runs.RunKind(
    name=RUN_KIND_NAME,
    label=gettext_lazy("Who came, with names"),
    columns=COLUMNS,
    may=policy.may_plan_any,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
