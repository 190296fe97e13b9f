"""What was written down at a door: read from what a phone sent, checked, digested, and laid beside another record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.platform.errors import Invalid

DONE, ABSENT, REFUSED = "done", "absent", "refused"
OUTCOMES = (DONE, ABSENT, REFUSED)
KEPT, DROPPED = "kept", "dropped"
LONGEST = {"note": 2000, "promise": 200, "result": 200, "wish": 1000}
MOST = {"made": 20, "ended": 50, "wishes": 20}
MOST_PEOPLE = 100_000
# So far may a phone's clock be ahead before somebody has to look.
CLOCK_AHEAD = timedelta(minutes=10)
FARTHEST = 1_000_000
LONGEST_FORM = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """Something promised at the door."""

    record: UUID
    words: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of something promised before."""

    promise: UUID
    state: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody there needs, in their words."""

    record: UUID
    words: str
    people: int = 1
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A questionnaire filled in there."""

    version: UUID
    xml: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was, only when the worker pressed for it."""

    lng: float
    lat: float
    accuracy: int


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One record of one visit under the id that its phone, or the desk's form, gave it."""

    record: UUID
    visit: UUID
    outcome: str
    started_at: datetime
    ended_at: datetime
    version: int = 0
    note: str = ""
    place: Place | None = None
    made: tuple[Made, ...] = ()
    ended: tuple[Ended, ...] = ()
    wishes: tuple[Wish, ...] = ()
    submission: Filled | None = None


class Unreadable(Invalid):
    """What a phone sent is not a record of a visit."""

    title = gettext_lazy("What the phone sent cannot be read.")


