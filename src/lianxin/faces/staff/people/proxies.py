"""Who acts for a resident, and for whom the resident acts: links by consent, for named acts and a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.proxies import link_proxy, revoke_proxy
from lianxin.domain.people.models import ProxyLink
from lianxin.domain.people.queries.consents import list_consents
from lianxin.domain.people.queries.households import find_household
from lianxin.domain.people.queries.people import PersonBundle, find_by_number, find_person
from lianxin.domain.people.queries.staff import list_roster
from lianxin.domain.people.rules.proxies import ACTS
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.staff.acting import ActForm, answer_form, confirm_first, day_field
from lianxin.faces.staff.people.choices import chosen, today_field
from lianxin.faces.staff.people.gate import reading, writing
from lianxin.faces.staff.people.household import member_choices
from lianxin.faces.staff.people.labels import CHECK_CHOICES, acts_words
from lianxin.faces.staff.people.listing import line_of
from lianxin.faces.staff.people.tabs import person_crumbs, person_tabs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing

A_YEAR = timedelta(days=365)
AGENT_ROLES = frozenset({"volunteer", "community_staff", "subdistrict_staff"})


class LinkForm(ActForm):
    """Who acts, in what, until when."""

    kind = chosen(gettext_lazy("What is this person to the resident?"), ProxyLink.Kind.choices)
    agent = forms.ChoiceField(label=gettext_lazy("Who acts?"), required=False)
    number = forms.CharField(
        label=gettext_lazy("Or another resident: ID number or phone"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("What may be done?"), choices=list(ACTS.items()), widget=forms.CheckboxSelectMultiple
    )
    from_on = today_field(gettext_lazy("From"))
    until_on = day_field(
        gettext_lazy("Until"),
        required=False,
        initial=lambda: local_day(now()) + A_YEAR,
        help_text=gettext_lazy("A guardian needs no last day; leave it empty."),
    )
    identity_check = chosen(gettext_lazy("How was the identity checked?"), CHECK_CHOICES)

    def __init__(self, *args: Any, actor: Actor, person: UUID, agents: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.person = actor, person
        self.agent_choice: dict[str, UUID] = {}
        self.fields["agent"].choices = [("", _("Please choose")), *agents]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the agent: chosen from the list, or by a number that somebody in scope has."""
        cleaned = super().clean() or self.cleaned_data
        number, agent = cleaned.get("number", "").strip(), cleaned.get("agent", "")
        if number and agent:
            self.add_error("number", _("Choose somebody from the list, or enter a number, not both."))
        elif number:
            self._find(number)
        elif agent:
            kind, _colon, pk = agent.partition(":")
            self.agent_choice = {kind: UUID(pk)}
        else:
            self.add_error("agent", _("Choose who acts: a resident, or a member of staff or volunteer."))
        return cleaned

    def _find(self, number: str) -> None:
        on = local_day(now())
        found = find_by_number(actor=self.actor, on=on, id_number=number)
        found = found or find_by_number(actor=self.actor, on=on, phone=number)
        others = [row for row in found if row.id != self.person]
        if len(others) == 1:
            self.agent_choice = {"agent_person": others[0].id}
        elif others:
            self.add_error("number", _("Several residents have this phone number. Enter the ID number instead."))
        else:
            self.add_error("number", _("No resident of your communities has this number. Register the person first."))


def _agents(actor: Actor, bundle: PersonBundle) -> list[Any]:
    """Members of the household, then volunteers and staff of the person's community."""
    on = local_day(now())
    home = find_household(actor=actor, household=bundle.person.household, on=on)
    members = [line_of(row, {}) for row in home.members if row.id != bundle.person.id]
    groups: list[Any] = []
    if members:
        groups.append((_("Household"), [(f"agent_person:{pk}", words) for pk, words in member_choices(members)]))
    helpers = {
        f"agent_account:{line.account}": f"{line.display_name} · {line.unit}"
        for line in list_roster(on=on, communities=frozenset({bundle.person.community}))
        if line.role in AGENT_ROLES
    }
    if helpers:
        groups.append((_("Volunteers and staff"), list(helpers.items())))
    return groups


@reading
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show who acts for the resident, and for whom the resident acts."""
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    kinds = dict(ProxyLink.Kind.choices)
    context = {
        "proxies": [(link, kinds.get(link.kind, ""), acts_words(link.acts)) for link in bundle.proxies],
        "acts_for": [(link, kinds.get(link.kind, ""), acts_words(link.acts)) for link in bundle.acts_for],
        "person": person,
        "name": bundle.person.masked_name,
        "writes": policy.may_write_people(actor) and bundle.person.state == "living",
        "tabs": person_tabs("person_proxies", person, actor),
        "crumbs": person_crumbs(person, bundle.person.masked_name, _("Acting on behalf")),
    }
    return render(request, "staff/people/proxies.html", context)


@writing
def link(request: HttpRequest, person: UUID) -> HttpResponse:
    """Let somebody act for the resident; the consent that it rests on is looked up, a guardian needs none."""
    actor, on = actor_of(request), local_day(now())
    bundle = find_person(actor=actor, person=person, on=on)
    name = bundle.person.masked_name
    consents = [c for c in list_consents(actor=actor, person=person, on=on) if c.purpose == "proxy" and c.is_valid]
    consent = consents[0].receipt if consents else None
    form = LinkForm(request.POST or None, actor=actor, person=person, agents=_agents(actor, bundle))
    back = reverse("staff:person_proxies", args=[person])

    def do(values: dict[str, Any]) -> ProxyLink:
        guardian = values["kind"] == "guardian"
        return link_proxy(
            actor=actor.acting_for(person, values["identity_check"], via="desk"),
            principal=person,
            kind=values["kind"],
            acts=values["acts"],
            from_on=values["from_on"],
            until_on=values["until_on"],
            consent=None if guardian else consent,
            at=now(),
            key=values["key"],
            **form.agent_choice,
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _link: back,
        said=_("The link was made. Each act will name both."),
        template="staff/people/proxy_new.html",
        consent=consent,
        consent_url=reverse("staff:consent_give", args=[person, "proxy"]),
        title=_("Who may act for %(name)s?") % {"name": name},
        button=_("Let this person act"),
        cancel_url=back,
        crumbs=person_crumbs(person, name, _("Acting on behalf")),
    )


class RevokeForm(ActForm):
    """Why a link ends."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@writing
def revoke(request: HttpRequest, person: UUID, link: UUID) -> HttpResponse:
    """End a link now."""
    actor = actor_of(request)
    bundle = find_person(actor=actor, person=person, on=local_day(now()))
    line = next((one for one in [*bundle.proxies, *bundle.acts_for] if one.id == link), None)
    if line is None:
        raise Missing
    back = reverse("staff:person_proxies", args=[person])
    names = {"agent": line.agent_name, "name": line.principal_name}
    return confirm_first(
        request,
        RevokeForm(request.POST or None),
        do=lambda values: revoke_proxy(actor=actor, link=link, at=now(), **values),
        preview=lambda _values: [_("%(agent)s can no longer act for %(name)s.") % names],
        then=lambda _done: back,
        said=_("The link ended."),
        question=_("Should %(agent)s no longer act for %(name)s?") % names,
        button=_("End the link"),
        cancel_url=back,
        crumbs=person_crumbs(person, bundle.person.masked_name, _("Acting on behalf")),
        danger=True,
    )
