"""What the communities of the sample held in a stretch of time, composed whole before anything of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from uuid import UUID

from lianxin.domain.activities.commands.history import PastActivity, PastCrowd, PastDate, PastPerson, PastShift
from lianxin.domain.activities.rules.contents import Content
from lianxin.platform.clock import local_day
from lianxin.platform.ids import deterministic_id
from lianxin.platform.workcalendar import load_calendar

from .attending import Attending
from .crowd import Crowd, Somebody
from .district import District
from .planning import CALLED_OFF, HELD, Held, Planned, Wanted, plan_stretch
from .seasons import Days, is_storm
from .templates import Template, Templates, read_templates

IN_FULL = 2_032
PEOPLE_IN_FULL, PERSON_TIMES = 20_000, (67_600, 68_400)
COMMUNITIES_IN_FULL, PILOTS_IN_FULL = 125, 20
VOLUNTEER_HELD, VOLUNTEER_TIMES = (295, 299), (1_310, 1_390)
ACTIVITIES = 580
WHO_NOTES = {
    "elders": "长者优先",
    "pupils": "小学生",
    "children": "5到13岁的孩子",
    "families": "孩子和家长一起来",
    "families_small": "2到8岁的孩子和家长",
    "workers": "骑手、快递员、务工朋友",
    "parents": "孩子上学的家长",
}


@dataclass(slots=True)
class Told:
    """One activity with its dates as they are taken over."""

    planned: Planned
    activity: PastActivity
    reporting: set[UUID] = field(default_factory=set)

    def of_date(self, one: PastDate) -> PastActivity:
        """Give the activity with one date alone."""
        return PastActivity(self.activity.content, [one], self.activity.id, is_sample=True)


def wanted_in_year(district: District, dice: Random) -> Wanted:
    """Give what a year holds: all of it in the whole district, a part in a small one, as far as people go."""
    places = len(district.places)
    person_times = round(dice.randint(*PERSON_TIMES) * min(1.0, district.plan.residents / PEOPLE_IN_FULL))
    share = min(1.0, places / COMMUNITIES_IN_FULL)
    held = min(round(IN_FULL * share), person_times // 4)
    is_full = len(district.pilots) == PILOTS_IN_FULL and held == IN_FULL
    volunteer_held = dice.randint(*VOLUNTEER_HELD) if is_full else round(held * VOLUNTEER_HELD[0] / IN_FULL)
    times_of_a_year = dice.randint(*VOLUNTEER_TIMES)
    volunteer_times = times_of_a_year if is_full else round(volunteer_held * 4.5)
    if not district.pilots:
        volunteer_held = volunteer_times = 0
    return Wanted(held, person_times, volunteer_held, volunteer_times, round(ACTIVITIES * held / IN_FULL))


def wanted_in_days(year: Wanted, days: int) -> Wanted:
    """Give what a shorter stretch of usual days holds."""

    def part(number: int) -> int:
        return round(number * days / 365)

    return Wanted(
        part(year.held),
        part(year.person_times),
        part(year.volunteer_held),
        part(year.volunteer_times),
        part(round(year.activities * 2.2)),
    )


def tell_stretch(district: District, *, name: str, first: date, last: date, wanted: Wanted) -> list[Told]:
    """Compose everything that was held from a day to a day; the same for the same seed."""
    plan = district.plan
    dice = plan.random("activities", name)
    templates = read_templates(plan.data_dir)
    days = Days(first, last, load_calendar().is_holiday)
    found = plan_stretch(templates=templates, places=district.places, days=days, wanted=wanted, dice=dice)
    composer = _Composer(district, templates, Crowd(district.pools, district.near), dice, name)
    # Who helps is asked before who watches.
    order = sorted(found, key=lambda one: (not one.template.is_volunteering, one.number))
    return sorted((composer.compose(one) for one in order), key=lambda one: one.planned.number)


class _Composer:
    def __init__(self, district: District, templates: Templates, crowd: Crowd, dice: Random, name: str) -> None:
        self.district, self.templates, self.dice, self.name = district, templates, dice, name
        self.attending = Attending(crowd, templates.words, dice)

    def compose(self, planned: Planned) -> Told:
        reporting = reporting_in(self.district, planned.place.community)
        dates = [self._date(planned, one, reporting) for one in planned.dates]
        content = content_of(self.district, planned, self.dice)
        pk = deterministic_id(planned.place.community, f"sample activity {self.name} {planned.number}")
        return Told(planned, PastActivity(content, dates, pk, is_sample=True), reporting)

    def _date(self, planned: Planned, one: Held, reporting: set[UUID]) -> PastDate:
        template = planned.template
        size: int | None = None
        people: list[PastPerson] = []
        takes_sign_ups = not (template.is_open or template.is_volunteering)
        if one.state == HELD and template.is_volunteering:
            people = self.attending.volunteers(planned, one, reporting=reporting)
        elif one.state == HELD and template.is_open:
            people = self.attending.drop_ins(planned, one)
        elif one.state == HELD:
            people, size = self.attending.signed_up(planned, one)
        elif one.state == CALLED_OFF and takes_sign_ups:
            people = self.attending.called_off(planned, one)
        return PastDate(
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            state=one.state,
            reason=self._reason(one),
            venue=planned.site.venue,
            room=planned.room,
            place=template.place if planned.room is None else "",
            takes_sign_ups=takes_sign_ups,
            size=size,
            people=people,
            shift=self._shift(template, people),
            crowd=self._crowd(planned, one),
        )

    def _reason(self, one: Held) -> str:
        words = self.templates.words
        if one.state == HELD:
            return ""
        if one.state == CALLED_OFF:
            return self.dice.choice(words["typhoon" if is_storm(local_day(one.starts_at)) else "cancelled"])
        return self.dice.choice(words["not_held"])

    def _shift(self, template: Template, people: Sequence[PastPerson]) -> PastShift | None:
        if not template.is_volunteering:
            return None
        return PastShift(role=template.role, most=max(8, len(people)), least=2, what=template.text)

    def _crowd(self, planned: Planned, one: Held) -> PastCrowd | None:
        """Count those who stood around in the open air, now and then."""
        if one.state != HELD or not planned.template.has_crowd or planned.room is not None or self.dice.random() > 0.6:
            return None
        count = round(one.people * self.dice.uniform(1.6, 3.4), -1)
        how = self.dice.choice(self.templates.words["crowd"])
        return PastCrowd(one.starts_at + (one.ends_at - one.starts_at) / 2, max(20, int(count)), how)


def reporting_in(district: District, community: UUID) -> set[UUID]:
    """Give the Party members who report in at a pilot: the first of those who like to help."""
    return {one.person for one in party_members(district, community)}


def party_members(district: District, community: UUID) -> list[Somebody]:
    """Give those of the helpers who report in."""
    if community not in district.pilots:
        return []
    helpers = district.pools[community].helpers
    return [one for one in helpers if one.age < 60][: max(2, len(helpers) // 6)]


def content_of(district: District, planned: Planned, dice: Random) -> Content:
    """Give what an activity says of itself."""
    template, community = planned.template, planned.place.community
    venue = district.venues[planned.site.venue]
    kind = "host" if venue.kind == "station" and not template.organiser else template.organiser
    organisers: list[tuple[UUID, str]] = []
    if venue.kind == "station" and venue.host_organisation_id is not None:
        organisers.append((venue.host_organisation_id, "helps" if template.organiser else "holds"))
    known = district.organisers(community, kind) if kind and kind != "host" else ()
    if known:
        chosen = dice.choice(known)
        if chosen not in {pk for pk, _role in organisers}:
            organisers.append((chosen, "holds" if dice.random() < 0.5 else "helps"))
    return Content(
        community=community,
        category=district.categories[template.category],
        title=template.title,
        summary=template.text,
        poster_text=template.text,
        festival=template.festival[0] if template.festival else "",
        audience_note=WHO_NOTES.get(template.who, ""),
        bring_note=template.bring,
        contact_phone=venue.phone,
        is_volunteering=template.is_volunteering,
        organisers=tuple(organisers),
    )
