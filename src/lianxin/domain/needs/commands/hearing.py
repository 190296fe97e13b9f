"""Hearing a need: the words are kept as they were said, a receipt is given, and the machine only suggests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import found, reminding, telling
from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.queries.examples import list_learned
from lianxin.domain.needs.rules import receipts, similar, times
from lianxin.domain.people.models import Person
from lianxin.domain.people.queries import proxies
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import facts, many, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused, TooMany
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal_many

GUEST_PHONE = "needs.needreport.guest_phone"
LONGEST = {"words": 1000, "guest_name": 40, "helper_name": 40, "language": 10}
MOST_PEOPLE = 100_000
MOST_A_DAY = 20
OLDEST = timedelta(days=3660)
SHIPPED = "shipped"
How, State, Channel = NeedReport.How, NeedReport.State, NeedReport.Channel


class AlreadyHeard(Refused):
    """The same one said the same in the same words, and it is still being looked after."""

    title = gettext_lazy("You told us this already, and it is still on our list.")


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of many that are taken in together, checked beforehand; the category's code where it is known."""

    words: str
    how: str = How.IMPORT
    person: UUID | None = None
    household: UUID | None = None
    guest_name: str = ""
    guest_phone: str = ""
    is_anonymous: bool = False
    channel: str = Channel.NONE
    people: int = 1
    times_mask: int = 0
    is_urgent: bool = False
    heard_at: datetime | None = None
    helper_name: str = ""
    language: str = ""
    category: str = ""
    submission: UUID | None = None
    visit: UUID | None = None
    id: UUID | None = None


