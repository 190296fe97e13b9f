"""Signing somebody up at the desk or by phone: a resident who was found, or a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.activities.commands.sign_ups import sign_up
from lianxin.domain.activities.models import SignUp
from lianxin.domain.activities.queries.public import list_questions
from lianxin.domain.activities.rules.eligibility import ANSWER_LONGEST, NAME_LONGEST, NOTE_LONGEST, Somebody
from lianxin.domain.people.queries.people import PersonRow, list_chosen, list_people
from lianxin.faces.kit.tables import Column
from lianxin.platform.clock import local_day

from ..acting import ActForm, answer_form
from ..points.lists import Cell, Page, Row, answer_list, cells
from .desk import OccurrenceDesk, occurrence_desk
from .gate import planning

How = SignUp.How
WAYS = [(How.PHONE.value, gettext_lazy("called by phone")), (How.STAFF.value, gettext_lazy("came to the desk"))]
FOUND = 30
ALONG_MOST = 5
COLUMNS = (
    Column(gettext_lazy("Name")),
    Column(gettext_lazy("Age"), numeric=True),
    Column(gettext_lazy("Phone")),
    Column(gettext_lazy("Address")),
)


class WhoFilter(forms.Form):
    """What is known of somebody."""

    q = forms.CharField(label=gettext_lazy("Name, phone or ID number of a resident"), max_length=80, required=False)


class DeskForm(ActForm):
    """How somebody came, and who comes along."""

    how = forms.ChoiceField(label=gettext_lazy("How did they sign up?"), choices=WAYS, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LONGEST)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Without one the program asks you to call before the day."),
    )

    def __init__(self, *args: Any, person: PersonRow | None, limits: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.questions = person, list(questions)
        self.fields["how"].initial = How.PHONE.value
        if person is not None:
            del self.fields["name"], self.fields["phone"]
        if limits:
            choices = [("", _("by age, or none")), *((str(limit.pk), limit.name) for limit in limits)]
            label = pgettext("sign-up", "Kind of place")
            self.fields["limit"] = forms.ChoiceField(label=label, choices=choices, required=False)
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = forms.CharField(
                label=question.text,
                max_length=ANSWER_LONGEST,
                required=False,
                help_text=" / ".join(question.choices) or {"yes_no": "yes / no"}.get(question.kind, ""),
            )
        self.fields["along"] = forms.CharField(
            label=_("Who comes along"),
            required=False,
            max_length=200,
            help_text=_("Names with commas between."),
        )
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=NOTE_LONGEST, required=False)

    def people(self) -> list[Somebody]:
        """Give the party."""
        data = self.cleaned_data
        limit = UUID(data["limit"]) if data.get("limit") else None
        answers = {one.pk: data[f"question_{one.pk}"] for one in self.questions if data[f"question_{one.pk}"]}
        said: dict[str, Any] = {"limit": limit, "answers": answers, "note": data["note"]}
        if self.person is not None:
            first = Somebody(person=self.person.id, **said)
        else:
            first = Somebody(name=data["name"], phone=data["phone"], **said)
        names = [
            name.strip() for name in data["along"].replace("，", ",").replace("、", ",").split(",") if name.strip()
        ]
        phone = "" if self.person is not None else data["phone"]
        return [first, *(Somebody(name=name, phone=phone, **said) for name in names[:ALONG_MOST])]


@planning
def new(request: HttpRequest, occurrence: UUID) -> HttpResponse:
    """Find a resident, or write a name down, and sign them up."""
    desk = occurrence_desk(request, occurrence)
    person = _chosen(request, desk)
    if person is None and request.GET.get("who") != "guest":
        return _ask_who(request, desk)
    form = DeskForm(
        request.POST or None,
        person=person,
        limits=desk.row.limits.all(),
        questions=list_questions(activity=desk.row.activity_id),
    )
    return answer_form(
        request,
        form,
        do=lambda data: sign_up(
            actor=desk.actor, occurrence=occurrence, people=form.people(), how=data["how"], at=desk.at, key=data["key"]
        ),
        then=lambda _made: desk.url("sign_ups"),
        said=_told,
        title=_("Sign somebody up"),
        lead=f"{desk.title} · {desk.when}",
        lines=[f"{person.masked_name} {person.masked_phone} {person.masked_address}"] if person else [],
        button=_("Sign up"),
        cancel_url=desk.url("sign_ups"),
        crumbs=_crumbs(desk),
    )


def _told(made: list[SignUp]) -> str:
    first = made[0]
    if first.state == SignUp.State.CONFIRMED:
        return _("Signed up. The code is %(code)s.") % {"code": first.code}
    if first.state == SignUp.State.IN_DRAW:
        return _("Signed up for the draw.")
    return _("No place is free: they are on the waiting list now.")


def _chosen(request: HttpRequest, desk: OccurrenceDesk) -> PersonRow | None:
    try:
        person = UUID(request.GET.get("person", ""))
    except ValueError:
        return None
    rows = list_chosen(actor=desk.actor, on=local_day(desk.at), people=[person])
    return rows[0] if rows else None


def _ask_who(request: HttpRequest, desk: OccurrenceDesk) -> HttpResponse:
    typed = request.GET.get("q", "").strip()[:80]

    def fetch(_after: str) -> Page:
        if not typed:
            return [], ""
        found = list_people(actor=desk.actor, on=local_day(desk.at), query=typed, limit=FOUND)
        return [
            Row(
                cells(
                    Cell(row.masked_name, url=f"{request.path}?person={row.id}"),
                    row.age,
                    row.masked_phone,
                    row.masked_address,
                ),
                pk=row.id,
            )
            for row in found.rows
        ], ""

    guest = f"{request.path}?who=guest"
    context = {
        "title": _("Whom do you sign up?"),
        "lead": f"{desk.title} · {desk.when}",
        "form": WhoFilter(request.GET),
        "buttons": [(guest, _("Somebody who is not on the register"))],
        "crumbs": _crumbs(desk),
        "empty_title": _("Nobody was found.") if typed else _("Who is it?"),
        "empty_text": _("Sign them up by name and phone instead.")
        if typed
        else _("Type a name, a phone number or an ID number above."),
    }
    return answer_list(request, columns=COLUMNS, fetch=fetch, context=context)


def _crumbs(desk: OccurrenceDesk) -> list[tuple[Any, str]]:
    back = reverse("staff:sign_ups", kwargs={"occurrence": desk.row.pk})
    return desk.crumbs((_("Sign-ups"), back), (_("Sign somebody up"), ""))
