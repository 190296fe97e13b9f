"""Activities by program: what is on, signing up, my tickets, calendars."""

from uuid import UUID

from django.urls import reverse
from ninja import Query, Router

from lianxin.domain.activities.commands import sign_ups, waiting
from lianxin.domain.activities.models import SignUp
from lianxin.domain.activities.queries.occurrences import Filter, find_public, list_public
from lianxin.domain.activities.queries.public import list_questions
from lianxin.domain.activities.queries.publicity import told_of
from lianxin.domain.activities.queries.tickets import Ticket, list_my_tickets, read_tickets
from lianxin.domain.activities.rules.eligibility import Somebody
from lianxin.domain.activities.rules.publicity import event_data
from lianxin.domain.places.queries.divisions import names_of
from lianxin.domain.places.queries.venues import venue_page
from lianxin.faces.api.activities_schemas import (
    CancelSignUpIn,
    FeedOut,
    FeedsFilter,
    KeyIn,
    LimitOut,
    OccurrenceDetail,
    OccurrenceOut,
    OccurrencesFilter,
    OccurrencesOut,
    QuestionOut,
    SignUpIn,
    SomebodyIn,
    TicketOut,
)
from lianxin.faces.api.answers import answers
from lianxin.faces.api.security import logged_in
from lianxin.platform import clock
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Missing

router = Router()


@router.get("", response=answers(OccurrencesOut), summary="What is on")
def list_activities(request, asked: Query[OccurrencesFilter]):  # type: ignore[no-untyped-def]
    """Give public dates of activities from today on; open to everybody."""
    page = list_public(
        which=Filter(
            community=asked.community,
            venue=asked.venue,
            activity=asked.activity,
            category=asked.category,
            from_on=asked.from_on or clock.local_day(clock.now()),
            until_on=asked.until_on,
            text=asked.q,
            volunteering=asked.volunteering,
        ),
        after=asked.after,
        limit=asked.limit,
    )
    return OccurrencesOut(items=[OccurrenceOut.from_orm(row) for row in page.rows], after=page.after)


@router.get("/calendars", response=answers(list[FeedOut]), summary="Calendars to subscribe to")
def list_calendars(request, asked: Query[FeedsFilter]):  # type: ignore[no-untyped-def]
    """Give the addresses of the calendars of a community and of a venue; open to everybody."""
    feeds = []
    if asked.community is not None:
        name = names_of([asked.community]).get(asked.community)
        if name is None:
            raise Missing
        path = reverse("resident:calendar_community", args=[asked.community])
        feeds.append(FeedOut(name=name, url=request.build_absolute_uri(path)))
    if asked.venue is not None:
        shown = venue_page(venue=asked.venue, actor=request.actor, at=clock.now())
        path = reverse("resident:calendar_venue", args=[asked.venue])
        feeds.append(FeedOut(name=shown.venue.name, url=request.build_absolute_uri(path)))
    return feeds


@router.get("/mine", response=answers(list[TicketOut]), auth=logged_in, summary="My tickets")
def list_tickets(request, earlier: bool = False):  # type: ignore[no-untyped-def]
    """Give what I signed up for, and my household and those for whom I act; coming, or of the last year."""
    return _tickets(list_my_tickets(actor=request.actor, at=clock.now(), earlier=earlier))


@router.get("/{uuid:occurrence}", response=answers(OccurrenceDetail), summary="One date of an activity")
def show_activity(request, occurrence: UUID):  # type: ignore[no-untyped-def]
    """Give one public date with its places, its questions and schema.org's Event; open to everybody."""
    row = find_public(occurrence=occurrence)
    page = request.build_absolute_uri(reverse("resident:activity", args=[occurrence]))
    return OccurrenceDetail(
        id=row.pk,
        activity=row.activity_id,
        community=row.community_id,
        title=row.title or row.activity.title,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        size=row.size,
        taken=row.taken,
        waiting=row.waiting,
        takes_sign_ups=row.takes_sign_ups,
        sign_up_from=row.sign_up_from,
        sign_up_until=row.sign_up_until,
        limits=[LimitOut(id=one.pk, name=one.name, size=one.size, taken=one.taken) for one in row.limits.all()],
        questions=[
            QuestionOut(id=one.pk, text=one.text, kind=one.kind, choices=list(one.choices), is_required=one.is_required)
            for one in list_questions(activity=row.activity_id)
        ],
        page_url=page,
        calendar_url=request.build_absolute_uri(reverse("resident:calendar_date", args=[occurrence])),
        event=event_data(told_of(row, base_url=request.build_absolute_uri("/").rstrip("/"))),
    )


