"""Activities: what is offered, by whom, for whom; entered, changed, copied, ended."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import found
from lianxin.domain.activities.commands.occurrences import remove_drafts
from lianxin.domain.activities.commands.searching import ACTIVITY, index_activity
from lianxin.domain.activities.models import (
    Activity,
    ActivityCommunity,
    ActivityOrganiser,
    Occurrence,
    OccurrenceLimit,
    Question,
)
from lianxin.domain.activities.rules import plans
from lianxin.domain.activities.rules.contents import Content, QuestionText, problems_of
from lianxin.domain.people.models import Organisation
from lianxin.domain.places.models import Division, Level, ServiceCategory
from lianxin.platform import duties, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.models import StoredFile

PLAIN_FIELDS = (
    *("title", "summary", "poster_text", "picture_id", "festival", "open_to", "min_age", "max_age"),
    *("audience_note", "bring_note", "cost_note", "contact_name", "contact_phone", "is_volunteering", "act_kind"),
    *("record_kind", "record_id"),
)


class StillToCome(Refused):
    """Dates that people count on are still to come."""

    title = gettext_lazy("Dates of it are still to come. Call them off first, or call off the whole activity.")


@command("activities.save_activity")
def save_activity(
    *,
    actor: Actor,
    activity: UUID | None,
    content: Content,
    plan: plans.Plan | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Activity:
    """Enter an activity as a draft, or change what it says of itself; `plan` is what new dates start with."""
    row = Activity(community_id=content.community, made_at=at, made_by=actor.account)
    if activity is not None:
        row = found.living_activity(activity, version)
    planned = plan if plan is not None else plans.read(row.plan)
    policy.require(policy.may_propose(actor, row.community_id, planned.venue))
    if row.state != Activity.State.DRAFT:
        policy.require(policy.may_plan(actor, row.community_id))
    content = _clean(content)
    _check(content, row)
    change: dict[str, list[Any]] = {}
    if row.category_id != content.category:
        names = dict(ServiceCategory.objects.in_bulk([row.category_id, content.category]))
        change["category"] = [str(names.get(pk, "")) for pk in (row.category_id, content.category)]
    row.category_id = content.category
    for name in PLAIN_FIELDS:
        if getattr(row, name) != getattr(content, name):
            change[name] = [_shown(getattr(row, name)), _shown(getattr(content, name))]
            setattr(row, name, getattr(content, name))
    if plan is not None:
        row.plan = plans.checked(plan).to_json()
    row.version += activity is not None
    row.save(force_insert=activity is None)
    _set_partners(row, content.partners)
    _set_organisers(row, content.organisers)
    _set_questions(row, content.questions, at)
    act().target(row, "entered" if activity is None else "changed", change)
    if row.state == Activity.State.PUBLISHED and change:
        # Calendars read the title and the text again; nothing moved, so SEQUENCE stays.
        Occurrence.objects.filter(activity=row, state=Occurrence.State.PUBLISHED, starts_at__gt=at).update(
            changed_at=at, version=F("version") + 1
        )
    index_activity(row.pk)
    return row


def _shown(value: object) -> object:
    return value[:80] if isinstance(value, str) else value


def _clean(content: Content) -> Content:
    texts = {
        name: getattr(content, name).strip()
        for name in PLAIN_FIELDS
        if isinstance(getattr(content, name), str) and name != "poster_text"
    }
    poster_text = content.poster_text.replace("\r\n", "\n").strip()
    return replace(content, poster_text=poster_text, **texts)


def _check(content: Content, row: Activity) -> None:
    problems: dict[str, list[str]] = {}
    for name, sentence in problems_of(content):
        problems.setdefault(name, []).append(sentence)
    if content.community != row.community_id:
        problems["community"] = [_("An activity stays with its community. Copy it to hold it elsewhere.")]
    if not ServiceCategory.objects.filter(pk=content.category).exists():
        problems["category"] = [_("Choose one of the categories.")]
    if content.picture_id and not StoredFile.objects.filter(pk=content.picture_id).exists():
        problems["picture_id"] = [_("The picture is not there any more. Send it again.")]
    if bool(content.record_kind) != (content.record_id is not None):
        problems["record_id"] = [_("What it belongs to is named only in part.")]
    with scope.everything():
        if row._state.adding and not Division.objects.filter(pk=content.community, level=Level.COMMUNITY).exists():
            problems["community"] = [_("Choose a community.")]
        partners = Division.objects.filter(pk__in=content.partners, level=Level.COMMUNITY, ended_on__isnull=True)
        if content.partners and partners.count() != len(set(content.partners)):
            problems["partners"] = [_("A community that joins in is not on record.")]
    organisations = {pk for pk, _role in content.organisers}
    known = set(row.organisers.values_list("organisation", flat=True)) if not row._state.adding else set()
    active = Organisation.objects.filter(pk__in=organisations - known).exclude(state__in=["merged", "closed"])
    if active.count() != len(organisations - known):
        problems["organisers"] = [_("An organisation is not on record, or has ended.")]
    if problems:
        raise Invalid(fields=problems)


def _set_partners(row: Activity, partners: tuple[UUID, ...]) -> None:
    # Rows of other communities lie outside the scope of those who name them.
    with scope.everything():
        known = set(ActivityCommunity.objects.filter(activity=row).values_list("community", flat=True))
        ActivityCommunity.objects.filter(activity=row).exclude(community__in=partners).delete()
        ActivityCommunity.objects.bulk_create(
            ActivityCommunity(activity=row, community_id=pk) for pk in dict.fromkeys(partners) if pk not in known
        )


def _set_organisers(row: Activity, organisers: tuple[tuple[UUID, str], ...]) -> None:
    known = dict(row.organisers.values_list("organisation", "role"))
    if known == dict(organisers):
        return
    row.organisers.all().delete()
    ActivityOrganiser.objects.bulk_create(
        ActivityOrganiser(activity=row, organisation_id=pk, role=role) for pk, role in organisers
    )


def _set_questions(row: Activity, questions: tuple[QuestionText, ...], at: datetime) -> None:
    """Keep the questions that stay as they are; one that changed is put away with its answers and asked anew."""
    standing = list(Question.objects.filter(activity=row, removed_at__isnull=True).order_by("position"))
    wanted = [
        (one.text.strip(), one.kind, [c.strip() for c in one.choices if c.strip()], one.is_required)
        for one in questions
    ]
    if [(q.text, q.kind, q.choices, q.is_required) for q in standing] == wanted:
        return
    kept: list[Question] = []
    for text, kind, choices, _required in wanted:
        same = (q for q in standing if q not in kept and (q.text, q.kind, q.choices) == (text, kind, choices))
        kept.append(next(same, None) or Question(activity=row, text=text, kind=kind, choices=choices))
    gone = [question.pk for question in standing if question not in kept]
    Question.objects.filter(pk__in=gone).update(removed_at=at)
    # Positions are unique among those asked: move all out of the way, then to their places.
    Question.objects.filter(activity=row, removed_at__isnull=True).update(position=F("position") + 100)
    for position, (question, (*_same, required)) in enumerate(zip(kept, wanted, strict=True)):
        question.position, question.is_required = position, required
        question.save()


@command("activities.copy_activity")
def copy_activity(
    *,
    actor: Actor,
    activity: UUID,
    title: str = "",
    community: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Activity:
    """Make a draft of the same content and plan, without dates; in another community without its rooms and people."""
    model = Activity.objects.filter(pk=activity).first()
    if model is None:
        raise Missing
    home = community or model.community_id
    plan = plans.read(model.plan)
    if home != model.community_id:
        plan = replace(plan, venue=None, room=None, place="", shifts=tuple(replace(s, team=None) for s in plan.shifts))
    content = content_of(model)
    content = replace(
        content,
        community=home,
        title=(title or model.title).strip(),
        record_kind="",
        record_id=None,
        partners=() if home != model.community_id else content.partners,
        organisers=_still_there(content.organisers),
        contact_name=content.contact_name if home == model.community_id else "",
        contact_phone=content.contact_phone if home == model.community_id else "",
    )
    return save_activity(actor=actor, activity=None, content=content, plan=plan, at=at)


def _still_there(organisers: tuple[tuple[UUID, str], ...]) -> tuple[tuple[UUID, str], ...]:
    gone = set(
        Organisation.objects.filter(
            pk__in=[pk for pk, _role in organisers], state__in=["merged", "closed"]
        ).values_list("pk", flat=True)
    )
    return tuple((pk, role) for pk, role in organisers if pk not in gone)


def content_of(row: Activity) -> Content:
    """Give what an activity says of itself, as its form holds it."""
    with scope.everything():
        partners = tuple(ActivityCommunity.objects.filter(activity=row).values_list("community", flat=True))
    questions = Question.objects.filter(activity=row, removed_at__isnull=True).order_by("position")
    return Content(
        community=row.community_id,
        category=row.category_id,
        **{name: getattr(row, name) for name in PLAIN_FIELDS},
        partners=partners,
        organisers=tuple(row.organisers.order_by("pk").values_list("organisation", "role")),
        questions=tuple(QuestionText(q.text, q.kind, tuple(q.choices), q.is_required) for q in questions),
    )


@command("activities.copy_programme")
def copy_programme(
    *,
    actor: Actor,
    community: UUID,
    month: date,
    venue: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> list[Activity]:
    """Draft in one press the month after `month` from what took place in it: same weekdays, same times, new dates.

    Series that already have dates in the new month are left alone, so a second press adds nothing.
    """
    policy.require(policy.may_plan(actor, community))
    first, next_first = _month_start(month), _month_start(month, 1)
    after = _month_start(month, 2)
    rows = Occurrence.objects.filter(
        community=community,
        starts_at__gte=first,
        starts_at__lt=next_first,
        state__in=[Occurrence.State.PUBLISHED, Occurrence.State.HELD],
        activity__festival="",
    ).select_related("activity")
    if venue is not None:
        rows = rows.filter(venue=venue)
    by_activity: dict[UUID, list[Occurrence]] = {}
    for row in rows.order_by("starts_at"):
        by_activity.setdefault(row.activity_id, []).append(row)
    standing = Occurrence.objects.filter(community=community, starts_at__gte=next_first, starts_at__lt=after)
    titles = set(standing.exclude(state=Occurrence.State.CANCELLED).values_list("activity__title", flat=True))
    made: list[Activity] = []
    for dates in by_activity.values():
        source = dates[0].activity
        if source.title in titles:
            continue
        days = [(later, one) for one in dates if (later := _same_weekday(one.starts_at, next_first, after)) > at]
        if not days:
            continue
        draft = copy_activity(actor=actor, activity=source.pk, at=at)
        for number, (starts_at, model) in enumerate(sorted(days, key=lambda pair: pair[0]), start=1):
            _copy_date(draft, model, number, starts_at, at)
        made.append(draft)
    return made


def _month_start(month: date, later: int = 0) -> datetime:
    index = month.year * 12 + month.month - 1 + later
    return datetime(index // 12, index % 12 + 1, 1, tzinfo=LOCAL)


def _same_weekday(moment: datetime, first: datetime, after: datetime) -> datetime:
    """Give the moment in the next month on the same weekday of the same week; a fifth one becomes the fourth."""
    local = moment.astimezone(LOCAL)
    week = (local.day - 1) // 7
    day = first + timedelta(days=(local.weekday() - first.weekday()) % 7 + 7 * week)
    if day >= after:
        day -= timedelta(days=7)
    return day.replace(hour=local.hour, minute=local.minute)


def _copy_date(draft: Activity, model: Occurrence, number: int, starts_at: datetime, at: datetime) -> None:
    start = starts_at.astimezone(LOCAL)
    values = plans.date_values(plans.read(draft.plan), start.date(), start.time())
    values |= {
        "starts_at": starts_at,
        "ends_at": starts_at + (model.ends_at - model.starts_at),
        "venue_id": model.venue_id,
        "room_id": model.room_id,
        "place": model.place,
        "size": model.size,
        "takes_sign_ups": model.takes_sign_ups,
    }
    if values["is_drawn"] and values["size"] is None:
        values["is_drawn"] = False
    row = Occurrence.objects.create(
        community_id=draft.community_id, activity=draft, number=number, changed_at=at, **values
    )
    OccurrenceLimit.objects.bulk_create(
        OccurrenceLimit(
            occurrence=row,
            position=one.position,
            name=one.name,
            size=one.size,
            min_age=one.min_age,
            max_age=one.max_age,
        )
        for one in model.limits.all()
    )


@command("activities.ask_to_publish")
def ask_to_publish(*, actor: Actor, activity: UUID, at: datetime) -> Activity:
    """Let a host ask the community to publish a draft: it becomes a duty of the community's staff."""
    row = found.living_activity(activity)
    policy.require(policy.may_propose(actor, row.community_id, plans.read(row.plan).venue))
    if row.state != Activity.State.DRAFT:
        raise Refused(_("This activity is public already."))
    first = Occurrence.objects.filter(activity=row, state=Occurrence.State.DRAFT).order_by("starts_at").first()
    if first is None:
        raise Refused(_("It has no dates yet. Add at least one, then ask again."))
    duties.open(
        kind="activities.publish",
        record=row,
        community_id=row.community_id,
        title=_("Publish “%(title)s”, as a host asks") % {"title": row.title},
        due_at=max(at, min(first.starts_at - timedelta(days=1), at + timedelta(days=2))),
        assignee_role="community_staff",
        url_name="staff:activity",
        url_args={"activity": str(row.pk)},
    )
    act().target(row, "asked to publish")
    return row


