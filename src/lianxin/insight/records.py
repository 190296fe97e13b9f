"""What a record behind a figure is called, and which record has the page on which it is seen.

Names are masked. Nothing is said about health, hardship or disputes: what a household was visited for, what somebody
said they need, and who sits on which side of a mediation stay on those records' own pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from lianxin.insight import record_words as words
from lianxin.insight import record_words_voice as voice
from lianxin.insight.record_words import RecordTitle
from lianxin.platform import scope
from lianxin.platform.actors import Actor

__all__ = ["About", "RecordTitle", "abouts", "kinds", "titles"]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class About:
    """The record on whose page another one is seen: an attendance on that of its occurrence."""

    kind: str
    id: UUID


@dataclass(frozen=True)
class Reading:
    """How one kind is read: the columns of its words, what they say, and the column that names the page's record.

    What needs more than columns to be said has no `say` here: it is said in `TOGETHER`.
    """

    say: Callable[[Values], RecordTitle] | None
    fields: tuple[str, ...] = ()
    page: str = ""
    page_field: str = "pk"


OCCURRENCE = ("occurrence__title", "occurrence__activity__title")
PERSON = ("person__name", "guest_name")
CASE = (
    *("case__number", "case__title", "case__confidentiality", "case__is_mediated", "case__community_id"),
    *("case__responsible", "case__first_responder"),
)
READINGS: dict[str, Reading] = {
    "places.venue": Reading(words.venue, ("name", "kind"), "places.venue"),
    "places.venueperiod": Reading(words.venue_part, ("venue__name",), "places.venue", "venue_id"),
    "places.visitcount": Reading(words.visit_count, ("venue__name", "purpose"), "places.door", "venue_id"),
    "places.openinglog": Reading(words.opening, ("venue__name", "opened_at", "closed_at"), "places.door", "venue_id"),
    "places.standingservice": Reading(words.service, ("name", "venue__name"), "places.venue", "venue_id"),
    "places.servicecategory": Reading(words.named, ("name",)),
    "places.room": Reading(words.room_itself, ("name", "venue__name", "confidential"), "places.venue", "venue_id"),
    "places.upgrade": Reading(words.upgrade, ("title", "venue__name"), "places.upgrade"),
    "places.upgradestage": Reading(words.upgrade_stage, ("upgrade__title", "state"), "places.upgrade", "upgrade_id"),
    "places.batchmember": Reading(
        words.batch_member, ("community__short_name", "programme__name"), "places.programme", "programme_id"
    ),
    "places.programmebatch": Reading(words.batch, ("number", "programme__name"), "places.programme", "programme_id"),
    "places.programme": Reading(words.named, ("name",), "places.programme"),
    "places.division": Reading(words.division, ("short_name",), "places.division"),
    "people.person": Reading(words.person, ("name",), "people.person"),
    "people.householdmembership": Reading(words.member, ("person__name",), "people.person", "person_id"),
    "people.household": Reading(words.household, ("number",), "people.household"),
    "points.passbook": Reading(words.passbook, ("number",), "points.passbook", "household_id"),
    "points.account": Reading(None, (), "points.passbook", "owner"),
    "bookings.bookingtime": Reading(
        words.booking,
        ("room__name", "room__venue__name", "room__confidential", "room__terms__is_confidential"),
        "bookings.booking",
        "booking_id",
    ),
    "bookings.seatstay": Reading(words.seat, ("room__name",), "bookings.room", "room_id"),
    "bookings.roomterms": Reading(words.room, ("room__name", "room__venue__name"), "bookings.room", "room_id"),
    "resources.offer": Reading(words.offer, ("title", "organisation__name", "person__name"), "resources.offer"),
    "resources.promise": Reading(words.promise, ("offer__title", "state"), "resources.promise"),
    "needs.needreport": Reading(words.need_report, ("category__name", "how"), "needs.report"),
    "needs.answer": Reading(words.need_answer, ("report__category__name",), "needs.report", "report_id"),
    "needs.visit": Reading(words.household_visit, (), "needs.visit"),
    "needs.visitconflict": Reading(words.household_visit, (), "needs.visit", "visit_id"),
    "needs.need": Reading(words.need, ("number", "title", "state"), "needs.need"),
    "projects.project": Reading(words.project, ("number", "title", "state"), "projects.project"),
    "projects.edition": Reading(words.edition, ("of", "number"), "projects.edition"),
    "voice.case": Reading(
        voice.case,
        tuple(field.removeprefix("case__") for field in CASE),
        "voice.case",
    ),
    "voice.casereport": Reading(voice.case_report, CASE, "voice.case", "case_id"),
    "voice.casestep": Reading(voice.case_step, CASE, "voice.case", "case_id"),
    "voice.caseanswer": Reading(
        voice.case_answer, tuple(f"report__{field}" for field in CASE), "voice.case", "report__case_id"
    ),
    "voice.tierdecision": Reading(voice.tier_decision, CASE, "voice.case", "case_id"),
    "voice.meeting": Reading(voice.meeting, ("number", "title"), "voice.meeting"),
    "voice.matter": Reading(words.numbered, ("number", "title"), "voice.matter"),
    "voice.commitment": Reading(voice.commitment, ("number", "matter__title"), "voice.commitment"),
    "voice.vote": Reading(voice.vote, ("number", "question"), "voice.vote"),
    "voice.opinion": Reading(voice.opinion, ("statement__map__question",), "voice.map", "statement__map_id"),
    "voice.receptionday": Reading(voice.reception_day, ("state",), "voice.reception"),
    "voice.receptionplace": Reading(voice.reception_place, ("state",), "voice.reception", "day_id"),
    "voice.mediation": Reading(voice.mediation, ("number",), "voice.mediation"),
    "activities.activity": Reading(words.activity, ("title", "category__name"), "activities.activity"),
    "activities.occurrence": Reading(
        words.occurrence, ("title", "activity__title", "venue__name", "place"), "activities.occurrence"
    ),
    "activities.attendance": Reading(
        words.attendance, (*OCCURRENCE, *PERSON), "activities.occurrence", "occurrence_id"
    ),
    "activities.hoursentry": Reading(words.hours, ("person__name", "minutes"), "activities.hours", "community_id"),
    "activities.crowdlog": Reading(words.crowd, OCCURRENCE, "activities.occurrence", "occurrence_id"),
    "reporting.requestreach": Reading(
        words.request_reach, ("request__title", "request__office_name"), "reporting.requestreach"
    ),
    "reporting.demand": Reading(words.demand, ("title", "office_name"), "reporting.demand"),
    "shop.redemption": Reading(words.redemption, ("person__name",), "shop.redemption"),
    "shop.goodsreturn": Reading(words.goods_return, ("redemption__person__name",), "shop.redemption", "redemption_id"),
    "shop.donation": Reading(
        words.donation, ("donor__name", "donor_name", "wants_name_shown"), "shop.donations", "community_id"
    ),
    "shop.item": Reading(words.named, ("name",), "shop.item"),
}
TXN = "points.txn"
TOGETHER: dict[str, Callable[[Collection[UUID], Actor], dict[UUID, RecordTitle]]] = {
    TXN: words.points_moves,
    "points.account": words.points_accounts,
}


def kinds() -> frozenset[str]:
    """Give the kinds of record that can be called something."""
    return frozenset(READINGS) | frozenset(TOGETHER)


def titles(kind: str, ids: Collection[UUID], actor: Actor) -> dict[UUID, RecordTitle]:
    """Give what the records of one kind are called that lie in an actor's communities; two queries at most."""
    if kind in TOGETHER:
        return TOGETHER[kind](ids, actor)
    reading = READINGS.get(kind)
    if reading is None or reading.say is None or not ids:
        return {}
    with voice.read_by(actor), scope.within(actor.communities):
        return {row["pk"]: reading.say(row) for row in _read(kind, ids, reading.fields)}


def abouts(kind: str, ids: Collection[UUID], actor: Actor) -> dict[UUID, About]:
    """Give the records on whose pages those of one kind are seen; one query, none where each has its own page."""
    if kind == TXN:
        return {pk: About("points.passbook", home) for pk, home in words.households_of(ids, actor).items()}
    reading = READINGS.get(kind)
    if reading is None or not reading.page or not ids:
        return {}
    with scope.within(actor.communities):
        found = _rows(kind, ids).values_list("pk", reading.page_field)
        return {pk: About(reading.page, page) for pk, page in found if page is not None}


def _rows(kind: str, ids: Iterable[UUID]) -> QuerySet[Any]:
    rows = apps.get_model(kind)._default_manager.filter(pk__among=frozenset(ids))
    return rows.order_by()


def _read(kind: str, ids: Iterable[UUID], fields: tuple[str, ...]) -> Iterable[Values]:
    return _rows(kind, ids).values("pk", *fields)
