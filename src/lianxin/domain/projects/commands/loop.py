"""Closing the loop: what each asker is told of a project, once, in their own community's words."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lianxin.domain.needs.commands.answers import answer_askers
from lianxin.domain.needs.commands.lists import mark_open, mark_planned, mark_served, take_back_served
from lianxin.domain.projects.models import OutcomeOccurrence, Project, ProjectCommunity, ProjectNeed
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.models import kind_of

RECORD_KIND = kind_of(Project)


def planned_words(project: Project) -> str:
    """Say what an asker is told when a project that answers their need is published."""
    return _("You asked for it. %(title)s is arranged from %(from)s to %(until)s.") % {
        "title": project.title,
        "from": _day(project.from_on),
        "until": _day(project.until_on),
    }


def done_words(project: Project) -> str:
    """Say what an asker is told when it took place."""
    return _("You asked, we did: %(title)s took place %(times)d times, %(people)d person-times. Was your need met?") % {
        "title": project.title,
        "times": project.occurrences_held,
        "people": project.person_times,
    }


def tell_planned(*, actor: Actor, project: Project, needs: Sequence[UUID], at: datetime) -> None:
    """Mark needs as planned and tell each asker that something is arranged."""
    if not needs:
        return
    with scope.everything():
        keeper = _keeper(actor, project)
        mark_planned(actor=keeper, needs=needs, record_kind=RECORD_KIND, record_id=project.pk, at=at)
        _answer(keeper, project, needs, "planned", planned_words(project), at)


def note_served(*, project: Project, on: date, at: datetime) -> None:
    """Mark a project's needs as served on a day: something took place for them, whether it was enough they say."""
    needs = needs_of(project)
    if needs:
        with scope.everything():
            mark_served(actor=Actor.system(), needs=needs, record_kind=RECORD_KIND, record_id=project.pk, on=on, at=at)


def take_served_back(*, project: Project, at: datetime) -> None:
    """Take back that a project served its needs: nobody is on record as having come any more."""
    with scope.everything():
        for need in needs_of(project):
            others = OutcomeOccurrence.objects.filter(project__needs__need=need, is_held=True)
            first = others.exclude(project=project).order_by("starts_at").values_list("starts_at", flat=True).first()
            take_back_served(
                actor=Actor.system(),
                needs=[need],
                record_kind=RECORD_KIND,
                record_id=project.pk,
                first_served_on=local_day(first) if first else None,
                at=at,
            )


def tell_done(*, actor: Actor, project: Project, at: datetime) -> int:
    """Tell each asker of a project that it was done; gives how many were told."""
    needs = needs_of(project)
    if not needs:
        return 0
    with scope.everything():
        return _answer(_keeper(actor, project), project, needs, "done", done_words(project), at)


def give_needs_back(*, actor: Actor, project: Project, words: str, at: datetime) -> None:
    """Let a cancelled project's needs be open again; what was public is answered with the reason."""
    needs = needs_of(project)
    if not needs:
        return
    with scope.everything():
        keeper = _keeper(actor, project)
        alone = [pk for pk in needs if not _is_planned_elsewhere(pk, project)]
        mark_open(actor=keeper, needs=alone, record_kind=RECORD_KIND, record_id=project.pk, at=at)
        if words:
            told = _("%(title)s cannot take place: %(reason)s. Your need stays on the list.")
            _answer(keeper, project, needs, "cannot", told % {"title": project.title, "reason": words}, at)


def needs_of(project: Project) -> list[UUID]:
    """Give the needs that a project answers, of its own community and of those that take part."""
    with scope.everything():
        return list(ProjectNeed.objects.filter(project=project).order_by("need").values_list("need", flat=True))


def _answer(keeper: Actor, project: Project, needs: Sequence[UUID], kind: str, words: str, at: datetime) -> int:
    return answer_askers(
        actor=keeper,
        needs=needs,
        kind=kind,
        words=words,
        record_kind=RECORD_KIND,
        record_id=project.pk,
        at=at,
    )


def _keeper(actor: Actor, project: Project) -> Actor:
    """Give who answers: whoever keeps the project, for the neighbours that take part as well."""
    for pk in ProjectCommunity.objects.filter(project=project).values_list("community", flat=True):
        actor = actor.visiting(pk)
    return actor


def _is_planned_elsewhere(need: UUID, project: Project) -> bool:
    others = ProjectNeed.objects.filter(need=need, project__state__in=["published", "running"])
    return others.exclude(project=project).exists()


def _day(on: date) -> str:
    return date_format(on, "MONTH_DAY_FORMAT")
