"""Entering and changing an offer: by the office for a partner or a resident, and by the partner."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.people.queries.people import list_chosen
from lianxin.domain.places.queries.services import list_categories
from lianxin.domain.places.queries.venues import list_venues
from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import offers as commands
from lianxin.domain.resources.commands.writing import content_of
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.queries.offers import open_offer
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.domain.resources.rules.offer_cells import read_day, read_weekly, weekly_words
from lianxin.platform.clock import now
from lianxin.platform.errors import Invalid

from ..acting import VersionedForm, answer_form, day_field, long_text
from ..choices import CHOOSE, Choices
from .desk import ResourcesDesk, desk_of
from .gate import sharing

PLAIN = (
    *("kind", "title", "description", "conditions", "contact_name", "place", "needs_venue", "seats", "least_people"),
    *("minutes", "times", "every", "quantity", "unit", "reach", "reach_metres", "from_on", "until_on"),
)
OWN_TRADE, WELL = 3, 2
_STRETCH = re.compile(r"^(\S+?)(?:\s*[~～至到]\s*(\S+))?(?:\s+(.*))?$")


def number(label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    """Make a field for a number; what it may be is told by the rules, in a sentence."""
    return forms.IntegerField(label=label, required=required, help_text=help_text)


TEMPLATE = "staff/wide_form.html"


class OfferForm(VersionedForm):
    """What is offered, by whom, how much and how often, when and how far."""

    community = forms.ChoiceField(label=gettext_lazy("Community"))
    organisation = forms.ChoiceField(label=pgettext_lazy("offer", "Who gives it"))
    kind = forms.ChoiceField(label=pgettext_lazy("offer", "Kind"), choices=[("", CHOOSE), *Offer.Kind.choices])
    title = forms.CharField(label=gettext_lazy("What is offered"), max_length=80)
    main = forms.ChoiceField(label=gettext_lazy("Its own trade"))
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("It can also serve"), required=False, widget=forms.CheckboxSelectMultiple
    )
    description = long_text(gettext_lazy("Description"), most=500)
    conditions = long_text(gettext_lazy("Conditions"), most=300, rows=2)
    seats = number(gettext_lazy("For how many people it is enough at one time"))
    least_people = number(gettext_lazy("How many have to come to make it worth the way"))
    minutes = number(gettext_lazy("Minutes each time"))
    times = number(gettext_lazy("How often it can be had"))
    every = forms.ChoiceField(label=gettext_lazy("In each"), choices=Offer.Every.choices)
    quantity = number(
        gettext_lazy("How much there is in all"), required=False, help_text=gettext_lazy("For goods and money")
    )
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    cost = forms.DecimalField(
        label=gettext_lazy("What it costs the community each time (yuan)"),
        required=False,
        max_digits=9,
        decimal_places=2,
    )
    weekly = forms.CharField(
        label=gettext_lazy("Weekly times"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Like 周一 19:00-21:00；周六 9:00-11:30. Left empty: by arrangement."),
    )
    exceptions = long_text(
        gettext_lazy("Days on which it cannot be had"),
        most=2000,
        help_text=gettext_lazy("One a line, like 2026-10-01 ~ 2026-10-07 holidays"),
    )
    from_on = day_field(gettext_lazy("From day"))
    until_on = day_field(gettext_lazy("Until day"), required=False)
    reach = forms.ChoiceField(label=gettext_lazy("How far it goes"), choices=Offer.Reach.choices)
    reach_metres = number(gettext_lazy("Within how many metres"), required=False)
    only = forms.CharField(
        label=gettext_lazy("Only for these communities"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Names with 、 between; left empty: every one that it reaches"),
    )
    never = forms.CharField(label=gettext_lazy("Never for these communities"), required=False, max_length=1000)
    needs_venue = forms.BooleanField(label=gettext_lazy("A place is needed for it"), required=False)
    venue = forms.ChoiceField(label=gettext_lazy("At one of our places"), required=False)
    place = forms.CharField(label=gettext_lazy("Or where it is, in words"), max_length=120, required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact person"), max_length=40, required=False)
    is_assured = forms.BooleanField(
        label=gettext_lazy("I asked the giver, and it holds"),
        required=False,
        help_text=gettext_lazy("Otherwise it waits until somebody has asked."),
    )

    def __init__(self, *args: Any, desk: ResourcesDesk, content: OfferContent | None, person: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.desk, self.old = desk, content
        self.person: UUID | None = content.person if content else None
        fields: dict[str, Any] = self.fields
        # An offer stays with its community, so the names are asked for a new one only.
        mine = desk.actor.communities if content is not None else None
        scope = [(pk, "") for pk in sorted(mine)] if mine is not None else desk.communities()
        named: Choices = [(str(pk), name) for pk, name in scope]
        fields["community"].choices = named if len(named) == 1 else [("", CHOOSE), *named]
        codes = [(one.code, f"{one.code} {one.name}") for one in list_categories()]
        fields["main"].choices, fields["categories"].choices = [("", CHOOSE), *codes], codes
        venues = [row for row in list_venues(communities=[pk for pk, _name in scope]) if row.state != "closed"]
        fields["venue"].choices = [("", "—"), *((str(row.pk), row.name) for row in venues)]
        if content is not None:
            del fields["community"]
        if content is not None or not desk.keeps:
            del fields["is_assured"]
        if person or self.person:
            del fields["organisation"]
            self.person = self.person or UUID(person)
        else:
            fields["organisation"].choices = desk.firms()

    def content(self) -> OfferContent:
        """Give what was entered as the commands want it; raises Invalid."""
        wanted, problems = self.cleaned_data, {}
        weekly = read_weekly(wanted["weekly"])
        if weekly is None:
            problems["weekly"] = [_("Write weekly times like 周一 19:00-21:00；周六 9:00-11:30.")]
        exceptions = stretches(wanted["exceptions"])
        if exceptions is None:
            problems["exceptions"] = [_("Write days like 2026-10-01 ~ 2026-10-07, one stretch a line.")]
        named: dict[str, tuple[UUID, ...]] = {"only": (), "never": ()}
        for name in ("only", "never"):
            found, unknown = self._named(wanted[name])
            named[name] = found
            if unknown:
                problems[name] = [_("“%(name)s” is no community here.") % {"name": unknown[0][:30]}]
        if problems:
            raise Invalid(fields=problems)
        known = dict(self.old.categories) if self.old else {}
        also = [code for code in wanted["categories"] if code != wanted["main"]]
        firm = wanted.get("organisation")
        return OfferContent(
            organisation=UUID(firm) if firm else None,
            person=self.person,
            venue=UUID(wanted["venue"]) if wanted["venue"] else None,
            categories=((wanted["main"], OWN_TRADE), *((code, min(known.get(code, WELL), WELL)) for code in also)),
            weekly=tuple(weekly or ()),
            exceptions=tuple(exceptions or ()),
            cost_fen=int((wanted["cost"] or 0) * 100),
            only=named["only"],
            never=named["never"],
            **{name: wanted[name] for name in PLAIN},
        )

    def _named(self, text: str) -> tuple[tuple[UUID, ...], list[str]]:
        by_name = {name: pk for pk, name in self.desk.communities()}
        if self.old is not None:
            # What was named before may lie beyond what this reader answers for.
            by_name = {name: pk for pk, name in self.desk.names.items()} | by_name
        found, unknown = [], []
        for name in filter(None, (piece.strip() for piece in re.split(r"[、,，;；\n]", text))):
            if name in by_name:
                found.append(by_name[name])
            else:
                unknown.append(name)
        return tuple(dict.fromkeys(found)), unknown


def stretches(text: str) -> list[tuple[date, date, str]] | None:
    """Read stretches of days, one a line; None when a line is not one."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        one = _STRETCH.match(line)
        first = read_day(one.group(1)) if one else None
        last = read_day(one.group(2)) if one and one.group(2) else first
        if one is None or first is None or last is None:
            return None
        found.append((first, last, (one.group(3) or "").strip()))
    return found


