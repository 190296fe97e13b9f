"""Surveys: drafted from a workbook, given a window and quotas, opened, closed and opened again."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import quotas, survey_contents, survey_rows, workbooks
from lianxin.domain.needs.commands.survey_contents import SurveyContent
from lianxin.domain.needs.commands.workbooks import Read
from lianxin.domain.needs.models import Survey, SurveyQuota, SurveyVersion
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.surveys import QuotaCell
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.engines.xforms import Form
from lianxin.platform import files, pictures, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused
from lianxin.platform.ids import new_id

FILE_PURPOSE = "needs.survey"
State = Survey.State
__all__ = ["SurveyContent"]


class OtherFormId(Refused):
    """The workbook belongs to another questionnaire."""

    title = gettext_lazy("This workbook has another form_id. Give it the one of this survey, or begin a new survey.")


class NothingToOpen(Refused):
    """There is no version that is not open already."""

    title = gettext_lazy("This survey is open already, and there is no newer workbook.")


def draft(
    *,
    actor: Actor,
    community: UUID,
    title: str,
    workbook: bytes,
    file_name: str,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> Survey:
    """Begin a survey of a division with a workbook; raises WorkbookRefused with a sentence for each cell.

    The workbook is read before the transaction begins, which takes a second or two.
    """
    policy.require(policy.may_survey(actor, list_communities_below(community)))
    found = workbooks.read(workbook=workbook)
    made: Survey = draft_read(
        actor=actor,
        community=community,
        title=title,
        workbook=workbook,
        file_name=file_name,
        found=found,
        is_sample=is_sample,
        at=at,
        key=key,
    )
    return made


@command("needs.draft_survey")
def draft_read(
    *,
    actor: Actor,
    community: UUID,
    title: str,
    workbook: bytes,
    file_name: str,
    found: Read,
    at: datetime,
    is_sample: bool = False,
    key: UUID | None = None,
) -> Survey:
    """Begin a survey of a division with a workbook that was read."""
    division = Division.objects.filter(pk=community, ended_on=None).first()
    if division is None:
        raise Missing
    asked_in = list_communities_below(division.pk)
    policy.require(bool(asked_in) and policy.may_survey(actor, asked_in))
    plain = survey_contents.check_title(title or str(found.form["title"]))
    pk = new_id()
    with scope.everything():
        slug = survey_contents.slug_of(pk)
        taken = Survey.objects.filter(form_id=found.form["id"]).exists()
        row = Survey.objects.create(
            id=pk,
            community=division,
            title=plain,
            # Several communities may begin with one form.
            form_id=survey_contents.told_apart(found.form["id"], pk) if taken else found.form["id"],
            slug=slug,
            is_sample=is_sample,
            made_by=actor.account,
            made_at=at,
        )
        act().target(row, "drafted", {"title": [None, plain]})
        _add_version(actor, row, found, workbook, file_name, at=at)
    return row


def replace_workbook(
    *, actor: Actor, survey: UUID, workbook: bytes, file_name: str, at: datetime, key: UUID | None = None
) -> SurveyVersion:
    """Add a version with another workbook of the same form_id; it takes effect when it is published."""
    with scope.everything():
        row = Survey.objects.filter(pk=survey).first()
        if row is None:
            raise Missing
        policy.require(policy.may_survey(actor, survey_rows.communities_of(row)))
    found = workbooks.read(workbook=workbook)
    made: SurveyVersion = replace_read(
        actor=actor, survey=survey, workbook=workbook, file_name=file_name, found=found, at=at, key=key
    )
    return made


@command("needs.replace_survey_workbook")
def replace_read(
    *,
    actor: Actor,
    survey: UUID,
    workbook: bytes,
    file_name: str,
    found: Read,
    at: datetime,
    key: UUID | None = None,
) -> SurveyVersion:
    """Add a version with a workbook that was read."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        own = found.form["id"]
        if row.form_id not in (own, survey_contents.told_apart(own, row.pk)):
            raise OtherFormId(
                _("This workbook has the form_id “%(other)s”, this survey has “%(own)s”.")
                % {"other": found.form["id"], "own": row.form_id},
            )
        made = _add_version(actor, row, found, workbook, file_name, at=at)
        act().target(row, "workbook replaced", {"number": [made.number - 1, made.number]})
    return made


