"""Changes of an organisation beside its entry: which communities work with it, its state, two entries made one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.organisations import (
    link_organisation,
    merge_organisations,
    preview_merge_organisations,
    set_organisation_state,
    unlink_organisation,
)
from lianxin.domain.people.models import Organisation
from lianxin.domain.people.queries.organisations import find_organisation, list_organisations
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.staff.acting import ActForm, answer_form, confirm_first
from lianxin.faces.staff.people.gate import button_for, form_for
from lianxin.faces.staff.people.tabs import organisation_crumbs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid, Missing

button = button_for(policy.may_write_organisations)
writing = form_for(policy.may_write_organisations)
merging = form_for(lambda actor: policy.may_write_organisations(actor) and actor.communities is None)


def _community(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("community", ""))
    except ValueError:
        raise Invalid(_("Choose a community.")) from None


@button
def link(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Note that a community works with an organisation."""
    actor = actor_of(request)
    find_organisation(actor=actor, organisation=organisation)
    return press(
        request,
        do=lambda: link_organisation(
            actor=actor, organisation=organisation, community=_community(request), at=now(), key=key_of(request)
        ),
        back=reverse("staff:organisation", args=[organisation]),
        said=_("The community was linked."),
    )


@button
def unlink(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Note that a community no longer works with an organisation."""
    actor = actor_of(request)
    find_organisation(actor=actor, organisation=organisation)
    community = _community(request)
    if not actor.covers(community):
        raise Missing
    return press(
        request,
        do=lambda: unlink_organisation(
            actor=actor, organisation=organisation, community=community, at=now(), key=key_of(request)
        ),
        back=reverse("staff:organisations"),
        said=_("The community no longer works with the organisation."),
    )


class StateForm(ActForm):
    """The new state, and why."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[choice for choice in Organisation.State.choices if choice[0] != "merged"],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


@writing
def set_state(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Pause, close or reopen an organisation."""
    actor = actor_of(request)
    row = find_organisation(actor=actor, organisation=organisation).organisation
    return answer_form(
        request,
        StateForm(request.POST or None, initial={"state": row.state}),
        do=lambda values: set_organisation_state(actor=actor, organisation=organisation, at=now(), **values),
        then=lambda _saved: reverse("staff:organisation", args=[organisation]),
        said=_("Saved."),
        title=_("Pause, close or reopen %(name)s") % {"name": row.name},
        button=_("Save"),
        cancel_url=reverse("staff:organisation", args=[organisation]),
        crumbs=organisation_crumbs(organisation, row.name, _("State")),
    )


class MergeForm(ActForm):
    """The entry that stays."""

    name = forms.CharField(
        label=gettext_lazy("Name or credit code of the entry that stays"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, actor: Actor, organisation: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.organisation = actor, organisation
        self.into: UUID | None = None

    def clean_name(self) -> str:
        """Find the one entry that is meant."""
        text = str(self.cleaned_data["name"]).strip()
        found = [row for row in list_organisations(actor=self.actor, query=text).rows if row.id != self.organisation]
        exact = [row for row in found if text in (row.name, row.uscc)]
        meant = exact if len(exact) == 1 else found
        if len(meant) != 1:
            words = (
                _("Several entries are called so. Enter the credit code.") if found else _("No other entry is found.")
            )
            raise forms.ValidationError(words)
        self.into = meant[0].id
        return text


@merging
def merge(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Make two entries of one organisation one."""
    actor = actor_of(request)
    row = find_organisation(actor=actor, organisation=organisation).organisation
    form = MergeForm(request.POST or None, actor=actor, organisation=organisation)

    def into() -> UUID:
        assert form.into is not None
        return form.into

    return confirm_first(
        request,
        form,
        do=lambda values: merge_organisations(
            actor=actor, merged=organisation, into=into(), at=now(), key=values["key"]
        ),
        preview=lambda _values: preview_merge_organisations(actor=actor, merged=organisation, into=into()),
        then=lambda kept: reverse("staff:organisation", args=[kept.pk]),
        said=_("The two entries are one now."),
        question=_("Which entry takes over %(name)s?") % {"name": row.name},
        button=_("Merge"),
        cancel_url=reverse("staff:organisation", args=[organisation]),
        crumbs=organisation_crumbs(organisation, row.name, _("Merge")),
        danger=True,
    )
