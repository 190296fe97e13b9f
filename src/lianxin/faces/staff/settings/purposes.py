"""The purpose register and the texts that people are asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.consents import publish_consent_text, set_purpose
from lianxin.domain.people.models import Purpose
from lianxin.domain.people.queries import consents
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock

from .. import sheets
from ..acting import ActForm, answer_form, day_field, long_text
from .gate import form_page, is_office_or_administrator, reading
from .words import crumbs

LANGUAGES = (("zh-hans", "简体中文"), ("en", "English"))


DATA: dict[str, Any] = {
    "identity": pgettext_lazy("data", "who somebody is"),
    "contact": pgettext_lazy("data", "phone and address"),
    "household": pgettext_lazy("data", "household"),
    "card": pgettext_lazy("data", "resident card"),
    "vulnerability": pgettext_lazy("data", "care notes"),
    "proxy": pgettext_lazy("data", "acting on behalf"),
    "picture": pgettext_lazy("data", "picture"),
    "account": pgettext_lazy("data", "login"),
    "organisation_contact": pgettext_lazy("data", "contact of an organisation"),
}


def _data_words(groups: list[str]) -> list[str]:
    return [str(DATA.get(group, group)) for group in groups]


def _data_groups(text: str) -> list[str]:
    codes = {str(word): code for code, word in DATA.items()}
    return [codes.get(word, word) for word in _words(text)]


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]


@reading(is_office_or_administrator)
def show(request: HttpRequest) -> HttpResponse:
    """Show the register."""
    rows = [
        (purpose, _(", ").join(_data_words(purpose.field_groups)), _(", ").join(purpose.shared_with))
        for purpose in consents.list_purposes()
    ]
    return render(
        request,
        "staff/settings/purposes.html",
        {
            "rows": rows,
            "new_url": reverse("staff:purpose_new") if policy.may_publish_purposes(actor_of(request)) else "",
            "crumbs": crumbs((_("Purposes and consent"), "")),
        },
    )


HEADINGS = (
    gettext_lazy("Purpose"),
    gettext_lazy("Legal basis"),
    gettext_lazy("Where it is written"),
    gettext_lazy("Which data"),
    gettext_lazy("Kept, days"),
    gettext_lazy("Shared with"),
    gettext_lazy("Sensitive"),
)


def _lines() -> list[list[Any]]:
    return [
        [
            row.title,
            row.get_basis_display(),
            row.basis_text,
            _(", ").join(_data_words(row.field_groups)),
            row.retention_days,
            _(", ").join(row.shared_with),
            _("yes") if row.sensitive else "",
        ]
        for row in consents.list_purposes()
    ]


@reading(is_office_or_administrator)
def export(request: HttpRequest) -> HttpResponse:
    """Give the register as XLSX."""
    return sheets.workbook(title=_("Purposes and consent"), headings=HEADINGS, rows=_lines())


@reading(is_office_or_administrator)
def print_list(request: HttpRequest) -> HttpResponse:
    """Give the register as a sheet of paper, to be put up."""
    title = _("Purposes and consent")
    return sheets.paper(request, title=title, headings=HEADINGS, rows=_lines(), back_url=reverse("staff:purposes"))


@reading(is_office_or_administrator)
def purpose(request: HttpRequest, code: str) -> HttpResponse:
    """Show one purpose with all versions of its text."""
    found = consents.find_purpose(code)
    may_edit = policy.may_publish_purposes(actor_of(request))
    languages = dict(LANGUAGES)
    facts = [
        (_("Legal basis"), found.get_basis_display()),
        (_("Where it is written"), found.basis_text or "—"),
        (_("Which data"), _(", ").join(_data_words(found.field_groups))),
        (_("Kept, days"), found.retention_days),
        (_("Shared with"), _(", ").join(found.shared_with) or _("nobody")),
        (_("Sensitive"), _("yes") if found.sensitive else _("no")),
        (_("Impact assessed on"), found.assessed_on or "—"),
        (_("Version"), found.version),
    ]
    return render(
        request,
        "staff/settings/purpose.html",
        {
            "purpose": found,
            "texts": [
                (text, languages.get(text.language, text.language)) for text in consents.list_texts(purpose=code)
            ],
            "may_edit": may_edit,
            "asks_consent": found.basis == Purpose.Basis.CONSENT,
            "facts": facts,
            "crumbs": crumbs((_("Purposes and consent"), reverse("staff:purposes")), (found.title, "")),
        },
    )


class PurposeForm(ActForm):
    """One entry of the register."""

    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("Small letters, digits, - and _")
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    basis = forms.ChoiceField(
        label=gettext_lazy("Legal basis"), choices=Purpose.Basis.choices, widget=forms.RadioSelect
    )
    basis_text = forms.CharField(label=gettext_lazy("Where it is written"), max_length=200, required=False)
    field_groups = forms.CharField(
        label=gettext_lazy("Which data"), max_length=400, help_text=gettext_lazy("Separated by commas")
    )
    retention_days = forms.IntegerField(label=gettext_lazy("Kept, days"), min_value=1, max_value=36500)
    shared_with = forms.CharField(
        label=gettext_lazy("Shared with"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Separated by commas; empty when nobody gets it"),
    )
    sensitive = forms.BooleanField(label=gettext_lazy("Sensitive personal data"), required=False)
    assessed_on = day_field(
        gettext_lazy("Impact assessed on"),
        required=False,
        help_text=gettext_lazy("Needed for sensitive data before anything is kept"),
    )


def _save(request: HttpRequest, wanted: dict[str, Any]) -> Purpose:
    return set_purpose(
        actor=actor_of(request),
        code=wanted["code"],
        title=wanted["title"],
        basis=wanted["basis"],
        basis_text=wanted["basis_text"],
        field_groups=_data_groups(wanted["field_groups"]),
        retention_days=wanted["retention_days"],
        shared_with=_words(wanted["shared_with"]),
        sensitive=wanted["sensitive"],
        assessed_on=wanted["assessed_on"],
        at=clock.now(),
        key=wanted["key"],
    )


@form_page(policy.may_publish_purposes)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a purpose."""
    back = reverse("staff:purposes")
    return answer_form(
        request,
        PurposeForm(request.POST or None),
        do=lambda wanted: _save(request, wanted),
        then=lambda row: reverse("staff:purpose", kwargs={"code": row.code}),
        said=_("The purpose is in the register."),
        title=_("New purpose"),
        button=_("Enter"),
        cancel_url=back,
        crumbs=crumbs((_("Purposes and consent"), back), (_("New purpose"), "")),
    )