@router.post("/{uuid:occurrence}/sign-ups", response=answers(list[TicketOut]), auth=logged_in, summary="Sign up")
def sign_up(request, occurrence: UUID, body: SignUpIn):  # type: ignore[no-untyped-def]
    """Give a party its places, or put it on the waiting list; nothing changes when it is refused."""
    row = find_public(occurrence=occurrence)
    made = sign_ups.sign_up(
        actor=request.actor.visiting(row.community_id),
        occurrence=occurrence,
        people=[_somebody(request.actor, one) for one in body.people],
        how=body.how,
        at=clock.now(),
        key=body.key,
    )
    return _tickets(read_tickets(made))


@router.post(
    "/sign-ups/{uuid:sign_up}/cancel", response=answers(list[TicketOut]), auth=logged_in, summary="Cancel a sign-up"
)
def cancel_sign_up(request, sign_up: UUID, body: CancelSignUpIn):  # type: ignore[no-untyped-def]
    """Give a place, or a wish for one, back; whoever waits is asked at once."""
    mine = _mine(request.actor, sign_up)
    ended = sign_ups.cancel_sign_up(
        actor=request.actor.visiting(mine.community),
        sign_up=sign_up,
        whole_party=body.whole_party,
        reason=body.reason,
        at=clock.now(),
        key=body.key,
    )
    return _tickets(read_tickets(ended))


@router.post(
    "/sign-ups/{uuid:sign_up}/accept",
    response=answers(list[TicketOut]),
    auth=logged_in,
    summary="Take an offered place",
)
def accept_offer(request, sign_up: UUID, body: KeyIn):  # type: ignore[no-untyped-def]
    """Take the place that came free, while it is kept."""
    mine = _mine(request.actor, sign_up)
    rows: list[SignUp] = waiting.accept_offer(
        actor=request.actor.visiting(mine.community), sign_up=sign_up, at=clock.now(), key=body.key
    )
    return _tickets(read_tickets(rows))


@router.post(
    "/sign-ups/{uuid:sign_up}/decline",
    response=answers(list[TicketOut]),
    auth=logged_in,
    summary="Let an offered place go",
)
def decline_offer(request, sign_up: UUID, body: KeyIn):  # type: ignore[no-untyped-def]
    """Let the next ones have the place that came free."""
    mine = _mine(request.actor, sign_up)
    rows: list[SignUp] = waiting.decline_offer(
        actor=request.actor.visiting(mine.community), sign_up=sign_up, at=clock.now(), key=body.key
    )
    return _tickets(read_tickets(rows))


def _somebody(actor: Actor, one: SomebodyIn) -> Somebody:
    """Take oneself where nobody is named."""
    person = one.person
    if person is None and not one.name:
        person = actor.person
        if person is None:
            raise Invalid(fields={"people": ["Name a person, or give a name and a phone number."]})
    return Somebody(
        person=person,
        name=one.name,
        phone=one.phone,
        limit=one.limit,
        answers={answer.question: answer.text for answer in one.answers},
        note=one.note,
    )


def _mine(actor: Actor, sign_up: UUID) -> Ticket:
    """Find one of my tickets; another's does not exist."""
    for ticket in list_my_tickets(actor=actor, at=clock.now()):
        if ticket.id == sign_up:
            return ticket
    raise Missing


def _tickets(rows: list[Ticket]) -> list[TicketOut]:
    return [TicketOut.from_orm(row) for row in rows]
