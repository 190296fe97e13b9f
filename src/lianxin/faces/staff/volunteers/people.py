"""Volunteers: the list, one of them, what they can do and when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.commands import volunteers as commands
from lianxin.domain.activities.models import TeamMember, Volunteer
from lianxin.domain.activities.queries.hours import years_of
from lianxin.domain.activities.queries.teams import list_teams
from lianxin.domain.activities.queries.volunteers import VolunteerRow, find_volunteer, list_skills, list_volunteers
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day, now

from ..acting import DayInput, VersionedForm, answer_form
from ..choices import kinds_in_words
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import VolunteerDesk, desk_of
from .finding import ask_who, chosen
from .gate import keeper_presses, keeping, reading
from .words import ROLE_WORDS, VOLUNTEER_TONES, hours_words, story, suit_choices, suits_words

State = Volunteer.State
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Skills")),
    Column(gettext_lazy("Suits")),
    Column(gettext_lazy("Hours this year")),
    Column(gettext_lazy("Insured until")),
    Column(gettext_lazy("Since")),
    Column(gettext_lazy("State")),
)


class VolunteersFilter(forms.Form):
    """Which volunteers to see."""

    q = forms.CharField(label=gettext_lazy("Name or phone"), max_length=80, required=False)
    skill = forms.ChoiceField(label=gettext_lazy("Skill"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("Not left")), *State.choices]
    )

    def __init__(self, *args: Any, desk: VolunteerDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        skills = list_skills()
        words = dict(kinds_in_words(skills))
        fields["skill"].choices = [("", _("All")), *((str(row.pk), words[row.code]) for row in skills)]
        teams = list_teams(actor=desk.actor, community=desk.community)
        fields["team"].choices = [("", _("All")), *((str(row.id), row.name) for row in teams)]


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the volunteers of a community in the order in which they came."""
    desk = desk_of(request, community)
    form = VolunteersFilter(request.GET, desk=desk)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    count = 0

    def fetch(after: str) -> Page:
        nonlocal count
        page = list_volunteers(
            actor=desk.actor,
            community=community,
            on=desk.on,
            query=asked.get("q", ""),
            skill=_id(asked.get("skill")),
            team=_id(asked.get("team")),
            state=asked.get("state", ""),
            after=after,
        )
        count = page.count
        return [_row(row) for row in page.rows], page.after

    context = desk.context("volunteers_of", _("Volunteers"))
    context |= {
        "form": form,
        "buttons": [(desk.url("volunteer_new"), _("Register a volunteer"))] if desk.keeps else [],
        "empty_title": _("No volunteers yet."),
        "empty_text": _("Whoever takes a first shift stands here, and whoever says that they want to help."),
        "empty_url": desk.url("volunteer_new") if desk.keeps else "",
        "empty_link": _("Register a volunteer"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, place=desk.name)


def _id(text: Any) -> UUID | None:
    return UUID(text) if text else None


def _row(row: VolunteerRow) -> Row:
    state = State(row.state)
    return Row(
        cells(
            leads(row.masked_name, "volunteer", volunteer=row.id),
            "、".join(row.skills),
            suits_words(row.suits),
            hours_words(row.minutes_this_year) if row.minutes_this_year else "",
            row.insured_until,
            row.registered_on,
            Cell(state.label, tone=VOLUNTEER_TONES[state]),
        ),
        pk=row.id,
    )


class VolunteerForm(VersionedForm):
    """What somebody can do, when it suits, and how they are insured."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"), required=False, widget=forms.CheckboxSelectMultiple
    )
    suits = forms.MultipleChoiceField(
        label=gettext_lazy("Suits on"), required=False, widget=forms.CheckboxSelectMultiple, choices=suit_choices
    )
    insurance_note = forms.CharField(
        label=gettext_lazy("Insurance"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Company and number of the policy, if there is one."),
    )
    insured_until = forms.DateField(label=gettext_lazy("Insured until"), required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skills = list_skills()
        words = dict(kinds_in_words(skills))
        field: Any = self.fields["skills"]
        field.choices = [(str(row.pk), words[row.code]) for row in skills]

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        return {
            "skills": [UUID(one) for one in self.cleaned_data["skills"]],
            **self.values("suits", "insurance_note", "insured_until"),
        }


def page_of(volunteer: UUID) -> str:
    """Give the address of a volunteer."""
    return reverse("staff:volunteer", kwargs={"volunteer": volunteer})


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Register a resident as a volunteer."""
    desk = desk_of(request, community)
    crumbs = desk.crumbs((_("Volunteers"), desk.url("volunteers_of")), (_("New"), ""))
    who = chosen(request, desk)
    if who is None:
        lead = _("Whoever takes a shift becomes a volunteer by it; this is for those who come to the desk.")
        return ask_who(request, desk, title=_("Who wants to help?"), lead=lead, crumbs=crumbs)
    form = VolunteerForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.register_volunteer(
            actor=desk.actor, person=who.id, at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda row: page_of(row.pk),
        said=_("Registered."),
        title=_("%(name)s wants to help") % {"name": who.masked_name},
        button=_("Register"),
        cancel_url=desk.url("volunteers_of"),
        crumbs=crumbs,
    )


@reading
def show(request: HttpRequest, volunteer: UUID) -> HttpResponse:
    """Show one volunteer: skills, teams, hours by year."""
    actor = actor_of(request)
    found = find_volunteer(actor=actor, volunteer=volunteer, on=local_day(now()))
    desk = desk_of(request, found.volunteer.community_id, name=found.volunteer.community.short_name)
    row, state = found.row, State(found.row.state)
    years = years_of(actor=actor, person=row.person)
    teams = [
        Row(cells(leads(one.name, "team", team=one.team), ROLE_WORDS[TeamMember.Role(one.role)], one.since_on))
        for one in found.teams
    ]
    sections = [
        Section(
            pgettext("volunteering", "Hours"),
            table=small_table(
                (
                    Column(_("Year")),
                    Column(pgettext("volunteering", "Hours")),
                    Column(pgettext("volunteering", "Times"), numeric=True),
                ),
                [Row(cells(str(one.year), hours_words(one.minutes), one.times)) for one in years],
            ),
            empty=_("No hours yet."),
        ),
        Section(
            _("Teams"),
            table=small_table((Column(_("Team")), Column(_("Role")), Column(_("Since"))), teams),
            empty=_("In no team."),
        ),
    ]
    context = desk.context(
        "volunteers_of", row.masked_name, (_("Volunteers"), desk.url("volunteers_of")), (row.masked_name, "")
    )
    context |= {
        "state_label": state.label,
        "state_tone": VOLUNTEER_TONES[state],
        "banners": [],
        "sections": sections,
        "facts": [
            (_("Resident"), row.masked_name, reverse("staff:person", kwargs={"person": row.person})),
            (_("Skills"), "、".join(row.skills) or "—"),
            (_("Suits on"), suits_words(row.suits) or "—"),
            (_("Insurance"), row.insurance_note or "—"),
            (_("Insured until"), row.insured_until or "—"),
            (_("Since"), row.registered_on),
        ],
        "acts": _acts(desk, row),
        "presses": _presses(desk, row),
        "entries": story(found.timeline),
    }
    return render(request, "staff/points/record.html", context)


def _acts(desk: VolunteerDesk, row: VolunteerRow) -> list[tuple[str, Any]]:
    if not desk.keeps:
        return []
    named = f"?person={row.person}"
    return [
        (reverse("staff:volunteer_edit", kwargs={"volunteer": row.id}), _("Change what is noted")),
        (desk.url("hours_new") + named, _("Take hours over from paper")),
        (desk.url("certificate_new") + named, _("Issue a certificate")),
        (desk.url("reporting_new") + named, _("Note a reporting in")),
    ]


def _presses(desk: VolunteerDesk, row: VolunteerRow) -> list[Press]:
    if not desk.keeps:
        return []
    words = {
        State.RESTING: _("Takes a rest"),
        State.ACTIVE: _("Is back"),
        State.LEFT: pgettext("volunteer", "Leaves"),
    }
    return [
        Press(
            reverse("staff:volunteer_state", kwargs={"volunteer": row.id, "state": state.value}), words[state], "plain"
        )
        for state in (State.ACTIVE, State.RESTING, State.LEFT)
        if state != row.state
    ]


@keeping
def edit(request: HttpRequest, volunteer: UUID) -> HttpResponse:
    """Change what is noted of a volunteer."""
    found = find_volunteer(actor=actor_of(request), volunteer=volunteer, on=local_day(now()))
    desk = desk_of(request, found.volunteer.community_id)
    form = VolunteerForm(request.POST or None, initial=_now(found.volunteer, found.skills))

    def fresh() -> dict[str, Any]:
        again = find_volunteer(actor=desk.actor, volunteer=volunteer, on=desk.on)
        return _now(again.volunteer, again.skills)

    return answer_form(
        request,
        form,
        do=lambda wanted: commands.edit_volunteer(
            actor=desk.actor,
            volunteer=volunteer,
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
            **form.entries(),
        ),
        then=lambda _row: page_of(volunteer),
        said=_("Changed."),
        fresh=fresh,
        title=_("What is noted of %(name)s") % {"name": found.row.masked_name},
        button=_("Save"),
        cancel_url=page_of(volunteer),
        crumbs=desk.crumbs(
            (_("Volunteers"), desk.url("volunteers_of")), (found.row.masked_name, page_of(volunteer)), (_("Change"), "")
        ),
    )


def _now(row: Volunteer, skills: list[UUID]) -> dict[str, Any]:
    return {
        "skills": [str(one) for one in skills],
        "suits": list(row.suits),
        "insurance_note": row.insurance_note,
        "insured_until": row.insured_until,
        "version": row.version,
    }


@keeper_presses
def set_state(request: HttpRequest, volunteer: UUID, state: str) -> HttpResponse:
    """Let a volunteer rest, come back or leave."""
    find_volunteer(actor=actor_of(request), volunteer=volunteer, on=local_day(now()))
    return press(
        request,
        do=lambda: commands.set_state(
            actor=actor_of(request), volunteer=volunteer, state=state, at=now(), key=key_of(request)
        ),
        back=page_of(volunteer),
        said=_("Noted."),
    )
