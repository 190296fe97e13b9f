"""Projects: entered, approved by name, published, finished, looked back on, or cancelled with the reason told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.projects import events, policy
from lianxin.domain.projects.commands import contents, found, loop
from lianxin.domain.projects.commands.searching import index_project
from lianxin.domain.projects.models import Project
from lianxin.domain.projects.rules import states
from lianxin.domain.projects.rules.contents import Content
from lianxin.platform import contributions, duties, facts
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

State = Project.State
APPROVE_DUTY = "projects.approve"
LOOK_BACK_DUTY = "projects.look_back"
LOOK_BACK_WITHIN = timedelta(days=14)
LONGEST_REASON = 300


class WrongStep(Refused):
    """The project is not where this step starts."""

    title = gettext_lazy("The project has gone on meanwhile. Open it again to see what comes next.")


class NothingToPublish(Refused):
    """A project without words for the public cannot be published."""

    title = gettext_lazy("Write first what residents shall read about it, and who answers for it.")


class NothingHeld(Refused):
    """A project without a held date did not take place."""

    title = gettext_lazy(
        "None of its dates has been held with people on record. Enter who came, or cancel the project and say why."
    )


@command("projects.save_project")
def save_project(
    *,
    actor: Actor,
    project: UUID | None,
    content: Content,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Project:
    """Enter a project as a draft, or change it; an approved one that changes must be approved again."""
    if project is None:
        policy.require(policy.may_plan(actor, content.community))
        row = Project(
            community_id=content.community,
            number=found.next_number(Project, content.community),
            made_by=actor.account,
            made_at=at,
        )
    else:
        row = found.open_project(project, version)
        policy.require(policy.may_plan(actor, row.community_id))
    contents.check(content, row)
    change = contents.take_over(content, row)
    if change and row.state == State.APPROVED:
        change["state"] = [State.APPROVED, State.DRAFT]
        row.state, row.approved_by, row.approved_name, row.approved_at = State.DRAFT, None, "", None
    row.version += project is not None
    row.save(force_insert=project is None)
    added = contents.link(row, content, at)
    act().target(row, "entered" if project is None else "changed", change)
    if row.state == State.DRAFT:
        _ask_for_approval(row, at)
    elif row.state in states.PUBLIC:
        loop.tell_planned(actor=actor, project=row, needs=added, at=at)
    index_project(row)
    return row


@command("projects.approve")
def approve(
    *, actor: Actor, project: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Project:
    """Approve a draft by name; the person who presses is the one who answers for it."""
    row = found.project(project, version)
    policy.require(policy.may_approve(actor, row.community_id))
    _step(row, State.APPROVED)
    row.approved_by, row.approved_name, row.approved_at = actor.account, _name_of(actor), at
    _save(row, "approved", at, "approved_by", "approved_name", "approved_at")
    duties.close(kind=APPROVE_DUTY, record=row)
    return row


@command("projects.publish")
def publish(
    *, actor: Actor, project: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Project:
    """Put an approved project on the public list, and tell the askers that it is arranged."""
    row = found.project(project, version)
    policy.require(policy.may_plan(actor, row.community_id))
    _step(row, State.PUBLISHED)
    if not row.public_text.strip() or not row.responsible_name.strip():
        raise NothingToPublish
    row.published_at = at
    _save(row, "published", at, "published_at")
    _count("projects_published", row, at)
    loop.tell_planned(actor=actor, project=row, needs=loop.needs_of(row), at=at)
    contributions.follow(events.ProjectPublished(row.pk, row.community_id), actor=actor, at=at)
    return row


@command("projects.finish")
def finish(
    *,
    actor: Actor,
    project: UUID,
    spent_fen: int | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Project:
    """Close a project that took place: its needs are served, and each asker is told "you asked, we did"."""
    row = found.project(project, version)
    policy.require(policy.may_plan(actor, row.community_id))
    if spent_fen is not None and spent_fen < 0:
        raise Invalid(fields={"spent_fen": [_("What was spent is an amount of money, not below 0.")]})
    if not row.occurrences_held:
        raise NothingHeld
    _step(row, State.DONE)
    row.done_at, row.spent_fen = at, spent_fen
    _save(row, "done", at, "done_at", "spent_fen")
    _count("projects_done", row, at)
    loop.tell_done(actor=actor, project=row, at=at)
    duties.open(
        kind=LOOK_BACK_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Look back on the project: %(title)s") % {"title": row.title},
        due_at=at + LOOK_BACK_WITHIN,
        assignee_role="community_staff",
        url_name="staff:project",
        url_args={"project": str(row.pk)},
    )
    contributions.follow(events.ProjectEnded(row.pk, row.community_id), actor=actor, at=at)
    return row


@command("projects.evaluate")
def evaluate(
    *,
    actor: Actor,
    project: UUID,
    review: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Project:
    """Write down what was learned; the figures beside it are counted from check-ins and askers."""
    row = found.project(project, version)
    policy.require(policy.may_plan(actor, row.community_id))
    words = review.strip()
    if not words or len(words) > 3_000:
        raise Invalid(fields={"review": [_("Write what went well and what did not, in at most 3,000 characters.")]})
    _step(row, State.EVALUATED)
    row.review = words
    _save(row, "looked back on", at, "review")
    duties.close(kind=LOOK_BACK_DUTY, record=row)
    return row


@command("projects.cancel")
def cancel(
    *,
    actor: Actor,
    project: UUID,
    reason: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Project:
    """Cancel a project; what was published is answered with "we cannot, because", and its needs are open again."""
    row = found.project(project, version)
    policy.require(policy.may_plan(actor, row.community_id))
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say why in at most %(most)d characters.") % {"most": LONGEST_REASON}]})
    was_public = row.state in states.PUBLIC
    _step(row, State.CANCELLED)
    row.state_reason = words
    _save(row, "cancelled", at, "state_reason")
    duties.close(kind=APPROVE_DUTY, record=row)
    loop.give_needs_back(actor=actor, project=row, words=words if was_public else "", at=at)
    contributions.follow(events.ProjectCancelled(row.pk, row.community_id, words), actor=actor, at=at)
    act().note(reason=words)
    return row


def _step(row: Project, to: str) -> None:
    if not states.may_go(row.state, to):
        raise WrongStep
    row.state = to


def _save(row: Project, verb: str, at: datetime, *fields: str) -> None:
    row.version += 1
    row.save(update_fields=["state", "version", *fields])
    act().target(row, verb, {"state": [None, row.state]})
    index_project(row)


def _count(measure: str, row: Project, at: datetime) -> None:
    facts.record(
        measure=measure,
        record=row,
        quantity=1,
        community_id=row.community_id,
        venue_id=row.venue_id,
        category=row.category.code,
        on=local_day(at),
    )


def _name_of(actor: Actor) -> str:
    account = Account.objects.filter(pk=actor.account).first() if actor.account else None
    return ((account.display_name if account else "") or actor.name)[:40] or "—"


def _ask_for_approval(row: Project, at: datetime) -> None:
    duties.open(
        kind=APPROVE_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Approve the project: %(title)s") % {"title": row.title},
        due_at=at + timedelta(days=7),
        assignee_role="community_staff",
        url_name="staff:project",
        url_args={"project": str(row.pk)},
    )