@command("activities.end_activity")
def end_activity(*, actor: Actor, activity: UUID, reason: str = "", at: datetime) -> Activity:
    """End a series whose dates are all over; drafts of dates go."""
    row = found.living_activity(activity)
    policy.require(policy.may_plan(actor, row.community_id))
    if row.state == Activity.State.DRAFT:
        raise Refused(_("A draft is deleted, not ended."))
    if Occurrence.objects.filter(activity=row, state=Occurrence.State.PUBLISHED, ends_at__gt=at).exists():
        raise StillToCome
    remove_drafts(Occurrence.objects.filter(activity=row, state=Occurrence.State.DRAFT).values_list("pk", flat=True))
    act().target(row, "ended", {"state": [row.state, Activity.State.ENDED]})
    act().note(reason=reason.strip())
    row.state = Activity.State.ENDED
    row.version += 1
    row.save(update_fields=["state", "version"])
    return row


@command("activities.delete_draft")
def delete_draft(*, actor: Actor, activity: UUID, at: datetime) -> None:
    """Delete an activity that was never public, with its dates."""
    row = found.living_activity(activity)
    policy.require(policy.may_propose(actor, row.community_id, plans.read(row.plan).venue))
    if row.published_at is not None or row.state != Activity.State.DRAFT:
        raise Refused(_("Others have seen this activity. Call it off instead."))
    act().target(row, "deleted", {"title": [row.title, None]})
    duties.close(kind="activities.publish", record=row)
    remove_drafts(Occurrence.objects.filter(activity=row).values_list("pk", flat=True))
    search.drop(ACTIVITY, [row.pk])
    with scope.everything():
        Question.objects.filter(activity=row).delete()
        row.delete()
