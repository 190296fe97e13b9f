"""The forms of surveys: a workbook, what is said of it, how many answers are wanted, which answers are needs."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.needs.commands.surveys import SurveyContent
from lianxin.domain.needs.models import Survey, SurveyQuota, SurveyVersion
from lianxin.domain.needs.queries.survey_results import form_questions
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.surveys import QuotaCell
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import list_communities_below, list_divisions
from lianxin.engines.xforms import Form
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_moment
from lianxin.platform.errors import Invalid

from ..acting import ActForm, VersionedForm, day_field, long_text
from ..choices import CHOOSE, Choices

EVERYWHERE = gettext_lazy("everywhere")
_LINE = re.compile(r"^(?P<place>\S+)\s+(?P<low>\d{1,3})\s*(?:[-~～–至到]\s*(?P<high>\d{1,3})?)\s+(?P<wanted>\d{1,7})$")
ROLE_LABELS: dict[str, Any] = {
    rules.NEED: gettext_lazy("In these questions people say what they need"),
    rules.PEOPLE: gettext_lazy("How many people need it"),
    rules.CATEGORY: gettext_lazy("Its category, where the choices carry our codes"),
    rules.AGE: gettext_lazy("How old they are (for quotas and comparisons)"),
    rules.NAME: gettext_lazy("What they are called"),
    rules.PHONE: gettext_lazy("The phone number on which they want the answer"),
}


class WorkbookForm(ActForm):
    """A workbook."""

    workbook = forms.FileField(
        label=gettext_lazy("The workbook"),
        required=False,
        help_text=gettext_lazy("XLSForm, as an .xlsx file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def taken(self) -> tuple[bytes, str]:
        """Give the file that came and its name."""
        upload = self.cleaned_data.get("workbook")
        if upload is None:
            raise Invalid(fields={"workbook": [_("Choose a workbook.")]})
        if upload.size > 10 * 1024 * 1024:
            raise Invalid(fields={"workbook": [_("The workbook is larger than 10 MB: it cannot be a questionnaire.")]})
        return upload.read(), upload.name or "survey.xlsx"


class NewForm(WorkbookForm):
    """Who asks, and with which workbook."""

    community = forms.ChoiceField(label=pgettext_lazy("survey", "Who asks"))
    title = forms.CharField(
        label=pgettext_lazy("survey", "Name of the survey"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Left empty: as the workbook says."),
    )
    use_ours = forms.BooleanField(
        label=gettext_lazy("Begin with our questionnaire"),
        required=False,
        help_text=gettext_lazy("Fifteen questions for a household, three minutes. You can change them later."),
    )
    field_order = ("key", "community", "title", "workbook", "use_ours")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        choices = askers(actor)
        flat = [one for _name, group in choices for one in group]
        if len(flat) == 1:
            fields["community"] = forms.ChoiceField(choices=flat, widget=forms.HiddenInput, initial=flat[0][0])
        else:
            fields["community"].choices = [("", CHOOSE), *choices]
        self.order_fields(self.field_order)


class ContentForm(VersionedForm):
    """What is said of a survey beside its questions."""

    title = forms.CharField(label=pgettext_lazy("survey", "Name of the survey"), max_length=80)
    purpose = long_text(
        pgettext_lazy("survey", "What it is for"),
        most=200,
        rows=2,
        help_text=gettext_lazy("Stands above the questions: why you ask, and what becomes of the answers."),
    )
    asked_by = forms.ChoiceField(label=gettext_lazy("Who answers"), choices=Survey.AskedBy.choices)
    opens_on = day_field(pgettext_lazy("survey", "Open from"), required=False)
    closes_on = day_field(
        pgettext_lazy("survey", "Open until"), required=False, help_text=gettext_lazy("This day is the last one.")
    )
    one_per_person = forms.BooleanField(
        label=gettext_lazy("Each person answers once"),
        required=False,
        help_text=gettext_lazy("On the page they log in for it."),
    )
    communities = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these communities"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, row: Survey, chosen: list[tuple[UUID, str]], **kwargs: Any) -> None:
        self.row = row
        initial = {
            "title": row.title,
            "purpose": row.purpose,
            "asked_by": row.asked_by,
            "opens_on": row.opens_at.astimezone(LOCAL).date() if row.opens_at else None,
            "closes_on": _last_day(row.closes_at),
            "one_per_person": row.one_per_person,
            "communities": [str(pk) for pk, _name in chosen],
            "version": row.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        if row.community.level == Level.COMMUNITY:
            del fields["communities"]
        else:
            below = set(list_communities_below(row.community_id))
            rows = [one for one in list_divisions(level=Level.COMMUNITY) if one.pk in below]
            fields["communities"].choices = [(str(one.pk), one.short_name) for one in rows]

    def content(self) -> SurveyContent:
        """Give what was entered as the command wants it."""
        entered, row = self.cleaned_data, self.row
        opens = row.opens_at
        if entered["opens_on"] != self.initial["opens_on"]:
            opens = _beginning(entered["opens_on"])
        closes = row.closes_at
        if entered["closes_on"] != self.initial["closes_on"]:
            closes = _beginning(entered["closes_on"] + timedelta(days=1)) if entered["closes_on"] else None
        return SurveyContent(
            title=entered["title"],
            purpose=entered["purpose"],
            asked_by=entered["asked_by"],
            opens_at=opens,
            closes_at=closes,
            one_per_person=entered["one_per_person"],
            communities=tuple(UUID(one) for one in entered.get("communities", [])),
        )


class QuotaForm(ActForm):
    """How many answers are wanted from whom: a line for each community and age band."""

    cells = long_text(
        gettext_lazy("How many answers are wanted"),
        most=20_000,
        rows=8,
        help_text=gettext_lazy(
            "A line each: community, ages, number. “everywhere 60-79 30” stands for each community."
        ),
    )
    is_limit = forms.BooleanField(
        label=gettext_lazy("Count no more than that"),
        required=False,
        help_text=gettext_lazy("Further answers are kept and thanked for, and count no more."),
    )

    def __init__(self, *args: Any, rows: list[SurveyQuota], communities: list[tuple[UUID, str]], **kwargs: Any) -> None:
        self.communities = communities
        lines = [f"{row.community.short_name} {row.min_age}-{row.max_age} {row.wanted}" for row in rows]
        initial = {"cells": "\n".join(lines), "is_limit": any(row.is_limit for row in rows)}
        super().__init__(*args, initial=initial, **kwargs)

    def read(self) -> list[QuotaCell]:
        """Give the quotas that were written; raises Invalid with a sentence for each line."""
        found, wrong = [], []
        named = {name: pk for pk, name in self.communities}
        text = unicodedata.normalize("NFKC", self.cleaned_data["cells"])
        for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
            read = _LINE.match(line)
            places = self._places(read["place"], named) if read else []
            if read is None:
                wrong.append(_("Line %(number)d: write it like “翠英 60-79 30”.") % {"number": number})
            elif not places:
                wrong.append(
                    _("Line %(number)d: “%(name)s” is none of the communities of this survey.")
                    % {"number": number, "name": read["place"][:30]}
                )
            else:
                high = int(read["high"] or rules.OLDEST)
                wanted, low = int(read["wanted"]), int(read["low"])
                is_limit = self.cleaned_data["is_limit"]
                found += [QuotaCell(pk, wanted, low, high, is_limit) for pk in places]
        if wrong:
            raise Invalid(fields={"cells": wrong[:20]})
        return found

    def _places(self, name: str, named: dict[str, UUID]) -> list[UUID]:
        if name in (str(EVERYWHERE), "everywhere", "每个社区"):
            return list(named.values())
        return [named[name]] if name in named else []


class MappingForm(ActForm):
    """Which answers become needs, and which tell who speaks."""

    def __init__(self, *args: Any, version: SurveyVersion, **kwargs: Any) -> None:
        form = Form.from_json(version.form)
        initial = {role: rules.paths_of(version.mapping, role) for role in rules.ROLES}
        plain = {role: (paths if role == rules.NEED else "".join(paths[:1])) for role, paths in initial.items()}
        super().__init__(*args, initial=plain, **kwargs)
        labels = {question.path: question.label for question in form_questions(form)}
        for role in rules.ROLES:
            choices = [
                (path, labels.get(path, node.name))
                for number, node in enumerate(form.nodes)
                if node.kind == "leaf" and not node.preload and rules.fits(node, role) and (path := form.path(number))
                if "/meta/" not in path
            ]
            self.fields[role] = (
                forms.MultipleChoiceField(
                    label=ROLE_LABELS[role], required=False, choices=choices, widget=forms.CheckboxSelectMultiple
                )
                if role == rules.NEED
                else forms.ChoiceField(
                    label=ROLE_LABELS[role], required=False, choices=[("", _("none of them")), *choices]
                )
            )

    def mapping(self) -> dict[str, str | list[str]]:
        """Give what was chosen as the command wants it."""
        chosen = {role: self.cleaned_data[role] for role in rules.ROLES if self.cleaned_data.get(role)}
        needs = chosen.get(rules.NEED)
        if needs and len(needs) == 1:
            chosen[rules.NEED] = needs[0]
        return chosen


def askers(actor: Actor) -> Choices:
    """Give the divisions for which an office may ask, communities under their subdistricts."""
    found: dict[str, Choices] = {}
    offices: Choices = []
    for row in list_divisions(level=Level.COMMUNITY):
        if actor.covers(row.pk):
            found.setdefault(row.parent.short_name if row.parent else "", []).append((str(row.pk), row.short_name))
    for level in (Level.DISTRICT, Level.SUBDISTRICT):
        for row in list_divisions(level=level):
            below = list_communities_below(row.pk)
            if len(below) > 1 and all(actor.covers(one) for one in below):
                offices.append((str(row.pk), row.short_name))
    return [*([(_("Offices"), offices)] if offices else []), *found.items()]


def _beginning(day: date | None) -> datetime | None:
    return None if day is None else local_moment(day, time.min)


def _last_day(closes_at: datetime | None) -> date | None:
    return None if closes_at is None else (closes_at - timedelta(microseconds=1)).astimezone(LOCAL).date()