def _initial(content: OfferContent, desk: ResourcesDesk) -> dict[str, Any]:
    names = desk.names if content.only or content.never else {}
    main = next((code for code, level in content.categories if level == OWN_TRADE), None)
    main = main or (content.categories[0][0] if content.categories else "")
    return {
        **{name: getattr(content, name) for name in PLAIN},
        "organisation": str(content.organisation or ""),
        "main": main,
        "categories": [code for code, _level in content.categories if code != main],
        "cost": f"{content.cost_fen / 100:.2f}" if content.cost_fen else "",
        "weekly": weekly_words(content.weekly),
        "exceptions": "\n".join(f"{a} ~ {b} {why}".strip() for a, b, why in content.exceptions),
        "only": "、".join(names.get(pk, "") for pk in content.only),
        "never": "、".join(names.get(pk, "") for pk in content.never),
        "venue": str(content.venue or ""),
    }


USUAL = {"seats": 20, "least_people": 1, "minutes": 120, "times": 1, "every": "month", "needs_venue": True}


@sharing
def new(request: HttpRequest) -> HttpResponse:
    """Enter an offer: the office for an organisation or a resident, a partner for itself."""
    desk = desk_of(request)
    person = request.GET.get("person", "")
    who = list_chosen(actor=desk.actor, on=desk.on, people=[_uuid(person)]) if person and desk.keeps else []
    person = str(who[0].id) if who else ""
    initial = USUAL | {"from_on": desk.on, "title": request.GET.get("title", "")[:80]}
    form = OfferForm(request.POST or None, desk=desk, content=None, person=person, initial=initial)

    def do(wanted: dict[str, Any]) -> Any:
        return commands.offer(
            actor=desk.actor,
            community=UUID(wanted["community"]),
            content=form.content(),
            is_assured=bool(wanted.get("is_assured")),
            at=now(),
            key=wanted["key"],
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: reverse("staff:offer", kwargs={"offer": row.pk}),
        said=_("The offer is on the list. It counts in the plan once it is assured."),
        title=_("Offer something") if not desk.keeps else _("Enter an offer"),
        lead=_("%(name)s gives it.") % {"name": who[0].masked_name} if who else "",
        button=_("Offer it") if not desk.keeps else _("Enter it"),
        cancel_url=desk.home()[1],
        crumbs=desk.crumbs((_("New"), "")),
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@sharing
def edit(request: HttpRequest, offer: UUID) -> HttpResponse:
    """Change an offer."""
    desk = desk_of(request)
    found = open_offer(actor=desk.actor, offer=offer)
    content = content_of(found)
    form = OfferForm(
        request.POST or None,
        desk=desk,
        content=content,
        person="",
        initial=_initial(content, desk) | {"version": found.version},
    )
    page = reverse("staff:offer", kwargs={"offer": offer})

    def fresh() -> dict[str, Any]:
        row = open_offer(actor=desk.actor, offer=offer)
        return _initial(content_of(row), desk) | {"version": row.version}

    keeps = policy.may_keep(desk.actor, found.community_id)
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.change_offer(
            actor=desk.actor,
            offer=offer,
            content=form.content(),
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: page,
        said=_("Changed."),
        fresh=fresh,
        template=TEMPLATE,
        title=_("Change the offer"),
        lead="" if keeps else _("When times or amounts change, the community asks you again before it plans with it."),
        button=_("Save"),
        cancel_url=page,
        crumbs=desk.crumbs((found.title, page), (_("Change"), "")),
    )
