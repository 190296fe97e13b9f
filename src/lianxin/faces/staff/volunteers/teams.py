"""Volunteer teams: the list, one team, who is in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.commands import teams as commands
from lianxin.domain.activities.models import Team, TeamMember
from lianxin.domain.activities.queries.teams import MemberRow, TeamPage, find_member, find_team, list_teams
from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import now

from ..acting import ActForm, VersionedForm, answer_form, confirm_first, long_text
from ..points.lists import Cell, Page, Press, Row, answer_list, cells, leads, small_table
from ..points.told import Section
from .desk import VolunteerDesk, desk_of
from .finding import ask_who, chosen
from .gate import keeper_presses, keeping, reading
from .words import ROLE_WORDS, TEAM_TONES, story

State = Team.State
Role = TeamMember.Role
MOST_FIRMS = 200
COLUMNS = (
    Column(gettext_lazy("Team")),
    Column(gettext_lazy("What it does")),
    Column(gettext_lazy("Sent by")),
    Column(gettext_lazy("Members"), numeric=True),
    Column(gettext_lazy("Since")),
    Column(gettext_lazy("State")),
)
MEMBER_COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Role")),
    Column(gettext_lazy("Since")),
    Column(gettext_lazy("Until")),
)


class TeamsFilter(forms.Form):
    """Which teams to see."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("At work")), ("all", gettext_lazy("All"))],
    )


@reading
def show_list(request: HttpRequest, community: UUID) -> HttpResponse:
    """List the teams of a community."""
    desk = desk_of(request, community)
    found = list_teams(actor=desk.actor, community=community, ended_too=request.GET.get("state") == "all")

    def fetch(_after: str) -> Page:
        rows = [
            Row(
                cells(
                    leads(row.name, "team", team=row.id),
                    row.purpose,
                    row.organisation_name,
                    row.members,
                    row.founded_on,
                    Cell(State(row.state).label, tone=TEAM_TONES[State(row.state)]),
                ),
                pk=row.id,
            )
            for row in found
        ]
        return rows, ""

    context = desk.context("teams", _("Teams"))
    context |= {
        "form": TeamsFilter(request.GET),
        "buttons": [(desk.url("team_new"), _("Found a team"))] if desk.keeps else [],
        "empty_title": _("No teams yet."),
        "empty_text": _("A team takes shifts together; its leader may put members down and note who came."),
        "empty_url": desk.url("team_new") if desk.keeps else "",
        "empty_link": _("Found a team"),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context, count=len(found), place=desk.name)


class TeamForm(VersionedForm):
    """What a team is called and what it does."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    purpose = long_text(gettext_lazy("What it does"), most=200)
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation that sends it"), required=False)

    def __init__(self, *args: Any, desk: VolunteerDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = list_organisations(actor=desk.actor, community=desk.community, limit=MOST_FIRMS).rows
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [("", _("none")), *((str(row.id), row.name) for row in firms)]

    def entries(self) -> dict[str, Any]:
        """Give the values as the commands want them."""
        firm = self.cleaned_data["organisation"]
        return {**self.values("name", "purpose"), "organisation": UUID(firm) if firm else None}


def page_of(team: UUID) -> str:
    """Give the address of a team."""
    return reverse("staff:team", kwargs={"team": team})


@keeping
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Found a team."""
    desk = desk_of(request, community)
    form = TeamForm(request.POST or None, desk=desk)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.found_team(
            actor=desk.actor, community=community, at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda row: page_of(row.pk),
        said=_("The team is founded. Take its first members in."),
        title=_("Found a team"),
        button=_("Found it"),
        cancel_url=desk.url("teams"),
        crumbs=desk.crumbs((_("Teams"), desk.url("teams")), (_("New"), "")),
    )


def _open(request: HttpRequest, team: UUID) -> tuple[VolunteerDesk, TeamPage]:
    found = find_team(actor=actor_of(request), team=team)
    return desk_of(request, found.team.community_id), found


@reading
def show(request: HttpRequest, team: UUID) -> HttpResponse:
    """Show one team with its members."""
    desk, found = _open(request, team)
    row, state = found.team, State(found.team.state)
    works = state == State.ACTIVE and desk.keeps
    now_in = [one for one in found.members if one.until_on is None]
    were = [one for one in found.members if one.until_on is not None]
    columns = (*MEMBER_COLUMNS[:3], Column("")) if works else MEMBER_COLUMNS[:3]
    sections = [
        Section(
            _("Members"),
            text=row.purpose,
            table=small_table(columns, [_member(one, works=works) for one in now_in]),
            empty=_("Nobody is in it yet."),
        )
    ]
    if were:
        gone = [Row(cells(one.masked_name, ROLE_WORDS[Role(one.role)], one.since_on, one.until_on)) for one in were]
        sections.append(Section(_("Were in it"), table=small_table(MEMBER_COLUMNS, gone)))
    context = desk.context("teams", row.name, (_("Teams"), desk.url("teams")), (row.name, ""))
    context |= {
        "state_label": state.label,
        "state_tone": TEAM_TONES[state],
        "banners": [],
        "sections": sections,
        "facts": [
            (_("Members"), len(now_in)),
            (_("Sent by"), row.organisation.name if row.organisation else "—"),
            (_("Since"), row.founded_on),
        ],
        "acts": [
            (reverse("staff:team_member_new", kwargs={"team": team}), _("Take somebody in")),
            (reverse("staff:team_edit", kwargs={"team": team}), _("Change it")),
            (reverse("staff:team_end", kwargs={"team": team}), _("End the team")),
        ]
        if works
        else [],
        "entries": story(found.timeline),
    }
    return render(request, "staff/points/record.html", context)


