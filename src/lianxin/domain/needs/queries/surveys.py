"""Reading surveys: what a link opens, what devices and visits carry, and what the office sees of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands.survey_rows import communities_of
from lianxin.domain.needs.models import Submission, Survey, SurveyCommunity, SurveyQuota, SurveyVersion
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.surveys import Standing
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.divisions import names_of
from lianxin.engines.xforms import Form
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True)
class OpenSurvey:
    """A survey as anybody with its link may see it."""

    survey: UUID
    version: UUID
    slug: str
    title: str
    purpose: str
    form: Form
    communities: tuple[tuple[UUID, str], ...]
    one_per_person: bool
    state: Standing
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeviceForm:
    """A form that another program may fetch and fill."""

    form_id: str
    name: str
    version: str
    digest: str
    version_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A form that goes along on visits."""

    version: UUID
    title: str
    form: dict[str, Any]


def open_survey(slug: str, at: datetime) -> OpenSurvey | None:
    """Give what the link of a survey opens, also one that is over or not open yet; None for a draft or no such link."""
    word = rules.read_slug(slug)
    with scope.everything():
        row = Survey.objects.filter(slug=word, asked_by=Survey.AskedBy.LINK).first() if word else None
        return _opened(row, at) if row is not None else None


def open_survey_of(survey: UUID, at: datetime) -> OpenSurvey | None:
    """Give a survey as it is answered, by its id, whoever asks it."""
    with scope.everything():
        row = Survey.objects.filter(pk=survey).first()
        return _opened(row, at) if row is not None else None


def live_version(survey: UUID) -> SurveyVersion | None:
    """Give the version of a survey that is answered now, or was last."""
    with scope.everything():
        rows = SurveyVersion.objects.filter(survey=survey, published_at__isnull=False)
        return rows.select_related("survey").order_by("-number").first()


def device_forms(actor: Actor, at: datetime) -> list[DeviceForm]:
    """Give the forms that are open in the actor's communities, by their names."""
    found = []
    with scope.everything():
        for version in _live().order_by("survey__title", "pk"):
            row = version.survey
            is_open = rules.standing(row.state, row.opens_at, row.closes_at, at) == "open"
            if is_open and any(actor.covers(one) for one in communities_of(row)):
                name = row.title
                found.append(
                    DeviceForm(row.form_id, name, version.form_version, version.xform_digest, version.pk, name)
                )
    return found


def version_xform(version: UUID) -> str:
    """Give the XForm of a published version, as devices fetch it; raises Missing."""
    with scope.everything():
        xform = SurveyVersion.objects.filter(pk=version, published_at__isnull=False).values_list("xform", flat=True)
        found = xform.first()
    if found is None:
        raise Missing
    return found


def forms_for_visits(surveys: Iterable[UUID]) -> dict[UUID, VisitForm]:
    """Give the forms of open surveys that go along on visits, by survey."""
    with scope.everything():
        rows = _live().filter(survey__in=set(surveys), survey__state=Survey.State.OPEN)
        return {row.survey_id: VisitForm(row.pk, row.survey.title, row.form) for row in rows}


def list_surveys(*, actor: Actor) -> QuerySet[Survey]:
    """Give the surveys that are asked in the actor's communities, newest first, with the answers that came from there.

    To be read within a wide scope: a survey of a district belongs to no community.
    """
    policy.require(policy.may_read_surveys(actor))
    here = Q(versions__submissions__state=Submission.State.RECEIVED)
    rows = Survey.objects.all()
    if actor.communities is not None:
        communities = sorted(actor.communities)
        here &= Q(versions__submissions__community__in=communities)
        named = SurveyCommunity.objects.filter(community__in=communities).values("survey")
        above = _above(communities)
        unnamed = Q(community__in=above) & ~Q(pk__in=SurveyCommunity.objects.values("survey"))
        rows = rows.filter(Q(community__in=communities) | Q(pk__in=named) | unnamed)
    counted = rows.select_related("community").annotate(answers=Count("versions__submissions", filter=here))
    return counted.order_by("-made_at", "-pk")


