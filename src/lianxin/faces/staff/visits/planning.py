"""Who is due, and planning visits to them; giving planned ones to somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from lianxin.domain.needs.commands import visits as commands
from lianxin.domain.needs.models import Visit
from lianxin.domain.needs.queries import visits
from lianxin.domain.needs.queries.visits_due import OF_SURVEY, DueHome, list_due
from lianxin.domain.needs.rules.visits import ALONE, ROUND
from lianxin.domain.people.queries.households import find_household_by_number
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.tables import Column
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing

from ..acting import ActForm, answer_form, day_field
from ..choices import community_choices
from ..needs.desk import page_of
from ..points.lists import Cell, Page, Row, answer_list, cells, leads
from .desk import VisitsDesk, chosen_of, desk_of, uuid_of
from .gate import reading, sending
from .words import members_words

Reason = Visit.Reason
WHY = pgettext_lazy("visits", "Why")
WHO = pgettext_lazy("visits", "Who goes")
DUE_REASONS = [(one, Reason(one).label) for one in ("promise", "new", "alone", "round")]
DUE_COLUMNS = (
    Column(pgettext_lazy("visits", "Household")),
    Column(pgettext_lazy("visits", "Who lives there")),
    Column(pgettext_lazy("visits", "Why")),
    Column(pgettext_lazy("visits", "Due by")),
    Column(pgettext_lazy("visits", "Last visit")),
)
SHOWN_LINES = 30


class DueFilter(forms.Form):
    """Which community's households, and why they are due."""

    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    reason = forms.ChoiceField(label=WHY, required=False, choices=[("", gettext_lazy("All")), *DUE_REASONS])
    survey = forms.ChoiceField(label=pgettext_lazy("visits", "Questionnaire"), required=False)

    def __init__(self, *args: Any, desk: VisitsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = community_choices(desk.actor, subdistricts=False, alone=True)
        self.listed = [uuid_of(str(value)) for _group, some in choices for value, _name in some]
        fields["community"].choices = choices
        if len(self.listed) < 2:
            del fields["community"]
        asked = visits.list_asked_on_visits(actor=desk.actor, community=self.place)
        if asked:
            fields["survey"].choices = [("", _("none")), *((str(row.pk), row.title) for row in asked)]
        else:
            del fields["survey"]

    @property
    def place(self) -> UUID | None:
        """Give the community chosen, or the first there is."""
        wanted = uuid_of(self.data.get("community", ""))
        return wanted if wanted in self.listed else next(iter(self.listed), None)


@reading
def due(request: HttpRequest) -> HttpResponse:
    """List the households of a community that should be visited, the most pressing first."""
    desk = desk_of(request)
    form = DueFilter(request.GET, desk=desk)
    community = form.place
    if community is None:
        raise Missing
    reason = request.GET.get("reason", "")
    survey = uuid_of(request.GET.get("survey", "")) if "survey" in form.fields else None
    with scope.within(desk.actor.communities):
        found = list_due(actor=desk.actor, community=community, on=desk.on, reason=reason, survey=survey)

        def fetch(after: str) -> Page:
            part, following = page_of(found, after)
            homes = desk.homes(one.household for one in part)
            return [
                Row(
                    cells(
                        leads(one.number, "household", household=one.household),
                        members_words(homes.get(one.household)),
                        "、".join(str(Reason(why).label) for why in (one.due.reason, *one.due.others)),
                        _by(one, desk),
                        spoken(one.last_on) if one.last_on else "",
                    ),
                    pk=one.household,
                )
                for one in part
            ], following

        # What the list was narrowed to goes along as the first guess of the form.
        act = OF_SURVEY + ":" + str(survey) if survey else (reason or "")
        context = desk.context("due", _("Who is due"))
        context |= {
            "form": form,
            "lead": _(
                "Elders who live alone each month, promises by their day, newcomers in their first month, "
                "everybody twice a year. Tick households and plan visits to them."
            ),
            "buttons": [(reverse("staff:visits_plan"), _("Plan a visit by household number"))],
            "bulk_url": reverse("staff:visits_plan"),
            "bulk_actions": [(act or "plan", _("Plan visits"))],
            "empty_title": _("Nobody is due in the next two weeks."),
            "empty_text": _("Who has a visit planned does not stand here."),
        }
        return answer_list(request, columns=DUE_COLUMNS, fetch=fetch, context=context, count=len(found))


def _by(one: DueHome, desk: VisitsDesk) -> Cell:
    if one.last_on is None and one.due.reason in (ALONE, ROUND) and one.due.by < desk.on:
        # Since when it is on record says nothing: nobody was late with a visit that nobody ever made.
        return Cell(_("not visited yet"), tone="info")
    return Cell(spoken(one.due.by), tone="due") if one.due.by < desk.on else Cell(spoken(one.due.by))


class PlanForm(ActForm):
    """Who goes where, why and by when."""

    chosen = forms.CharField(widget=forms.HiddenInput, required=False)
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    household_number = forms.CharField(label=gettext_lazy("Household number"), max_length=32, required=False)
    worker = forms.ChoiceField(label=WHO, required=False)
    due_on = day_field(pgettext_lazy("visits", "Due by"))
    reason = forms.ChoiceField(label=WHY, choices=Reason.choices)
    reason_words = forms.CharField(
        label=pgettext_lazy("visits", "What for, in a few words"), max_length=120, required=False
    )
    survey = forms.ChoiceField(label=pgettext_lazy("visits", "Questionnaire to be asked"), required=False)

    def __init__(self, *args: Any, desk: VisitsDesk, ticked: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["worker"].choices = [("", _("nobody yet")), *desk.workers()]
        fields["community"].choices = community_choices(desk.actor, subdistricts=False, alone=True)
        if ticked:
            del fields["household_number"], fields["community"]
        asked = visits.list_asked_on_visits(actor=desk.actor)
        fields["survey"].choices = [("", _("none")), *((str(row.pk), row.title) for row in asked)]
        if not asked:
            del fields["survey"]


@sending
def plan(request: HttpRequest) -> HttpResponse:
    """Plan visits to ticked households, or to one by its number."""
    desk = desk_of(request)
    ticked = chosen_of(request)
    homes = desk.homes(ticked)
    if len(homes) != len(ticked):
        raise Missing
    act, _sep, survey = request.GET.get("act", "").partition(":")
    form = PlanForm(
        request.POST or None,
        desk=desk,
        ticked=ticked,
        initial={
            "chosen": ",".join(map(str, ticked)),
            "worker": str(desk.actor.account),
            "due_on": desk.on,
            "reason": act if act in Reason.values else Reason.ROUND,
            "survey": survey,
        },
    )

    def do(entered: dict[str, Any]) -> int:
        communities = _communities(desk, ticked) if ticked else _by_number(desk, entered)
        made = 0
        for community, households in communities.items():
            made += len(
                commands.plan(
                    actor=desk.actor,
                    community=community,
                    households=households,
                    reason=entered["reason"],
                    due_on=entered["due_on"],
                    worker=uuid_of(entered["worker"]),
                    reason_words=entered["reason_words"],
                    survey=uuid_of(entered.get("survey", "")),
                    at=desk.at,
                    # Several communities are planned one by one; a second sending finds their visits planned.
                    key=entered["key"] if len(communities) == 1 else None,
                )
            )
        return made

    lines = [f"{home.number} · {members_words(home)}" for home in homes.values()]
    left = len(lines) - SHOWN_LINES
    more = [ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}] if left > 0 else []
    return answer_form(
        request,
        form,
        do=do,
        then=lambda _made: reverse("staff:visits"),
        said=lambda made: (
            ngettext("%(n)d visit is planned.", "%(n)d visits are planned.", made) % {"n": made}
            if made
            else _("These households have a visit planned already.")
        ),
        title=_("Plan visits"),
        lead=_("A household that has a visit planned is not planned twice."),
        lines=lines[:SHOWN_LINES] + more,
        button=_("Plan visits"),
        cancel_url=reverse("staff:visits_due"),
        crumbs=desk.crumbs((_("Who is due"), reverse("staff:visits_due")), (_("Plan visits"), "")),
    )


def _communities(desk: VisitsDesk, households: list[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    with scope.within(desk.actor.communities):
        for household, community in visits.communities_of(households):
            found.setdefault(community, []).append(household)
    return found


def _by_number(desk: VisitsDesk, entered: dict[str, Any]) -> dict[UUID, list[UUID]]:
    community, number = uuid_of(entered.get("community", "")), entered.get("household_number", "").strip()
    if not number:
        raise Invalid(fields={"household_number": [_("Enter the number of the household.")]})
    home = find_household_by_number(actor=desk.actor, community=community, number=number) if community else None
    if home is None:
        raise Invalid(fields={"household_number": [_("There is no such household here.")]})
    return {home.community_id: [home.pk]}


class AssignForm(ActForm):
    """Who goes, and by when."""

    chosen = forms.CharField(widget=forms.HiddenInput)
    worker = forms.ChoiceField(label=WHO, required=False)
    due_on = day_field(
        pgettext_lazy("visits", "Due by"), required=False, help_text=gettext_lazy("Empty: each visit keeps its day.")
    )

    def __init__(self, *args: Any, desk: VisitsDesk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["worker"]
        field.choices = [("", _("nobody yet")), *desk.workers()]


@sending
def assign(request: HttpRequest) -> HttpResponse:
    """Give ticked visits to somebody."""
    desk = desk_of(request)
    ticked = chosen_of(request)
    form = AssignForm(request.POST or None, desk=desk, initial={"chosen": ",".join(map(str, ticked))})

    def do(entered: dict[str, Any]) -> int:
        if not ticked:
            raise Invalid(_("Tick visits on the list first."))
        return commands.assign(
            actor=desk.actor,
            visits=ticked,
            worker=uuid_of(entered["worker"]),
            due_on=entered["due_on"],
            at=desk.at,
            key=entered["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _count: reverse("staff:visits"),
        said=lambda n: ngettext("%(n)d visit was given over.", "%(n)d visits were given over.", n) % {"n": n},
        title=_("Give visits to somebody"),
        lead=ngettext("%(n)d visit is ticked.", "%(n)d visits are ticked.", len(ticked)) % {"n": len(ticked)},
        button=_("Give over"),
        cancel_url=reverse("staff:visits"),
        crumbs=desk.crumbs((_("Give visits to somebody"), "")),
    )