@command("needs.hear")
def hear(
    *,
    actor: Actor,
    community: UUID,
    words: str,
    how: str,
    person: UUID | None = None,
    guest_name: str = "",
    guest_phone: str = "",
    is_anonymous: bool = False,
    channel: str = Channel.NONE,
    people: int = 1,
    times_mask: int = 0,
    is_urgent: bool = False,
    heard_at: datetime | None = None,
    helper_name: str = "",
    language: str = "",
    category: str | None = None,
    submission: UUID | None = None,
    visit: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> NeedReport:
    """Keep what somebody said and give it a receipt; the classifier's best five are kept, a sure one is filled in.

    A resident speaks for themselves or for somebody they act for; staff write down what anybody says. Raises
    AlreadyHeard (with its `receipt`), Invalid, Missing, NotAllowed or TooMany.
    """
    found.community(community)
    takes_down = policy.may_take_down(actor, community)
    if not takes_down:
        person = _own_voice(actor, person, how, is_anonymous=is_anonymous, at=at)
    who = _speaker(person, community, of_anywhere=not takes_down)
    voice = _checked(
        Voice(
            words=words,
            how=how,
            person=None if is_anonymous or who is None else who.pk,
            household=None if is_anonymous or who is None else who.household_id,
            guest_name="" if is_anonymous or who is not None else guest_name,
            guest_phone=guest_phone,
            is_anonymous=is_anonymous,
            channel=channel,
            people=people,
            times_mask=times_mask,
            is_urgent=is_urgent,
            heard_at=heard_at or at,
            helper_name=helper_name,
            language=language,
            category=category or "",
            submission=submission,
            visit=visit,
        ),
        at=at,
        has_phone=who is not None and who.phone is not None and not who.no_phone,
    )
    if how == How.PAGE and who is not None:
        _refuse_repeats(who.pk, voice.words, at=at)
    row = _keep([voice], community=community, at=at, taken_by=actor.account if takes_down else None)[0]
    if row.is_urgent:
        reminding.open_urgent(row, at=at)
    reminding.look_at_inbox([community])
    act().target(row, "heard", {"how": [None, row.how], "receipt": [None, row.receipt]})
    return row


@command("needs.hear_many")
def hear_many(
    *,
    actor: Actor,
    community: UUID,
    voices: Sequence[Voice],
    source_run: UUID | None = None,
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Keep many voices of one community at once, as `hear` keeps one; gives their ids in the same order."""
    policy.require(policy.may_take_down(actor, community))
    found.community(community)
    rows = _keep(voices, community=community, at=at, taken_by=actor.account, run=source_run, is_sample=is_sample)
    for row in rows:
        if row.is_urgent and not is_sample:
            reminding.open_urgent(row, at=at)
    reminding.look_at_inbox([community])
    act().note(community_id=community)
    return [row.pk for row in rows]


def _own_voice(actor: Actor, person: UUID | None, how: str, *, is_anonymous: bool, at: datetime) -> UUID | None:
    """Give for whom somebody without an office speaks: nobody known, themselves, or who lets them act."""
    policy.require(how in (How.PAGE, How.SURVEY))
    if actor.person is None and actor.on_behalf_of is None:
        policy.require(person is None)
        return None
    wanted = person or actor.on_behalf_of or actor.person
    if wanted != actor.person:
        link = proxies.find_principal(actor=actor, person=wanted, on=local_day(at))  # type: ignore[arg-type]
        policy.require(link.may("voice") or link.may("desk"))
    since = at - timedelta(days=1)
    with scope.everything():
        if NeedReport.objects.filter(person=wanted, how=How.PAGE, recorded_at__gt=since).count() >= MOST_A_DAY:
            raise TooMany(_("You told us a lot today. Please go on tomorrow, or call your community."))
    return wanted


def _speaker(person: UUID | None, community: UUID, *, of_anywhere: bool) -> Person | None:
    if person is None:
        return None
    with scope.everything():
        row = Person.objects.filter(pk=person, state=Person.State.LIVING).first()
    if row is None or not (of_anywhere or row.community_id == community or scope.covers(row.community_id)):
        raise Missing
    return row


def _checked(voice: Voice, *, at: datetime, has_phone: bool) -> Voice:
    """Give the voice as it is kept; raises Invalid with a sentence for each field that is wrong."""
    wrong: dict[str, list[str]] = {}
    text = voice.words.replace("\r\n", "\n").strip()
    if not text:
        wrong["words"] = [_("Write what is needed. One sentence is enough.")]
    given = {"words": text, "guest_name": voice.guest_name.strip(), "helper_name": voice.helper_name.strip()}
    for name, value in {**given, "language": voice.language}.items():
        if len(value) > LONGEST[name]:
            wrong[name] = [_("At most %(most)d characters.") % {"most": LONGEST[name]}]
    number = ""
    if voice.guest_phone.strip():
        number, sentence = check_phone(voice.guest_phone)
        if sentence:
            wrong["guest_phone"] = [sentence]
    if voice.how not in How.values:
        wrong["how"] = [_("Choose how it was said.")]
    if voice.channel not in Channel.values:
        wrong["channel"] = [_("Choose how they want to be told.")]
    elif (
        voice.channel in (*telling.BY_MESSAGE, Channel.PHONE)
        and not (number or has_phone)
        and "guest_phone" not in wrong
    ):
        wrong["guest_phone"] = [_("Leave a phone number so that we can answer, or choose another way.")]
    if not 1 <= voice.people <= MOST_PEOPLE:
        wrong["people"] = [_("Give a number of people from 1.")]
    if not 0 <= voice.times_mask <= times.ALL:
        wrong["times"] = [_("Choose when it suits.")]
    heard_at = voice.heard_at or at
    if heard_at > at + timedelta(minutes=5):
        wrong["heard_at"] = [_("This lies in the future.")]
    elif heard_at < at - OLDEST:
        wrong["heard_at"] = [_("This lies too far back.")]
    if wrong:
        raise Invalid(fields=wrong)
    values = {name: getattr(voice, name) for name in Voice.__slots__}
    return Voice(**values | given | {"guest_phone": number, "heard_at": min(heard_at, at)})


def _refuse_repeats(person: UUID, words: str, *, at: datetime) -> None:
    live = [Need.State.OPEN, Need.State.PLANNED, Need.State.PARTLY]
    with scope.everything():
        same = NeedReport.objects.filter(person=person, words_digest=similar.digest(words))
        waiting = same.filter(state=State.NEW) | same.filter(state=State.JOINED, need__state__in=live)
        row = waiting.order_by("-recorded_at").first()
    if row is not None:
        raise AlreadyHeard(
            _("You told us this already (receipt %(number)s). It is still on our list; we will let you know.")
            % {"number": receipts.spaced(row.receipt)},
            receipt=row.receipt,
        )


def _keep(
    voices: Sequence[Voice],
    *,
    community: UUID,
    at: datetime,
    taken_by: UUID | None,
    run: UUID | None = None,
    is_sample: bool = False,
) -> list[NeedReport]:
    keys = [voice.id or new_id() for voice in voices]
    numbers = _receipts(keys)
    codes = dict(ServiceCategory.objects.values_list("code", "pk"))
    learned = list_learned() if any(not voice.category for voice in voices) else []
    phones = iter(seal_many([voice.guest_phone for voice in voices if voice.guest_phone], GUEST_PHONE))
    rows = []
    for key, number, voice in zip(keys, numbers, voices, strict=True):
        row = NeedReport(
            id=key,
            community_id=community,
            receipt=number,
            words=voice.words,
            words_digest=similar.digest(voice.words),
            how=voice.how,
            language=voice.language,
            person_id=voice.person,
            household_id=voice.household,
            guest_name=voice.guest_name,
            guest_phone=next(phones) if voice.guest_phone else None,
            is_anonymous=voice.is_anonymous,
            taken_by=taken_by,
            helper_name=voice.helper_name,
            heard_at=voice.heard_at or at,
            recorded_at=at,
            people=voice.people,
            times_mask=voice.times_mask,
            is_urgent=voice.is_urgent,
            channel=voice.channel,
            submission_id=voice.submission,
            visit_id=voice.visit,
            source_run=run,
            is_sample=is_sample,
        )
        _suggest(row, voice.category, codes, learned, taken_by)
        rows.append(row)
    many.keep(rows)
    for row in rows:
        facts.record(measure="needs_heard", record=row, quantity=1, community_id=community, on=local_day(row.heard_at))
    return rows


def _suggest(
    row: NeedReport, given: str, codes: dict[str, UUID], learned: Sequence[tuple[str, str]], by: UUID | None
) -> None:
    if given:
        if given not in codes:
            raise Invalid(fields={"category": [_("There is no category “%(code)s”.") % {"code": given[:10]}]})
        row.category_id, row.category_by = codes[given], by
        return
    from lianxin.domain.needs.rules.classifying import classify

    read = classify(row.words, learned=learned)
    row.suggestions = [[code, round(score, 3)] for code, score in read.best if code in codes]
    row.suggested_by = f"{SHIPPED}+{len(learned)}" if learned else SHIPPED
    row.is_sure = bool(read.sure and row.suggestions)
    if row.is_sure:
        row.category_id = codes[row.suggestions[0][0]]


def _receipts(keys: Sequence[UUID]) -> list[str]:
    """Give a receipt number for each voice that nobody in the district has yet: slips outlive the borders."""
    turn = dict.fromkeys(keys, 0)
    numbers = {key: receipts.number_for(key) for key in keys}
    while clash := _clashes(numbers):
        for key in clash:
            turn[key] += 1
            numbers[key] = receipts.number_for(key, turn[key])
    return [numbers[key] for key in keys]


def _clashes(numbers: dict[UUID, str]) -> list[UUID]:
    wanted = list(numbers.values())
    taken: set[str] = set()
    with scope.everything():
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            taken.update(NeedReport.objects.filter(receipt__in=part).values_list("receipt", flat=True))
    clash, seen = [], set(taken)
    for key, number in numbers.items():
        if number in seen:
            clash.append(key)
        seen.add(number)
    return clash