@form_page(policy.may_publish_purposes)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a purpose; its code stays."""
    found = consents.find_purpose(code)
    own = reverse("staff:purpose", kwargs={"code": code})
    initial = {
        "code": found.code,
        "title": found.title,
        "basis": found.basis,
        "basis_text": found.basis_text,
        "field_groups": ", ".join(_data_words(found.field_groups)),
        "retention_days": found.retention_days,
        "shared_with": ", ".join(found.shared_with),
        "sensitive": found.sensitive,
        "assessed_on": found.assessed_on,
    }
    form = PurposeForm(request.POST or None, initial=initial)
    form.fields["code"].disabled = True
    return answer_form(
        request,
        form,
        do=lambda wanted: _save(request, wanted),
        then=lambda _row: own,
        said=_("Saved."),
        title=_("Change the purpose"),
        button=_("Save"),
        cancel_url=own,
        crumbs=crumbs((_("Purposes and consent"), reverse("staff:purposes")), (found.title, own), (_("Change"), "")),
    )


class TextForm(ActForm):
    """The next version of what people are asked."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    version = forms.IntegerField(label=gettext_lazy("Version"), min_value=1)
    valid_from = day_field(gettext_lazy("Valid from"))
    text = long_text(
        gettext_lazy("Text"),
        most=10_000,
        rows=12,
        required=True,
        help_text=gettext_lazy("A published text never changes; only the next version can follow it."),
    )


@form_page(policy.may_publish_purposes)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Publish the next version of a text."""
    found = consents.find_purpose(code)
    own = reverse("staff:purpose", kwargs={"code": code})
    language = request.GET.get("language", "zh-hans")
    texts = [text for text in consents.list_texts(purpose=code) if text.language == language]
    initial = {
        "language": language,
        "version": texts[0].version + 1 if texts else 1,
        "valid_from": clock.local_day(clock.now()),
        "text": texts[0].text if texts else "",
    }
    return answer_form(
        request,
        TextForm(request.POST or None, initial=initial),
        do=lambda wanted: publish_consent_text(
            actor=actor_of(request),
            purpose=code,
            version=wanted["version"],
            text=wanted["text"],
            valid_from=wanted["valid_from"],
            language=wanted["language"],
            at=clock.now(),
            key=wanted["key"],
        ),
        then=lambda _row: own,
        said=_("Published. From its first day on, people are asked this."),
        title=_("Publish a text"),
        lead=found.title,
        button=_("Publish"),
        cancel_url=own,
        crumbs=crumbs((_("Purposes and consent"), reverse("staff:purposes")), (found.title, own), (_("Text"), "")),
    )
