"""What a resident agreed to: the versioned texts, giving and taking back, and how it was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import policy
from lianxin.domain.people.commands.consents import give_consent, preview_withdrawal, withdraw_consent
from lianxin.domain.people.models import ConsentReceipt
from lianxin.domain.people.queries.consents import ConsentLine, list_consents
from lianxin.domain.people.queries.people import PersonBundle, find_for_editing, find_person
from lianxin.domain.people.rules.persons import needs_guardian
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.staff.acting import ActForm, answer_form, confirm_first
from lianxin.faces.staff.people.choices import chosen
from lianxin.faces.staff.people.gate import reading, writing
from lianxin.faces.staff.people.labels import CHECK_CHOICES, HOW_CHOICES, HOW_VIA
from lianxin.faces.staff.people.tabs import person_crumbs, person_tabs
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing


class AnswerForm(ActForm):
    """Who answered, how, and how the office knew who it was."""

    who = forms.ChoiceField(label=gettext_lazy("Who said so?"))
    how = chosen(gettext_lazy("How?"), HOW_CHOICES)
    identity_check = chosen(gettext_lazy("How was the identity checked?"), CHECK_CHOICES)

    def __init__(self, *args: Any, who: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = who  # type: ignore[attr-defined]

    def giver(self) -> dict[str, Any]:
        """Give who answered, as the commands ask for it."""
        by, _colon, pk = self.cleaned_data["who"].partition(":")
        return {"by": by, "by_person": UUID(pk) if pk else None, "how": self.cleaned_data["how"]}

    def acting(self, actor: Actor, person: UUID) -> Actor:
        """Give the member of staff as one who writes down what somebody said."""
        via = HOW_VIA[self.cleaned_data["how"]]
        return actor.acting_for(person, self.cleaned_data["identity_check"], via=via)


def _who(bundle: PersonBundle) -> list[tuple[str, str]]:
    """The person, and those who may answer for them; a child's answer is its guardian's."""
    child = needs_guardian(bundle.birth_on, local_day(now()))
    choices = [] if child else [("self", str(ConsentReceipt.By.SELF.label))]
    for link in bundle.proxies:
        if link.agent_person is None or not {"consent", "all"} & set(link.acts):
            continue
        by = "guardian" if link.kind == "guardian" else "proxy"
        if by == "guardian" or not child:
            choices.append((f"{by}:{link.agent_person}", f"{ConsentReceipt.By(by).label} {link.agent_name}"))
    return choices


def _open(request: HttpRequest, person: UUID, purpose: str) -> tuple[PersonBundle, ConsentLine]:
    actor, on = actor_of(request), local_day(now())
    bundle = find_person(actor=actor, person=person, on=on)
    for line in list_consents(actor=actor, person=person, on=on):
        if line.purpose == purpose:
            return bundle, line
    raise Missing


@reading
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """Show every purpose that rests on consent, with this person's answer."""
    actor, on = actor_of(request), local_day(now())
    bundle = find_person(actor=actor, person=person, on=on)
    by, how = dict(ConsentReceipt.By.choices), dict(ConsentReceipt.How.choices)
    lines = [
        (line, by.get(line.by, ""), how.get(line.how, "")) for line in list_consents(actor=actor, person=person, on=on)
    ]
    context = {
        "lines": lines,
        "person": person,
        "name": bundle.person.masked_name,
        "writes": policy.may_write_people(actor) and bundle.person.state == "living",
        "tabs": person_tabs("person_consents", person, actor),
        "crumbs": person_crumbs(person, bundle.person.masked_name, _("Consents")),
    }
    return render(request, "staff/people/consents.html", context)


@writing
def give(request: HttpRequest, person: UUID, purpose: str) -> HttpResponse:
    """Record that somebody agreed to the text that is shown."""
    bundle, line = _open(request, person, purpose)
    who = _who(bundle)
    form = AnswerForm(request.POST or None, who=who)
    name = bundle.person.masked_name
    back = reverse("staff:person_consents", args=[person])
    guardian = reverse("staff:proxy_new", args=[person])

    def do(values: dict[str, Any]) -> ConsentReceipt:
        acting = form.acting(actor_of(request), person)
        return give_consent(actor=acting, person=person, purpose=purpose, at=now(), key=values["key"], **form.giver())

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _receipt: back,
        said=_("The consent was recorded."),
        template="staff/people/consent_give.html",
        line=line,
        nobody=not who,
        guardian_url=guardian,
        title=_("Consent of %(name)s: %(title)s") % {"name": name, "title": line.title},
        button=_("Record the consent"),
        cancel_url=back,
        crumbs=person_crumbs(person, name, _("Consents")),
    )


@writing
def withdraw(request: HttpRequest, person: UUID, purpose: str) -> HttpResponse:
    """Record that somebody took a consent back; what ends with it is told first."""
    bundle, line = _open(request, person, purpose)
    form = AnswerForm(request.POST or None, who=_who(bundle))
    name = bundle.person.masked_name
    back = reverse("staff:person_consents", args=[person])
    row = find_for_editing(actor=actor_of(request), person=person)

    def do(values: dict[str, Any]) -> int:
        acting = form.acting(actor_of(request), person)
        return withdraw_consent(
            actor=acting, person=person, purpose=purpose, at=now(), key=values["key"], **form.giver()
        )

    return confirm_first(
        request,
        form,
        do=do,
        preview=lambda _values: preview_withdrawal(person=row, purpose=purpose),
        then=lambda _count: back,
        said=_("The consent was taken back."),
        question=_("Does %(name)s take back the consent?") % {"name": name},
        text=line.title,
        button=_("Take back the consent"),
        cancel_url=back,
        crumbs=person_crumbs(person, name, _("Consents")),
    )
