"""What operations about points take and give."""

from datetime import date, datetime
from uuid import UUID

from ninja import Field, Schema

PERSON = "The person for whom you act; yourself unless given."
LARGEST = 2_147_483_647


class ForWhom(Schema):
    """For whom something is asked."""

    person: UUID | None = Field(None, description=PERSON)


class LinesFilter(ForWhom):
    """Which lines; `after` is the number of the last line that was read."""

    after: int | None = Field(None, ge=1, le=LARGEST)
    limit: int = Field(20, ge=1, le=100)


class PeriodFilter(ForWhom):
    """From which day until which day, both included."""

    from_on: date
    until_on: date


class ExpiringOut(Schema):
    """Points that end together."""

    expires_on: date
    points: int


class LineOut(Schema):
    """A line of the passbook in words."""

    seq: int
    on: date
    kind: str
    what: str
    delta: int
    balance_after: int
    rules_number: int | None
    given_by: str
    seal_code: str


class PassbookOut(Schema):
    """What a household has, what of it is kept aside, and until when it is valid."""

    household: UUID
    community: UUID
    community_name: str
    has_book: bool
    passbook_number: str
    state: str
    balance: int
    held: int
    free: int
    earned: int
    spent: int
    expiring: list[ExpiringOut]


class LinesOut(Schema):
    """Lines, the newest first; `after` asks for the next ones."""

    items: list[LineOut]
    after: int | None


class StatementOut(Schema):
    """Every line of a period with the balances around them."""

    household: UUID
    household_number: str
    passbook_number: str
    community_name: str
    from_on: date
    until_on: date
    opening: int
    closing: int
    lines: list[LineOut]


class WhyOut(Schema):
    """Sentences whose numbers come to the balance."""

    balance: int
    free: int
    owed: int
    adds_up: bool
    sentences: list[str]


class SealOut(Schema):
    """A seal; `text` is what was signed."""

    community_name: str
    number: int
    code: str
    sealed_at: datetime
    txns: int
    households: int
    points: int
    digest: str
    text: str
    algorithm: str
    key_id: str
    signature: str
    is_signed: bool


class PathOut(Schema):
    """A leaf, its way up and the root."""

    leaf: str
    path: list[str]
    root: str
    holds: bool


class ProofOut(Schema):
    """The proof of one line; without a seal it waits for the next one."""

    seq: int
    on: date
    delta: int
    balance_after: int
    text: str
    hash: str
    previous: str
    holds: bool
    leaf_text: str
    seal: SealOut | None
    transaction: PathOut | None
    standing_text: str
    standing_seal: SealOut | None
    standing: PathOut | None


class CapOut(Schema):
    """The most points of an item for a household, a person or the whole community in a stretch of time."""

    subject: str
    every: str
    points: int


class ItemOut(Schema):
    """What earns how many points for each `per` of its unit."""

    code: str
    title: str
    meaning: str
    evidence: str
    points: int
    unit: str
    per: int
    caps: list[CapOut]


class RulesOut(Schema):
    """A version of the rules with the assembly that adopted it."""

    id: UUID
    number: int
    title: str
    minutes_on: date
    minutes_title: str
    attended: int
    in_favour: int
    notice_from: date
    notice_until: date
    effective_from: date
    expiry: str
    expiry_months: int
    reserve_days: int
    objection_days: int
    items: list[ItemOut]


class RulesInForceOut(Schema):
    """The rules of a community today; null where none are in force."""

    community: UUID
    has_book: bool
    switched_on: date | None
    rules: RulesOut | None


class NoticeOut(Schema):
    """A notice on a list."""

    id: UUID
    number: int
    kind: str
    title: str
    shown_from: date
    shown_until: date
    state: str
    lines: int
    seal_code: str


class AwardOut(Schema):
    """An award on a notice, whose it is only masked."""

    claim: UUID
    masked_name: str
    household_number: str
    item: str
    quantity: int
    points: int
    done_on: date
    is_taken_back: bool


class NoticeDetail(NoticeOut):
    """A notice with a page of its awards."""

    points: int
    awards: list[AwardOut]
    after: UUID | None


class NoticeFilter(Schema):
    """Whose notices."""

    community: UUID
    with_ended: bool = False


class AwardsFilter(Schema):
    """Which part of a notice."""

    community: UUID
    after: UUID | None = None


class RollOut(Schema):
    """A published honour roll on a list."""

    id: UUID
    title: str
    starts_on: date
    ends_on: date
    places: int
    code: str


class PlaceOut(Schema):
    """A place on a roll; the name is masked unless somebody agreed to the full one."""

    position: int
    name: str
    points: int
    is_named: bool


class RollDetail(Schema):
    """A roll as it may be shown now."""

    id: UUID
    title: str
    community_name: str
    starts_on: date
    ends_on: date
    code: str
    places: list[PlaceOut]
