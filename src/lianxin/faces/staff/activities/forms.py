"""What an activity is entered with: what it says of itself, and what each of its dates starts with."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Activity, ActivityOrganiser, Occurrence
from lianxin.domain.activities.rules import lines
from lianxin.domain.activities.rules.contents import MOST_POSTER_TEXT, Content
from lianxin.domain.activities.rules.plans import Plan
from lianxin.domain.people.queries.organisations import list_organisations
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries import divisions
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.places.queries.venues import list_usable_rooms
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing

from ..acting import ActForm, VersionedForm, long_text
from .listing import communities_of, venues_of

Role = ActivityOrganiser.Role
MOST_ORGANISATIONS = 200
ACTS = [("", gettext_lazy("none")), ("attend-activity", gettext_lazy("for taking part, by the community's rules"))]


def whole(label: Any, *, least: int = 0, most: int = 20_000, help_text: Any = "") -> forms.IntegerField:
    """Make a field for a whole number that may be left out."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"min": least, "inputmode": "numeric"}),
    )


class ContentFields(VersionedForm):
    """What an activity says of itself."""

    GROUPS = (
        (gettext_lazy("What it is"), ("community", "category", "title", "summary", "poster_text")),
        (
            pgettext_lazy("activity", "For whom"),
            ("open_to", "min_age", "max_age", "audience_note", "bring_note", "cost_note"),
        ),
        (
            gettext_lazy("Who holds it"),
            ("held_by", "helped_by", "partners", "contact_name", "contact_phone", "is_volunteering", "act_kind"),
        ),
    )
    community = forms.ChoiceField(label=gettext_lazy("Community"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    summary = forms.CharField(
        label=gettext_lazy("In one sentence"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Shown on lists and in the group."),
    )
    poster_text = long_text(
        gettext_lazy("Text of the poster"),
        most=MOST_POSTER_TEXT,
        rows=5,
        help_text=gettext_lazy("Short lines are read from afar. Time and place are added by themselves."),
    )
    # Stands in a folded part: what is not looked at must shut nobody out.
    open_to = forms.ChoiceField(
        label=gettext_lazy("Open to"),
        choices=Activity.OpenTo.choices,
        required=False,
        initial=Activity.OpenTo.EVERYBODY,
    )
    min_age = whole(gettext_lazy("Age from"), most=120)
    max_age = whole(gettext_lazy("Age to"), most=120)
    audience_note = forms.CharField(
        label=gettext_lazy("More about for whom"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: with hearing aids, new parents."),
    )
    bring_note = forms.CharField(label=gettext_lazy("What to bring"), max_length=120, required=False)
    cost_note = forms.CharField(
        label=gettext_lazy("Cost"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: it costs nothing."),
    )
    held_by = forms.ChoiceField(
        label=gettext_lazy("Held by"), required=False, help_text=gettext_lazy("Empty: the community itself.")
    )
    helped_by = forms.MultipleChoiceField(label=gettext_lazy("Who helps"), required=False)
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("Communities that join in"),
        required=False,
        help_text=gettext_lazy("Their residents find it among their own activities."),
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=40, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Phone of the contact"), max_length=30, required=False)
    is_volunteering = forms.BooleanField(
        label=gettext_lazy("It is voluntary service"),
        required=False,
        help_text=gettext_lazy("Its dates and those who come count as voluntary service too."),
    )
    act_kind = forms.ChoiceField(label=gettext_lazy("Points"), choices=ACTS, required=False)

    def __init__(self, *args: Any, actor: Actor, row: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.row = actor, row
        fields: dict[str, Any] = self.fields
        communities = communities_of(actor)
        fields["community"].choices = communities
        self.only = UUID(communities[0][0]) if communities else None
        if row is not None or len(communities) < 2:
            del fields["community"]
        fields["category"].choices = [("", _("Please choose")), *category_choices()]
        firms = [(str(one.id), one.name) for one in list_organisations(actor=actor, limit=MOST_ORGANISATIONS).rows]
        fields["held_by"].choices = [("", _("the community itself")), *firms]
        fields["helped_by"].choices = firms
        home = row.community_id if row else self.only if len(communities) == 1 else None
        fields["partners"].choices = neighbours_of(home, communities)
        for name in ("helped_by", "partners"):
            if not fields[name].choices:
                del fields[name]

    def home(self) -> UUID:
        """Give the community that the activity belongs to; raises Missing."""
        if self.row is not None:
            return self.row.community_id
        chosen = self.cleaned_data.get("community")
        if chosen:
            return UUID(chosen)
        if self.only is None:
            raise Missing
        return self.only

    def content(self, old: Content | None = None) -> Content:
        """Give what was entered; what the form does not show stays as it was."""
        data = self.cleaned_data
        held_by = data.get("held_by")
        organisers = [(UUID(held_by), Role.HOLDS.value)] if held_by else []
        organisers += [(UUID(pk), Role.HELPS.value) for pk in data.get("helped_by", ()) if pk != held_by]
        plain = (
            *("title", "summary", "poster_text", "audience_note", "bring_note", "cost_note", "contact_name"),
            *("contact_phone", "is_volunteering", "act_kind", "min_age", "max_age"),
        )
        return Content(
            community=self.home(),
            category=UUID(data["category"]),
            **{name: data[name] for name in plain},
            open_to=data.get("open_to") or Activity.OpenTo.EVERYBODY,
            partners=tuple(UUID(pk) for pk in data.get("partners", ())),
            organisers=tuple(organisers),
            questions=lines.read_questions(data.get("questions", "")),
            picture_id=old.picture_id if old else None,
            festival=old.festival if old else "",
            record_kind=old.record_kind if old else "",
            record_id=old.record_id if old else None,
        )


class PlanFields(forms.Form):
    """What each date of an activity starts with."""

    PLAN_GROUPS = (
        (gettext_lazy("Where and how long"), ("starts", "minutes", "venue", "room", "place", "skips_closed")),
        (
            gettext_lazy("Sign-up"),
            ("takes_sign_ups", "size", "sign_up_days", "sign_up_closes", "household_most", "waiting_most"),
        ),
        (
            gettext_lazy("Special rules of the sign-up"),
            ("first_for", "first_hours", "is_drawn", "limits", "questions"),
        ),
        (
            gettext_lazy("At the door"),
            ("has_check_out", "lets_everybody_in", "early_minutes", "late_minutes", "shifts"),
        ),
    )
    starts = forms.CharField(
        label=pgettext_lazy("activity", "Starts at"),
        initial="9:00",
        max_length=60,
        help_text=gettext_lazy("Several times of one day with a comma between: 9:00, 14:30."),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), initial=90, min_value=5, max_value=4320)
    venue = forms.ChoiceField(label=gettext_lazy("Venue"), required=False)
    room = forms.ChoiceField(
        label=gettext_lazy("Room"),
        required=False,
        help_text=gettext_lazy("It is booked when the activity is published."),
    )
    place = forms.CharField(
        label=pgettext_lazy("activity", "Where exactly"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("If it is elsewhere, or where at the venue: at the gate, in the yard."),
    )
    skips_closed = forms.BooleanField(
        label=gettext_lazy("Leave out days on which the venue is closed"), required=False, initial=True
    )
    takes_sign_ups = forms.BooleanField(label=gettext_lazy("People sign up"), required=False, initial=True)
    size = whole(pgettext_lazy("activity", "Places"), least=1, help_text=gettext_lazy("Empty: as many as come."))
    sign_up_days = whole(
        gettext_lazy("Sign-up opens so many days before"), most=365, help_text=gettext_lazy("Empty: at once.")
    )
    sign_up_closes = whole(
        gettext_lazy("Sign-up closes so many hours before"), most=1440, help_text=gettext_lazy("Empty: at the start.")
    )
    household_most = whole(gettext_lazy("At most so many of one household"), least=1, most=50)
    waiting_most = whole(gettext_lazy("At most so many on the waiting list"), help_text=gettext_lazy("Empty: no end."))
    first_for = forms.ChoiceField(
        label=gettext_lazy("Who may sign up first"), required=False, choices=Occurrence.FirstFor.choices
    )
    first_hours = whole(gettext_lazy("in the first so many hours"), least=1, most=336)
    is_drawn = forms.BooleanField(
        label=gettext_lazy("Draw lots among those who signed up"),
        required=False,
        help_text=gettext_lazy("For scarce things. Anybody can check the draw afterwards."),
    )
    limits = long_text(
        gettext_lazy("Kinds of places"),
        most=400,
        rows=2,
        help_text=gettext_lazy("One a line: name, number, ages if any. For example: 儿童 10 3-12"),
    )
    questions = long_text(
        gettext_lazy("Questions to those who sign up"),
        most=800,
        rows=2,
        help_text=gettext_lazy(
            "One a line, at most five. For example: 几点到: 九点/十点 * (the star: an answer is needed)"
        ),
    )
    has_check_out = forms.BooleanField(
        label=gettext_lazy("Note when people leave"), required=False, help_text=gettext_lazy("Where hours count.")
    )
    lets_everybody_in = forms.BooleanField(
        label=gettext_lazy("Whoever comes may come in, even when it is full"), required=False
    )
    early_minutes = whole(gettext_lazy("Check-in opens so many minutes before"), most=1440)
    late_minutes = whole(gettext_lazy("Check-in closes so many minutes after the end"), most=1440)
    shifts = long_text(
        gettext_lazy("Volunteers needed"),
        most=600,
        rows=2,
        help_text=gettext_lazy(
            "One a line: what they do, least and most, minutes before the start. For example: 签到引导 2-4 30"
        ),
    )

    def fill_places(self, actor: Actor, venue: str) -> None:
        """Offer the actor's venues, and the rooms of the chosen one."""
        fields: dict[str, Any] = self.fields
        found = venues_of(actor)
        fields["venue"].choices = [("", _("elsewhere")), *found]
        fields["room"].choices = [("", _("none")), *rooms_of(found, venue)]

    def plan(self, old: Plan) -> Plan:
        """Give what was entered as a plan; what the form does not show stays as it was."""
        data = self.cleaned_data
        standard = Plan()
        return old.with_changes(
            {
                "starts": read_clocks(data["starts"]),
                "minutes": data["minutes"],
                "venue": UUID(data["venue"]) if data["venue"] else None,
                "room": UUID(data["room"]) if data["room"] and data["venue"] else None,
                "sign_up_closes": (data["sign_up_closes"] or 0) * 60,
                "first_hours": data["first_hours"] or standard.first_hours,
                "early_minutes": _or(data["early_minutes"], standard.early_minutes),
                "late_minutes": _or(data["late_minutes"], standard.late_minutes),
                "limits": lines.read_limits(data["limits"]),
                "shifts": lines.read_shifts(data["shifts"], known=old.shifts),
                **{
                    name: data[name]
                    for name in (
                        *("place", "skips_closed", "takes_sign_ups", "size", "sign_up_days", "household_most"),
                        *("waiting_most", "first_for", "is_drawn", "has_check_out", "lets_everybody_in"),
                    )
                },
            }
        )


class ActivityForm(PlanFields, ContentFields):
    """The whole of an activity on one page."""

    def __init__(self, *args: Any, actor: Actor, row: Activity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, row=row, **kwargs)
        self.fill_places(actor, self["venue"].value() or "")

    def groups(self) -> list[tuple[Any, list[Any], bool]]:
        """Give the fields in groups; a group that most do without is folded unless something stands in it."""
        names = [(title, [name for name in some if name in self.fields]) for title, some in self.GROUPS]
        names += [(title, list(some)) for title, some in self.PLAN_GROUPS]
        found = []
        for number, (title, some) in enumerate(names):
            folded = number in (1, 2, 5, 6) and not any(self._stands(name) for name in some)
            found.append((title, [self[name] for name in some], folded))
        return found

    def _stands(self, name: str) -> bool:
        if name in self.errors:
            return True
        usual = {"open_to": "everybody", "early_minutes": 60, "late_minutes": 120, "first_hours": 24}
        value = self[name].value()
        return value not in (None, "", False, [], usual.get(name), str(usual.get(name)))


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


def neighbours_of(home: UUID | None, communities: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give the communities that may join in: those of the same subdistrict, and all that the actor answers for."""
    rows = divisions.list_divisions(level=Level.COMMUNITY)
    parents = {row.parent_id for row in rows if row.pk == home}
    known = dict(communities)
    return [
        (str(row.pk), row.short_name)
        for row in rows
        if row.pk != home and (row.parent_id in parents or str(row.pk) in known)
    ]


def category_choices() -> list[tuple[str, str]]:
    """Give the categories by id in the language of the page."""
    english = (get_language() or "").startswith("en")
    return [
        (str(one.pk), f"{one.code} {one.name_en if english and one.name_en else one.name}") for one in list_categories()
    ]


def rooms_of(venues: Sequence[tuple[str, str]], venue: str) -> list[tuple[str, str]]:
    """Give the rooms of the chosen venue; before one is chosen, those of the first few with their venue's name."""
    wanted = [pk for pk, _name in venues if pk == venue] or [pk for pk, _name in venues[:4]]
    found = []
    for room in list_usable_rooms(venues=[UUID(pk) for pk in wanted]):
        label = room.name if len(wanted) == 1 else f"{room.venue.name} · {room.name}"
        seats = _("%(name)s, %(seats)d seats") % {"name": label, "seats": room.seats} if room.seats else label
        found.append((str(room.pk), seats))
    return found


def read_clocks(text: str) -> tuple[time, ...]:
    """Read times of day as people type them: 9:00, 14:30."""
    plain = unicodedata.normalize("NFKC", text).replace("、", ",").replace(";", ",")
    found = []
    for part in filter(None, (one.strip() for one in plain.split(","))):
        hour, _colon, minute = part.replace(".", ":").partition(":")
        try:
            found.append(time(int(hour), int(minute or 0)))
        except ValueError:
            raise Invalid(
                fields={"starts": [_("“%(text)s” is no time of day. Write it like 9:00 or 14:30.") % {"text": part}]}
            ) from None
    return tuple(sorted(set(found)))


class ReasonForm(ActForm):
    """Why something is called off."""

    reason = long_text(
        gettext_lazy("Reason"),
        most=200,
        rows=2,
        help_text=gettext_lazy("Everybody who signed up reads it."),
        required=True,
    )