def read(sent: Any) -> VisitRecord:
    """Give the record that a phone sent as plain data; raises Unreadable."""
    try:
        return VisitRecord(
            record=UUID(sent["record"]),
            visit=UUID(sent["visit"]),
            version=_number(sent.get("version") or 0),
            outcome=_text(sent["outcome"]),
            started_at=_moment(sent["started_at"]),
            ended_at=_moment(sent["ended_at"]),
            note=_text(sent.get("note")).strip(),
            place=_place(sent.get("place")),
            made=_each(
                sent.get("made"),
                lambda one: Made(UUID(one["record"]), _line(one["words"]), _day(one.get("due_on"))),
            ),
            ended=_each(
                sent.get("ended"),
                lambda one: Ended(UUID(one["promise"]), _text(one["state"]), _line(one.get("result"))),
            ),
            wishes=_each(
                sent.get("wishes"),
                lambda one: Wish(
                    UUID(one["record"]),
                    _text(one["words"]).strip(),
                    _number(one.get("people") or 1),
                    one.get("is_urgent") is True,
                ),
            ),
            submission=_filled(sent.get("submission")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise Unreadable from None


def names_of(sent: Any) -> tuple[UUID | None, UUID | None]:
    """Give the ids of record and visit of what was sent, None for each that cannot be read."""
    found: list[UUID | None] = []
    for name in ("record", "visit"):
        try:
            found.append(UUID(sent[name]))
        except (ValueError, TypeError, KeyError, AttributeError):
            found.append(None)
    return found[0], found[1]


def check(record: VisitRecord, *, at: datetime) -> VisitRecord:
    """Give the record as it is kept; raises Invalid with a sentence for each part that is wrong."""
    wrong: dict[str, list[Any]] = {}
    if record.outcome not in OUTCOMES:
        wrong["outcome"] = [_("Say whether somebody was met.")]
    if record.started_at > record.ended_at:
        wrong["ended_at"] = [_("It ended before it began.")]
    elif record.ended_at > at + CLOCK_AHEAD:
        wrong["ended_at"] = [_("By the phone's clock this lies in the future. Set its clock.")]
    _measure(wrong, "note", record.note, LONGEST["note"])
    for name, most in MOST.items():
        if len(getattr(record, name)) > most:
            wrong[name] = [_("At most %(most)d at one visit.") % {"most": most}]
    for made in record.made:
        _measure(wrong, "made", made.words, LONGEST["promise"], empty=_("Write what was promised."))
    for ended in record.ended:
        _measure(wrong, "ended", ended.result, LONGEST["result"])
        if ended.state not in (KEPT, DROPPED):
            wrong["ended"] = [_("Say whether the promise was kept.")]
        elif ended.state == DROPPED and not ended.result:
            wrong["ended"] = [_("Say why the promise cannot be kept.")]
    for wish in record.wishes:
        _measure(wrong, "wishes", wish.words, LONGEST["wish"], empty=_("Write what is needed. One sentence is enough."))
        if not 1 <= wish.people <= MOST_PEOPLE:
            wrong["wishes"] = [_("Give a number of people from 1.")]
    own = [one.record for one in record.made] + [one.record for one in record.wishes]
    if len(set(own)) != len(own) or len({one.promise for one in record.ended}) != len(record.ended):
        wrong["made"] = [_("Two entries have the same number.")]
    if record.submission is not None:
        if record.outcome != DONE:
            wrong["submission"] = [_("A questionnaire can be filled in only where somebody was met.")]
        elif len(record.submission.xml) > LONGEST_FORM:
            wrong["submission"] = [_("The questionnaire is too large.")]
    if wrong:
        raise Invalid(fields=wrong)
    return replace(record, started_at=min(record.started_at, at), ended_at=min(record.ended_at, at))


def plain(record: VisitRecord) -> dict[str, Any]:
    """Give the record as data for JSON, the same for the same record."""
    return json.loads(json.dumps(asdict(record), default=_written))  # type: ignore[no-any-return]


def digest(sent: Any) -> str:
    """Give the SHA-256 of a record, or of what was sent and could not be read."""
    if isinstance(sent, VisitRecord):
        sent = plain(sent)
    text = json.dumps(sent, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    # Lone surrogates are legal in JSON and in nothing else.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of two records side by side."""

    name: str
    there: Any
    sent: Any

    @property
    def differs(self) -> bool:
        """Tell whether the two say different things."""
        return bool(self.there != self.sent)


def compared(there: dict[str, Any], sent: dict[str, Any], names: Sequence[str]) -> list[Pair]:
    """Lay two records beside each other, field by field."""
    return [Pair(name, there.get(name) or "", sent.get(name) or "") for name in names]


def _measure(wrong: dict[str, list[Any]], name: str, words: str, most: int, *, empty: Any = "") -> None:
    if empty and not words:
        wrong[name] = [empty]
    elif len(words) > most:
        wrong[name] = [_("At most %(most)d characters.") % {"most": most}]
    elif "\x00" in words or any("\ud800" <= letter <= "\udfff" for letter in words):
        wrong[name] = [_("There is a character in it that cannot be kept.")]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError
    return value.replace("\r\n", "\n")


def _line(value: Any) -> str:
    return " ".join(_text(value).split())


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 2**31 - 1:
        raise ValueError
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value).replace("Z", "+00:00"))
    if moment.tzinfo is None or not 2000 < moment.year < 2200:
        raise ValueError
    return moment


def _day(value: Any) -> date | None:
    return date.fromisoformat(_text(value)) if value else None


def _place(value: Any) -> Place | None:
    if value is None:
        return None
    lng, lat, accuracy = (float(value[name]) for name in ("lng", "lat", "accuracy"))
    if not (-180 <= lng <= 180 and -90 <= lat <= 90 and 0 <= accuracy <= FARTHEST):
        raise ValueError
    return Place(lng, lat, round(accuracy))


def _filled(value: Any) -> Filled | None:
    return None if value is None else Filled(UUID(value["version"]), _text(value["xml"]))


def _each(values: Any, make: Callable[[Any], Any]) -> tuple[Any, ...]:
    if values is None:
        return ()
    if not isinstance(values, list):
        raise TypeError
    return tuple(make(one) for one in values)


def _written(value: Any) -> str:
    # Moments are written alike whatever zone the phone wrote them in, so that the same record has the same digest.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
