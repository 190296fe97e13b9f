"""Who may sign up for an occurrence, and who gets a place at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Activity, Question, SignUp
from lianxin.domain.people.rules.persons import ELDER_FROM, age_on

How = SignUp.How
NAME_LONGEST = 40
NOTE_LONGEST = 200
ANSWER_LONGEST = 200
PARTY_MOST = 10
NO_SHOWS_ALLOWED = 1
NEWCOMER_DAYS = 92
# Ways in which somebody who runs the occurrence writes another down.
DESK = frozenset({How.STAFF, How.PHONE, How.CHAIN, How.IMPORT, How.WALK_IN})


@dataclass(frozen=True, slots=True)
class Somebody:
    """One who is to be signed up: a resident, or a name with a phone number; answers by question."""

    person: UUID | None = None
    name: str = ""
    phone: str = ""
    limit: UUID | None = None
    answers: Mapping[UUID, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When one can sign up oneself, and when the occurrence is."""

    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    late_minutes: int = 0

    @property
    def last(self) -> datetime:
        """Give the moment from which one cannot sign up oneself any more."""
        return self.starts_at if self.closes_at is None else min(self.closes_at, self.ends_at)

    def phase(self, at: datetime) -> str:
        """Say where a moment lies: early, open, closed or over."""
        if at >= self.ends_at:
            return "over"
        if self.opens_at is not None and at < self.opens_at:
            return "early"
        return "open" if at < self.last else "closed"

    def lets_in(self, at: datetime, how: str) -> bool:
        """Tell whether somebody can be signed up in this way at a moment."""
        if how == How.WALK_IN:
            return at <= self.ends_at + timedelta(minutes=self.late_minutes)
        if how in DESK:
            return at < self.ends_at
        return self.phase(at) == "open"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an activity is for: everybody, or those of some communities; and of which age."""

    open_to: str
    communities: frozenset[UUID]
    subdistrict: UUID | None
    min_age: int | None = None
    max_age: int | None = None

    def takes_community(self, community: UUID, subdistrict: UUID | None) -> bool:
        """Tell whether residents of a community may come."""
        if self.open_to == Activity.OpenTo.EVERYBODY or community in self.communities:
            return True
        return (
            self.open_to == Activity.OpenTo.SUBDISTRICT
            and subdistrict is not None
            and (subdistrict == self.subdistrict)
        )


def fits_age(birth_on: date | None, on: date, *, least: int | None, most: int | None) -> bool:
    """Tell whether somebody is of the right age on a day; an age that is not on record is asked at the door."""
    age = age_on(birth_on, on)
    return age is None or ((least is None or age >= least) and (most is None or age <= most))


def ages_words(least: int | None, most: int | None) -> str:
    """Say for which ages something is; empty when for all."""
    if least is not None and most is not None:
        return _("for people aged %(least)d to %(most)d") % {"least": least, "most": most}
    if least is not None:
        return _("for people aged %(least)d and older") % {"least": least}
    if most is not None:
        return _("for people up to %(most)d years old") % {"most": most}
    return ""


def is_elder(birth_on: date | None, on: date) -> bool:
    """Tell whether somebody is sixty or older on a day: elders bear no consequence of not coming."""
    age = age_on(birth_on, on)
    return age is not None and age >= ELDER_FROM


def waits_after_no_shows(missed: int, *, elder: bool) -> bool:
    """Tell whether somebody who did not come to a series before waits until others have had their turn."""
    return missed > NO_SHOWS_ALLOWED and not elder


def why_not_answered(questions: Iterable[Question], answers: Mapping[UUID, str], *, by_desk: bool) -> dict[str, str]:
    """Give a sentence for each question (by id) whose answer will not do; at the desk a question may stay open."""
    wrong = {}
    for question in questions:
        said = answers.get(question.pk, "").strip()
        if not said:
            if question.is_required and not by_desk:
                wrong[str(question.pk)] = _("Please answer: %(question)s") % {"question": question.text}
        elif len(said) > ANSWER_LONGEST:
            wrong[str(question.pk)] = _("An answer has at most %(most)d characters.") % {"most": ANSWER_LONGEST}
        elif question.kind == Question.Kind.CHOICE and said not in question.choices:
            wrong[str(question.pk)] = _("Choose one of the answers: %(question)s") % {"question": question.text}
        elif question.kind == Question.Kind.YES_NO and said not in ("yes", "no"):
            wrong[str(question.pk)] = _("Answer with yes or no: %(question)s") % {"question": question.text}
    return wrong


def limit_by_age(limits: Sequence[tuple[UUID, int | None, int | None]], birth_on: date | None, on: date) -> UUID | None:
    """Give the kind of place that somebody's age belongs to, when exactly one is for it."""
    if birth_on is None:
        return None
    fitting = [
        pk
        for pk, least, most in limits
        if (least is not None or most is not None) and fits_age(birth_on, on, least=least, most=most)
    ]
    return fitting[0] if len(fitting) == 1 else None
