"""Voices from a workbook as a kind of run: checked whole, kept once each, taken back while nobody worked on them."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import hearing, reminding
from lianxin.domain.needs.models import Answer, NeedReport
from lianxin.domain.needs.rules.import_rows import COLUMNS, NeedReader, NeedRow, moment_of, unpack
from lianxin.domain.people.models import Person
from lianxin.domain.places.models import Division, Level, ServiceCategory
from lianxin.platform import facts, locks, runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid
from lianxin.platform.ids import deterministic_id
from lianxin.platform.models import Run

RUN_KIND_NAME = "needs.voices"


def reader(*, run: Run, actor: Actor, at: datetime) -> NeedReader:
    """Give the reader of one file, knowing the categories, the residents of the community and what is on record."""
    community = _community(run, actor)
    categories: dict[str, str] = {}
    for code, name in ServiceCategory.objects.values_list("code", "name"):
        categories |= {code: code, name: code}
    with scope.within([community.pk]):
        by_phone: dict[str, list[tuple[UUID, str]]] = {}
        living = Person.objects.filter(state=Person.State.LIVING, phone_digest__isnull=False)
        for digest, pk, name in living.values_list("phone_digest", "pk", "name").iterator(chunk_size=5000):
            by_phone.setdefault(digest or "", []).append((pk, name))
        known = frozenset(NeedReport.objects.filter(community=community).values_list("words_digest", flat=True))
    return NeedReader(today=local_day(at), categories=categories, by_phone=by_phone, known=known)


def apply(*, run: Run, rows: list[NeedRow], actor: Actor, at: datetime) -> list[UUID]:
    """Keep one chunk of voices."""
    community = _community(run, actor)
    people = {row.person for row in rows if row.person}
    homes = dict(Person.objects.filter(pk__in=people).values_list("pk", "household_id"))
    voices = [
        hearing.Voice(
            id=deterministic_id(run.pk, f"row {row.row}"),
            words=row.words,
            how=NeedReport.How.IMPORT,
            person=row.person,
            household=homes.get(row.person) if row.person else None,
            guest_name=row.name,
            guest_phone=row.phone,
            channel=row.channel,
            people=row.people,
            is_urgent=row.urgent,
            heard_at=moment_of(row, at=at),
            category=row.category,
        )
        for row in rows
    ]
    return hearing.hear_many(actor=actor, community=community.pk, voices=voices, source_run=run.pk, at=at)


def undo(*, run: Run, ids: list[UUID], actor: Actor, at: datetime) -> None:
    """Take a chunk of voices back, unless somebody worked on one of them by now."""
    rows = locks.lock(NeedReport.objects.filter(pk__in=ids))
    touched = [row for row in rows if row.state != NeedReport.State.NEW or row.met]
    if touched or Answer.objects.filter(report__in=ids).exists():
        raise runs.SomethingDepends(
            _("Some of these voices were joined or answered by now. Take those out first, or leave the import.")
        )
    reminding.close_urgent(rows)
    for row in rows:
        facts.correct(measure="needs_heard", record=row)
    communities = {row.community_id for row in rows}
    NeedReport.objects.filter(pk__in=ids).delete()
    reminding.look_at_inbox(communities)


def _community(run: Run, actor: Actor) -> Division:
    wanted = run.options.get("community")
    row = (
        Division.objects.filter(pk=UUID(str(wanted)), level=Level.COMMUNITY, ended_on=None).first() if wanted else None
    )
    if row is None or not policy.may_keep(actor, row.pk):
        raise Invalid(_("Say in which community these needs were heard."))
    return row


RUN_KIND = runs.RunKind(
    name=RUN_KIND_NAME,
    label=gettext_lazy("Needs, as people said them"),
    columns=COLUMNS,
    may=policy.may_keep_any,
    reader=reader,
    unpack=unpack,
    apply=apply,
    undo=undo,
)
