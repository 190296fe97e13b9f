"""Entering and changing an activity; starting from a festival's template, a copy, or last month's programme."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.activities.commands.activities import (
    ask_to_publish,
    content_of,
    copy_activity,
    copy_programme,
    delete_draft,
    end_activity,
    save_activity,
)
from lianxin.domain.activities.models import ActivityOrganiser
from lianxin.domain.activities.queries.activities import Template, find_template, list_templates
from lianxin.domain.activities.rules import lines, plans
from lianxin.domain.activities.rules.contents import Content
from lianxin.domain.activities.rules.plans import Plan
from lianxin.domain.places.queries.services import list_categories
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now

from ..acting import ActForm, answer_form, confirm_first
from .desk import activity_desk
from .forms import ActivityForm
from .gate import planner_presses, planning
from .listing import communities_of, venues_of

FORM = "staff/activities/edit.html"
Role = ActivityOrganiser.Role


def initial_of(content: Content, plan: Plan) -> dict[str, Any]:
    """Give what the form starts with."""
    held = [str(pk) for pk, role in content.organisers if role == Role.HOLDS]
    plain = {
        name: getattr(content, name)
        for name in (
            *("title", "summary", "poster_text", "open_to", "min_age", "max_age", "audience_note", "bring_note"),
            *("cost_note", "contact_name", "contact_phone", "is_volunteering", "act_kind"),
        )
    }
    planned = {
        name: getattr(plan, name)
        for name in (
            *("minutes", "place", "skips_closed", "takes_sign_ups", "size", "sign_up_days", "household_most"),
            *("waiting_most", "first_for", "first_hours", "is_drawn", "has_check_out", "lets_everybody_in"),
            *("early_minutes", "late_minutes"),
        )
    }
    return {
        **plain,
        **planned,
        "community": str(content.community),
        "category": str(content.category),
        "held_by": held[0] if held else "",
        "helped_by": [str(pk) for pk, role in content.organisers if role == Role.HELPS],
        "partners": [str(pk) for pk in content.partners],
        "questions": lines.write_questions(content.questions),
        "starts": ", ".join(f"{start:%H:%M}".removeprefix("0") for start in plan.starts),
        "venue": str(plan.venue or ""),
        "room": str(plan.room or ""),
        "sign_up_closes": plan.sign_up_closes // 60 or None,
        "limits": lines.write_limits(plan.limits),
        "shifts": lines.write_shifts(plan.shifts),
    }


@planning
def new(request: HttpRequest) -> HttpResponse:
    """Enter an activity, from nothing or from a template."""
    actor = actor_of(request)
    template = _template(request)
    initial: dict[str, Any] = {"act_kind": "attend-activity", "contact_name": actor.name}
    venues = venues_of(actor)
    if len(venues) == 1 or len(communities_of(actor)) == 1:
        initial["venue"] = venues[0][0] if venues else ""
    if template is not None:
        initial |= _from(template)
    form = ActivityForm(request.POST or None, actor=actor, initial=initial)

    def do(data: dict[str, Any]) -> Any:
        content = form.content()
        if template is not None:
            content = Content(**{**content.__dict__, "festival": template.code})
        return save_activity(
            actor=actor, activity=None, content=content, plan=form.plan(Plan()), at=now(), key=data["key"]
        )

    def then(row: Any) -> str:
        address = reverse("staff:activity_dates", kwargs={"activity": row.pk})
        return f"{address}?first_on={template.on}" if template and template.on else address

    return answer_form(
        request,
        form,
        do=do,
        then=then,
        said=_("The activity is entered. Now say when it is."),
        template=FORM,
        title=_("New activity"),
        button=_("Go on to the dates"),
        cancel_url=reverse("staff:activities"),
        crumbs=[(_("Activities"), reverse("staff:activities")), (_("New activity"), "")],
    )


def _template(request: HttpRequest) -> Template | None:
    code = request.GET.get("template", "")
    return find_template(code=code, on=local_day(now())) if code else None


def _from(template: Template) -> dict[str, Any]:
    category = next((str(one.pk) for one in list_categories() if one.code == template.category), "")
    return {
        "category": category,
        "title": template.title,
        "summary": template.summary,
        "poster_text": template.poster_text,
        "bring_note": template.bring_note,
        "minutes": template.minutes,
        "size": template.size,
        "is_volunteering": template.is_volunteering,
    }


@planning
def edit(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Change what an activity says of itself and what new dates start with."""
    desk = activity_desk(request, activity)
    with scope.within(desk.actor.communities):
        old = content_of(desk.row)
    plan = plans.read(desk.row.plan)
    initial = initial_of(old, plan) | {"version": desk.row.version}
    form = ActivityForm(request.POST or None, actor=desk.actor, row=desk.row, initial=initial)

    def do(data: dict[str, Any]) -> Any:
        return save_activity(
            actor=desk.actor,
            activity=activity,
            content=form.content(old),
            plan=form.plan(plan),
            version=data["version"],
            at=now(),
            key=data["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _row: desk.url("activity"),
        said=_("The activity is saved."),
        fresh=lambda: initial,
        template=FORM,
        title=_("Change “%(title)s”") % {"title": desk.row.title},
        lead=_("Dates that stand already keep their time, place and number; change those on their own pages."),
        button=_("Save"),
        cancel_url=desk.url("activity"),
        crumbs=desk.crumbs((desk.row.title, desk.url("activity")), (_("Change"), "")),
    )


@planning
def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates of festivals and of every month."""
    today = local_day(now())
    found = list_templates(on=today)
    return render(
        request,
        "staff/activities/templates.html",
        {
            "title": _("Start from a template"),
            "heading": True,
            "festivals": [one for one in found if one.on],
            "always": [one for one in found if not one.on],
            "crumbs": [(_("Activities"), reverse("staff:activities")), (_("Templates"), "")],
        },
    )


@planner_presses
def copy(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Copy an activity as a draft without dates."""
    desk = activity_desk(request, activity)
    made: list[Any] = []
    answer = press(
        request,
        do=lambda: made.append(copy_activity(actor=desk.actor, activity=activity, at=now(), key=key_of(request))),
        back=desk.url("activity"),
        said=_("This is the copy, a draft without dates."),
    )
    if made:
        answer["Location"] = reverse("staff:activity_dates", kwargs={"activity": made[0].pk})
    return answer


class MonthForm(ActForm):
    """Which month's programme to copy."""

    month = forms.ChoiceField(label=gettext_lazy("From which month"))
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    venue = forms.ChoiceField(label=gettext_lazy("Only at"), required=False)

    def __init__(self, *args: Any, actor: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        first = today.replace(day=1)
        last = (first - timedelta(days=1)).replace(day=1)
        fields["month"].choices = [(f"{one:%Y-%m-%d}", f"{one:%Y-%m}") for one in (first, last)]
        self.communities = communities_of(actor)
        fields["community"].choices = self.communities
        if len(self.communities) < 2:
            del fields["community"]
        fields["venue"].choices = [("", _("all places")), *venues_of(actor)]

    def home(self) -> UUID:
        """Give the chosen community."""
        return UUID(self.cleaned_data.get("community") or self.communities[0][0])


@planning
def copy_month(request: HttpRequest) -> HttpResponse:
    """Draft the month after from what took place in one: same weekdays and times."""
    actor = actor_of(request)
    form = MonthForm(request.POST or None, actor=actor, today=local_day(now()))

    def do(data: dict[str, Any]) -> Any:
        return copy_programme(
            actor=actor,
            community=form.home(),
            month=date.fromisoformat(data["month"]),
            venue=UUID(data["venue"]) if data["venue"] else None,
            at=now(),
            key=data["key"],
        )

    def said(made: list[Any]) -> str:
        if not made:
            return _("There was nothing to copy: the next month has these activities already.")
        count = len(made)
        words = ngettext("%(count)d draft is made.", "%(count)d drafts are made.", count) % {"count": count}
        return words + " " + _("Look through them and publish each.")

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _made: reverse("staff:activities_all") + "?state=draft",
        said=said,
        title=_("Copy a month's programme"),
        lead=_(
            "Each activity of that month becomes a draft for the month after, on the same weekdays at the same times."
        ),
        button=_("Make the drafts"),
        cancel_url=reverse("staff:activities"),
        crumbs=[(_("Activities"), reverse("staff:activities")), (_("Copy a month's programme"), "")],
    )


@planner_presses
def ask(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Let a host ask the community to publish."""
    desk = activity_desk(request, activity)
    return press(
        request,
        do=lambda: ask_to_publish(actor=desk.actor, activity=activity, at=now()),
        back=desk.url("activity"),
        said=_("The community's staff are asked to publish it."),
    )


@planning
def end(request: HttpRequest, activity: UUID) -> HttpResponse:
    """End a series whose dates are over."""
    desk = activity_desk(request, activity)
    return confirm_first(
        request,
        ActForm(request.POST or None),
        do=lambda _data: end_activity(actor=desk.actor, activity=activity, at=now()),
        preview=lambda _data: [_("No date can be added any more. What was held stays on record.")],
        then=lambda _row: desk.url("activity"),
        said=_("The series has ended."),
        question=_("End the series “%(title)s”?") % {"title": desk.row.title},
        button=_("End the series"),
        cancel_url=desk.url("activity"),
        crumbs=desk.crumbs((desk.row.title, desk.url("activity")), (_("End"), "")),
    )


@planning
def delete(request: HttpRequest, activity: UUID) -> HttpResponse:
    """Delete a draft that nobody has seen."""
    desk = activity_desk(request, activity)
    return confirm_first(
        request,
        ActForm(request.POST or None),
        do=lambda _data: delete_draft(actor=desk.actor, activity=activity, at=now()),
        preview=lambda _data: [_("The draft and its dates are gone for good.")],
        then=lambda _row: reverse("staff:activities_all"),
        said=_("The draft is deleted."),
        question=_("Delete the draft “%(title)s”?") % {"title": desk.row.title},
        button=_("Delete it"),
        cancel_url=desk.url("activity"),
        crumbs=desk.crumbs((desk.row.title, desk.url("activity")), (_("Delete"), "")),
        danger=True,
    )