def find_survey(*, actor: Actor, survey: UUID) -> Survey:
    """Give a survey that is asked in the actor's communities; raises Missing."""
    policy.require(policy.may_read_surveys(actor))
    with scope.everything():
        row = Survey.objects.filter(pk=survey).select_related("community").first()
        if row is None or not any(actor.covers(one) for one in communities_of(row)):
            raise Missing
        return row


def may_keep(*, actor: Actor, survey: Survey) -> bool:
    """Tell whether the actor changes this survey: an office for all communities in which it is asked."""
    with scope.everything():
        return policy.may_survey(actor, communities_of(survey))


def asked_in(survey: Survey) -> list[tuple[UUID, str]]:
    """Give where a survey is asked, with names."""
    with scope.everything():
        communities = communities_of(survey)
    names = names_of(communities)
    return sorted(((pk, names.get(pk, "")) for pk in communities), key=lambda one: one[1])


def list_versions(survey: UUID) -> list[SurveyVersion]:
    """Give the versions of a survey, newest first."""
    with scope.everything():
        return list(SurveyVersion.objects.filter(survey=survey).order_by("-number"))


def list_quotas(*, actor: Actor, survey: UUID) -> list[SurveyQuota]:
    """Give the quotas of a survey for the actor's communities, with what is taken."""
    with scope.everything():
        rows = SurveyQuota.objects.filter(survey=survey).select_related("community")
        if actor.communities is not None:
            rows = rows.filter(community__in=sorted(actor.communities))
        return list(rows.order_by("community__code", "min_age"))


def list_submissions(*, actor: Actor, survey: UUID) -> QuerySet[Submission]:
    """Give the filled forms of a survey from the actor's communities, newest first. Needs a wide scope."""
    policy.require(policy.may_read_surveys(actor))
    rows = Submission.objects.filter(survey_version__survey=survey)
    if actor.communities is not None:
        rows = rows.filter(community__in=sorted(actor.communities))
    return rows.select_related("community", "person", "survey_version", "quota").order_by("-received_at", "-pk")


def find_submission(*, actor: Actor, submission: UUID) -> Submission:
    """Give a filled form of the actor's communities; raises Missing."""
    policy.require(policy.may_read_surveys(actor))
    with scope.everything():
        rows = Submission.objects.filter(pk=submission)
        row = rows.select_related("community", "person", "survey_version__survey", "quota", "replaces").first()
    if row is None or not actor.covers(row.community_id):
        raise Missing
    return row


def timeline_of(*, actor: Actor, kind: str, record: UUID) -> list[audit.TimelineEntry]:
    """Give the newest entries of the log about a survey or a filled form."""
    policy.require(policy.may_read_surveys(actor))
    with scope.everything():
        return audit.entries_for(kind, record, limit=50)


def _live() -> QuerySet[SurveyVersion]:
    rows = SurveyVersion.objects.filter(published_at__isnull=False, retired_at=None, survey__state=Survey.State.OPEN)
    return rows.select_related("survey")


def _opened(row: Survey, at: datetime) -> OpenSurvey | None:
    version = SurveyVersion.objects.filter(survey=row, published_at__isnull=False).order_by("-number").first()
    standing = rules.standing(row.state, row.opens_at, row.closes_at, at)
    if version is None or standing == "draft":
        return None
    return OpenSurvey(
        survey=row.pk,
        version=version.pk,
        slug=row.slug,
        title=row.title,
        purpose=row.purpose,
        form=Form.from_json(version.form),
        communities=tuple(asked_in(row)),
        one_per_person=row.one_per_person,
        state=standing,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
    )


def _above(communities: list[UUID]) -> set[UUID]:
    """Give the divisions above these communities."""
    found: set[UUID] = set()
    layer = set(communities)
    while layer:
        parents = Division.objects.filter(pk__in=layer, parent__isnull=False).values_list("parent_id", flat=True)
        layer = {pk for pk in parents if pk is not None} - found
        found |= layer
    return found