def _member(one: MemberRow, *, works: bool) -> Row:
    named = {"team_member": one.id}
    is_leader = one.role == Role.LEADER
    presses = [
        Press(
            reverse("staff:team_member_role", kwargs=named),
            _("No longer leads") if is_leader else _("Make leader"),
            "plain",
        ),
        Press(reverse("staff:team_member_leave", kwargs=named), pgettext("volunteer", "Leaves"), "plain"),
    ]
    return Row(
        cells(leads(one.masked_name, "volunteer", volunteer=one.volunteer), ROLE_WORDS[Role(one.role)], one.since_on),
        pk=one.id,
        presses=presses if works else (),
    )


@keeping
def edit(request: HttpRequest, team: UUID) -> HttpResponse:
    """Change a team."""
    desk, found = _open(request, team)
    form = TeamForm(request.POST or None, desk=desk, initial=_now(found.team))
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.edit_team(
            actor=desk.actor, team=team, version=wanted["version"], at=now(), key=wanted["key"], **form.entries()
        ),
        then=lambda _row: page_of(team),
        said=_("Changed."),
        fresh=lambda: _now(find_team(actor=desk.actor, team=team).team),
        title=_("Change the team"),
        button=_("Save"),
        cancel_url=page_of(team),
        crumbs=desk.crumbs((_("Teams"), desk.url("teams")), (found.team.name, page_of(team)), (_("Change"), "")),
    )


def _now(row: Team) -> dict[str, Any]:
    return {
        "name": row.name,
        "purpose": row.purpose,
        "organisation": str(row.organisation_id or ""),
        "version": row.version,
    }


@keeping
def end(request: HttpRequest, team: UUID) -> HttpResponse:
    """End a team, after telling what that means."""
    desk, found = _open(request, team)
    members = sum(1 for one in found.members if one.until_on is None)
    return confirm_first(
        request,
        ActForm(request.POST or None),
        do=lambda wanted: commands.end_team(actor=desk.actor, team=team, at=now(), key=wanted["key"]),
        preview=lambda _wanted: [
            _("%(n)d members leave the team and stay volunteers.") % {"n": members},
            _("Its shifts and hours stay as they are."),
        ],
        then=lambda _row: page_of(team),
        said=_("The team has ended."),
        question=_("End the team %(name)s?") % {"name": found.team.name},
        button=_("End the team"),
        cancel_url=page_of(team),
        crumbs=desk.crumbs((_("Teams"), desk.url("teams")), (found.team.name, page_of(team)), (_("End"), "")),
        danger=True,
    )


class MemberForm(ActForm):
    """As what somebody comes in."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, initial=Role.MEMBER)


@keeping
def add_member(request: HttpRequest, team: UUID) -> HttpResponse:
    """Take a resident into a team."""
    desk, found = _open(request, team)
    crumbs = desk.crumbs((_("Teams"), desk.url("teams")), (found.team.name, page_of(team)), (_("Take somebody in"), ""))
    who = chosen(request, desk)
    if who is None:
        return ask_who(
            request, desk, title=_("Who joins %(name)s?") % {"name": found.team.name}, lead="", crumbs=crumbs
        )
    form = MemberForm(request.POST or None)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.add_member(
            actor=desk.actor, team=team, person=who.id, role=wanted["role"], at=now(), key=wanted["key"]
        ),
        then=lambda _row: page_of(team),
        said=pgettext("volunteering", "Taken in."),
        title=_("%(name)s joins the team") % {"name": who.masked_name},
        button=pgettext("volunteering", "Take in"),
        cancel_url=page_of(team),
        crumbs=crumbs,
    )


@keeper_presses
def change_role(request: HttpRequest, team_member: UUID) -> HttpResponse:
    """Make a member a leader, or a leader a member."""
    row = find_member(actor=actor_of(request), member=team_member)
    role = Role.MEMBER if row.role == Role.LEADER else Role.LEADER
    return press(
        request,
        do=lambda: commands.set_role(
            actor=actor_of(request), member=team_member, role=role, at=now(), key=key_of(request)
        ),
        back=page_of(row.team_id),
        said=_("Changed."),
    )


@keeper_presses
def leave(request: HttpRequest, team_member: UUID) -> HttpResponse:
    """Note that somebody leaves a team."""
    row = find_member(actor=actor_of(request), member=team_member)
    return press(
        request,
        do=lambda: commands.leave_team(actor=actor_of(request), member=team_member, at=now(), key=key_of(request)),
        back=page_of(row.team_id),
        said=_("Noted."),
    )
