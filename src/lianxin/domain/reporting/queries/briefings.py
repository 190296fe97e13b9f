"""Reading briefings and their templates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.models import Briefing, BriefingTemplate, IssuedBriefing
from lianxin.platform import audit, files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import digest_of
from lianxin.platform.errors import Missing
from lianxin.platform.models import Job, StoredFile, kind_of

MOST_TOLD = 50


@dataclass(frozen=True)
class Making:
    """How far the making of a briefing is."""

    done: int
    total: int
    note: str
    is_parked: bool


def list_briefings(*, actor: Actor, kind: str = "", state: str = "") -> QuerySet[Briefing]:
    """Give the briefings that an actor answers for, the latest first, without those thrown away."""
    rows = policy.visible_to(actor, Briefing.objects.select_related("area").defer("figures"))
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.filter(state=state) if state else rows.exclude(state=Briefing.State.DROPPED)
    return rows.order_by("-from_on", "-asked_at", "pk")


def find_briefing(*, actor: Actor, briefing: UUID) -> Briefing:
    """Give a briefing that the actor may see; raises Missing."""
    row = policy.visible_to(actor, Briefing.objects.select_related("area", "template")).filter(pk=briefing).first()
    if row is None:
        raise Missing
    return row


def file_of(row: Briefing) -> StoredFile:
    """Give a briefing's document; raises Missing before it is made."""
    return files.find_file(row.file_id)


def making_of(row: Briefing) -> Making:
    """Tell how far the making is."""
    job = Job.objects.filter(pk=row.job_id).first() if row.job_id else None
    if job is None:
        return Making(0, 0, "", False)
    return Making(job.done_units or 0, job.total_units or 0, job.note, job.state == Job.State.PARKED)


def list_templates(*, kind: str = "") -> QuerySet[BriefingTemplate]:
    """Give all versions of the templates, the newest first."""
    rows = BriefingTemplate.objects.order_by("kind", "-number")
    return rows.filter(kind=kind) if kind else rows


def find_template(*, actor: Actor, template: UUID) -> BriefingTemplate:
    """Give one version; raises Missing."""
    row = BriefingTemplate.objects.filter(pk=template).first() if policy.may_read_any(actor) else None
    if row is None:
        raise Missing
    return row


def template_file(row: BriefingTemplate) -> StoredFile:
    """Give a version's file."""
    return files.find_file(row.file_id)


def areas_to_choose(actor: Actor) -> list[Division]:
    """Give the divisions that an actor may have a briefing made of, the widest first."""
    levels = {Level.DISTRICT: 0, Level.SUBDISTRICT: 1, Level.COMMUNITY: 2}
    rows = Division.objects.filter(ended_on=None, level__in=levels)
    if actor.communities is not None:
        rows = rows.filter(pk__in=policy.areas_of(actor))
    return sorted(rows.select_related("parent"), key=lambda row: (levels[Level(row.level)], row.code))


def communities_of(area: Division) -> frozenset[UUID] | None:
    """Give the communities of a briefing's division, None for the whole district."""
    return None if area.level == Level.DISTRICT else frozenset(list_communities_below(area.pk))


def timeline_of(*, actor: Actor, row: Briefing | BriefingTemplate) -> list[audit.TimelineEntry]:
    """Give what happened to a briefing or a template."""
    if not policy.may_read_any(actor):
        raise Missing
    with scope.everything():  # the record was found within the actor's scope, and lies in no single community
        return audit.entries_for(kind_of(row), row.pk, limit=MOST_TOLD)


def check_issued() -> Iterable[str]:
    """Prove that each issued briefing, its figures and its file are what was issued."""
    stood = (Briefing.State.ISSUED, Briefing.State.WITHDRAWN)
    digests = dict(StoredFile.objects.filter(purpose="reporting.briefing").values_list("pk", "digest"))
    issued = {one.briefing_id: one for one in IssuedBriefing.objects.all()}
    for row in Briefing.objects.filter(state__in=stood).order_by("pk").iterator():
        as_issued = issued.pop(row.pk, None)
        if as_issued is None:
            yield f"briefing {row.pk} stands as issued, yet no issue is on record"
        else:
            yield from _differences(row, as_issued, digests)
    for missing in issued:
        yield f"briefing {missing} was issued and does not stand as issued"


def _differences(row: Briefing, issued: IssuedBriefing, digests: dict[UUID, str]) -> Iterator[str]:
    name = f"briefing {row.pk} ({row.number_year}-{row.number})"
    for field in ("number", "number_year", "file_id", "digest", "approved_name", "issued_at"):
        if getattr(row, field) != getattr(issued, field):
            yield f"{name}: {field} is {getattr(row, field)}, issued was {getattr(issued, field)}"
    if digest_of(row.figures) != issued.figures_digest:
        yield f"{name}: its figures are not those that were issued"
    if digests.get(issued.file_id) != issued.digest:
        yield f"{name}: its file is not the one that was issued"
