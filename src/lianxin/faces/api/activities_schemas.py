"""What the operations on activities and volunteering take and answer."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

KEY = "Makes the operation safe to repeat: the same key gives the same answer and nothing happens twice."


class OccurrencesFilter(Schema):
    """Which dates; what is left out does not narrow the list."""

    community: UUID | None = None
    venue: UUID | None = None
    activity: UUID | None = None
    category: str = Field("", max_length=10, description="code of one of the service categories, such as A04")
    from_on: date | None = Field(None, description="first day; today unless given")
    until_on: date | None = Field(None, description="the day after the last one")
    q: str = Field("", max_length=80)
    volunteering: bool | None = Field(None, description="only what volunteers do, or only the rest")
    after: str = Field("", max_length=80)
    limit: int = Field(50, ge=1, le=200)


class OccurrenceOut(Schema):
    """One date of an activity, as everybody may see it; it names nobody."""

    id: UUID
    activity: UUID
    community: UUID
    community_name: str
    title: str
    summary: str
    category: str
    category_name: str
    state: str
    number: int
    starts_at: datetime
    ends_at: datetime
    venue: UUID | None
    venue_name: str
    room_name: str
    place: str
    takes_sign_ups: bool
    size: int | None
    taken: int
    waiting: int
    free: int | None
    is_drawn: bool
    sign_up_from: datetime | None
    sign_up_until: datetime | None
    cancel_reason: str


class OccurrencesOut(Schema):
    """Dates by their beginning; `after` asks for the next ones."""

    items: list[OccurrenceOut]
    after: str


class LimitOut(Schema):
    """A kind of place with a limit of its own."""

    id: UUID
    name: str
    size: int
    taken: int


class QuestionOut(Schema):
    """Something asked at sign-up."""

    id: UUID
    text: str
    kind: str
    choices: list[str]
    is_required: bool


class OccurrenceDetail(Schema):
    """One date with everything that its public page shows; `event` is schema.org's Event."""

    id: UUID
    activity: UUID
    community: UUID
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    size: int | None
    taken: int
    waiting: int
    takes_sign_ups: bool
    sign_up_from: datetime | None
    sign_up_until: datetime | None
    limits: list[LimitOut]
    questions: list[QuestionOut]
    page_url: str
    calendar_url: str
    event: dict[str, Any]


class FeedsFilter(Schema):
    """Whose calendar."""

    community: UUID | None = None
    venue: UUID | None = None


class FeedOut(Schema):
    """The address of a calendar to subscribe to (iCalendar)."""

    name: str
    url: str


class AnswerIn(Schema):
    """What somebody answers to a question."""

    question: UUID
    text: str = Field("", max_length=500)


class SomebodyIn(Schema):
    """One who is to be signed up: a resident, oneself when left out, or a name with a phone number."""

    person: UUID | None = None
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=30)
    limit: UUID | None = None
    note: str = Field("", max_length=200)
    answers: list[AnswerIn] = Field(default_factory=list, max_length=10)


class SignUpIn(Schema):
    """Who comes; all of them get places together, or wait together."""

    key: UUID | None = Field(None, description=KEY)
    people: list[SomebodyIn] = Field(min_length=1, max_length=20)
    how: Literal["self", "staff", "phone"] = "self"


class KeyIn(Schema):
    """Nothing but the key that makes it safe to repeat."""

    key: UUID | None = Field(None, description=KEY)


class GiveBackIn(KeyIn):
    """Why somebody cannot come to a shift, if they want to say."""

    reason: str = Field("", max_length=200)


class CancelSignUpIn(KeyIn):
    """Why somebody does not come, if they want to say, and whether all who signed up together stay away."""

    reason: str = Field("", max_length=200)
    whole_party: bool = False


class TicketOut(Schema):
    """One place, or wish for one; `code` is told at the door, `position` is there while one waits."""

    id: UUID
    party: UUID
    occurrence: UUID
    community: UUID
    state: str
    name: str
    number: int
    code: str
    limit: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    position: int | None
    offered_until: datetime | None
    occurrence_state: str


class ShiftsFilter(Schema):
    """Which shifts that want people."""

    community: UUID | None = Field(None, description="its shifts come first, then the nearest")
    only_here: bool = False
    days: int = Field(60, ge=1, le=365)


class ShiftOut(Schema):
    """A shift that wants people; it names nobody."""

    id: UUID
    community: UUID
    community_name: str
    occurrence: UUID | None
    title: str
    role: str
    what: str
    state: str
    starts_at: datetime
    ends_at: datetime
    venue: UUID | None
    where: str
    least: int
    most: int
    taken: int
    free: int
    skills: list[str]


class MyShiftOut(Schema):
    """A shift that I hold or held."""

    place: UUID
    state: str
    minutes: int
    shift: ShiftOut


class HoursOut(Schema):
    """One line of my hours; a correction is a line of its own."""

    id: UUID
    kind: str
    on: date
    minutes: int
    what: str
    reason: str


class HoursPageOut(Schema):
    """My hours, the newest first; `minutes` is the sum of all."""

    items: list[HoursOut]
    after: str
    count: int
    minutes: int


class CheckedOut(Schema):
    """What anybody is told about the code of a certificate; the name is masked."""

    number: str
    masked_name: str
    community_name: str
    from_on: date
    until_on: date
    minutes: int
    minutes_now: int
    times: int
    occurrence_title: str
    issued_at: datetime
    revoked_at: datetime | None
    is_valid: bool