@command("needs.change_survey")
def change(
    *,
    actor: Actor,
    survey: UUID,
    content: SurveyContent,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Survey:
    """Change what is said of a survey, its window, who answers and where it is asked."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        if version is not None and row.version != version:
            raise EditedMeanwhile(current_version=row.version)
        values = survey_contents.checked(actor, row, content)
        changed = {
            name: [str(getattr(row, name)), str(value)] for name, value in values.items() if getattr(row, name) != value
        }
        before = survey_rows.communities_of(row)
        survey_contents.ask_in(row, content.communities)
        after = survey_rows.communities_of(row)
        if set(before) != set(after):
            changed["communities"] = [str(len(before)), str(len(after))]
        if changed:
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            row.save(update_fields=[*values, "version"])
            act().target(row, "changed", changed)
    return row


@command("needs.set_survey_mapping")
def set_mapping(
    *,
    actor: Actor,
    version: UUID,
    mapping: dict[str, str | list[str]],
    at: datetime,
    key: UUID | None = None,
) -> SurveyVersion:
    """Say which answers become needs and which tell age, name and phone; it holds for what is answered from now on."""
    with scope.everything():
        row = survey_rows.version(version)
        survey_rows.survey(row.survey_id, actor=actor)
        plain = {role: paths for role, paths in mapping.items() if paths}
        wrong = rules.check_mapping(Form.from_json(row.form), plain)
        if wrong:
            raise Invalid(fields=wrong)
        before, row.mapping = row.mapping, plain
        row.save(update_fields=["mapping"])
        act().target(row.survey, "answers to needs", {"mapping": [before, plain]})
    return row


@command("needs.set_survey_quotas")
def set_quotas(
    *, actor: Actor, survey: UUID, cells: Sequence[QuotaCell], at: datetime, key: UUID | None = None
) -> list[SurveyQuota]:
    """Say how many answers are wanted from whom; answers that came already are counted anew, the first ones first."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        wrong = rules.check_cells(cells, communities=survey_rows.communities_of(row))
        if wrong:
            raise Invalid(fields={"cells": wrong})
        kept = quotas.replace(row, cells)
        act().target(row, "quotas set", {"cells": [None, [asdict(cell) for cell in cells]]})
    return kept


@command("needs.publish_survey")
def publish(*, actor: Actor, survey: UUID, at: datetime, key: UUID | None = None) -> Survey:
    """Open a survey with its newest workbook; in an open one, the newest takes the place of the one before."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        versions = list(SurveyVersion.objects.filter(survey=row).order_by("number"))
        if not versions:
            raise Invalid(fields={"workbook": [_("Choose a workbook.")]})
        newest = versions[-1]
        if row.state == State.OPEN and newest.published_at is not None:
            raise NothingToOpen
        if newest.published_at is None:
            SurveyVersion.objects.filter(survey=row, published_at__isnull=False, retired_at=None).update(retired_at=at)
            newest.published_at = at
            newest.save(update_fields=["published_at"])
        _open(row, at=at, verb="opened")
    return row


@command("needs.close_survey")
def close(*, actor: Actor, survey: UUID, at: datetime, key: UUID | None = None) -> Survey:
    """End a survey now; what phones still carry and was answered before is taken."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        if row.state != State.OPEN:
            return row
        row.state = State.CLOSED
        row.closes_at = at if row.closes_at is None else min(row.closes_at, at)
        if row.opens_at is not None and row.opens_at >= row.closes_at:
            row.opens_at = None
        row.version += 1
        row.save(update_fields=["state", "opens_at", "closes_at", "version"])
        act().target(row, "closed", {"state": [State.OPEN, State.CLOSED]})
    return row


@command("needs.reopen_survey")
def reopen(*, actor: Actor, survey: UUID, at: datetime, key: UUID | None = None) -> Survey:
    """Open a survey again that was ended; it stays open until somebody ends it or sets a new last day."""
    with scope.everything():
        row = survey_rows.survey(survey, actor=actor)
        is_over = rules.standing(row.state, row.opens_at, row.closes_at, at) == "closed"
        if not is_over or not SurveyVersion.objects.filter(survey=row, published_at__isnull=False).exists():
            return row
        _open(row, at=at, verb="opened again")
    return row


def _open(row: Survey, *, at: datetime, verb: str) -> None:
    before = row.state
    row.state = State.OPEN
    if row.closes_at is not None and row.closes_at <= at:
        row.closes_at = None
    row.opens_at = row.opens_at or at
    row.version += 1
    row.save(update_fields=["state", "opens_at", "closes_at", "version"])
    act().target(row, verb, {"state": [before, row.state]})


def _add_version(
    actor: Actor, row: Survey, found: Read, workbook: bytes, file_name: str, *, at: datetime
) -> SurveyVersion:
    earlier = list(SurveyVersion.objects.filter(survey=row).order_by("number"))
    number = earlier[-1].number + 1 if earlier else 1
    used = {one.form_version for one in earlier}
    wanted = str(found.form["version"])
    # Devices tell versions apart by this word alone: two workbooks never share one.
    word = wanted if wanted and wanted not in used else f"{wanted[:50]}.{number}" if wanted else str(number)
    made = workbooks.named(found, form_id=row.form_id, version=word)
    kept = files.store(
        fileobj=BytesIO(workbook),
        name=file_name,
        purpose=FILE_PURPOSE,
        limit_bytes=workbooks.MOST_BYTES,
        accept=(pictures.XLSX,),
        community_id=row.community_id,
        at=at,
    )
    form = Form.from_json(made.form)
    before = earlier[-1].mapping if earlier else {}
    return SurveyVersion.objects.create(
        survey=row,
        number=number,
        form_version=word,
        workbook_id=kept.pk,
        form=made.form,
        xform=made.xform,
        xform_digest=made.digest,
        mapping=rules.carry_mapping(form, before) if before else rules.suggest_mapping(form),
        made_by=actor.account,
        made_at=at,
    )
