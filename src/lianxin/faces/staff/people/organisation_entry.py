"""Entering an organisation, and changing what is on record about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.organisations import edit_organisation, register_organisation
from lianxin.domain.people.models import Organisation, OrganisationRole
from lianxin.domain.people.queries.organisations import OrganisationBundle, find_organisation
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.staff.acting import VersionedForm, answer_form, day_field, long_text
from lianxin.faces.staff.people.choices import community_field
from lianxin.faces.staff.people.gate import form_for
from lianxin.faces.staff.people.tabs import organisation_crumbs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now

writing = form_for(policy.may_write_organisations)


class OrganisationForm(VersionedForm):
    """What is on record about an organisation."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What is it?"),
        choices=OrganisationRole.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("The 18 characters on the licence; groups without one leave it empty."),
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact person"), max_length=80, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone of the contact person"), max_length=24, required=False)
    address = forms.CharField(label=pgettext_lazy("places", "Address"), max_length=200, required=False)
    agreement_from = day_field(gettext_lazy("Agreement from"), required=False)
    agreement_until = day_field(gettext_lazy("Agreement until"), required=False)
    aliases = long_text(gettext_lazy("Other names, one a line"), most=600)

    def entered(self) -> dict[str, Any]:
        """Give what was entered, as the commands ask for it."""
        return self.cleaned_data | {"aliases": self.cleaned_data["aliases"].splitlines()}


class NewOrganisationForm(OrganisationForm):
    """A new organisation and the community that works with it."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = community_field(actor)
        del self.fields["version"]
        self.order_fields(["name", "roles", "uscc", "community"])


@writing
def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    actor = actor_of(request)
    form = NewOrganisationForm(request.POST or None, actor=actor)

    def do(_values: dict[str, Any]) -> Organisation:
        entered = form.entered()
        community = UUID(entered.pop("community"))
        return register_organisation(actor=actor, communities=[community], at=now(), **entered)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda made: reverse("staff:organisation", args=[made.pk]),
        said=_("The organisation was registered."),
        title=_("New organisation"),
        button=_("Register"),
        cancel_url=reverse("staff:organisations"),
        crumbs=[(pgettext("list", "Organisations"), reverse("staff:organisations")), (_("New organisation"), "")],
    )


def _plain(bundle: OrganisationBundle) -> dict[str, Any]:
    row = bundle.organisation
    return {
        "name": row.name,
        "roles": row.roles,
        "uscc": row.uscc,
        "contact_name": bundle.contact_name,
        "address": row.address,
        "agreement_from": bundle.agreement_from,
        "agreement_until": row.agreement_until,
        "aliases": "\n".join(bundle.aliases),
        "version": row.version,
    }


@writing
def edit(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Change an organisation; a phone left empty stays as it is."""
    actor = actor_of(request)
    bundle = find_organisation(actor=actor, organisation=organisation)
    form = OrganisationForm(request.POST or None, initial=_plain(bundle))
    if bundle.organisation.has_phone:
        form.fields["phone"].help_text = _("On record: %(masked)s. Leave it empty to keep it.") % {
            "masked": bundle.organisation.masked_phone
        }

    def do(_values: dict[str, Any]) -> Organisation:
        entered = form.entered()
        entered["phone"] = entered["phone"].strip() or None
        return edit_organisation(actor=actor, organisation=organisation, at=now(), **entered)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _saved: reverse("staff:organisation", args=[organisation]),
        said=_("Saved."),
        fresh=lambda: _plain(find_organisation(actor=actor, organisation=organisation)),
        title=_("Edit %(name)s") % {"name": bundle.organisation.name},
        button=_("Save"),
        cancel_url=reverse("staff:organisation", args=[organisation]),
        crumbs=organisation_crumbs(organisation, bundle.organisation.name, _("Edit")),
    )
