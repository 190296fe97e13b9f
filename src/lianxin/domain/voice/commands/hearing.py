"""Hearing what somebody brings forward: kept in their own words, with a receipt, as a case that has its tier."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries import proxies
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import deciding, found, moving, numbers, reminding, searching, telling
from lianxin.domain.voice.commands.voice_checks import ANONYMOUS, Voice, check
from lianxin.domain.voice.commands.voice_notes import keep_note
from lianxin.domain.voice.models import Case, CaseReport, CaseStep, Channel, Confidentiality, How, Subject
from lianxin.domain.voice.rules import alike, receipts, states, titles
from lianxin.platform import facts, files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused, TooMany
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import seal_many

__all__ = ["MOST_A_DAY", "AlreadyHeard", "CaseClosed", "Voice", "check", "hear", "hear_many"]

MOST_A_DAY = 20
AGAIN_WITHIN = timedelta(days=1)
BY_THEMSELVES = (How.PAGE, How.OPEN311)


class AlreadyHeard(Refused):
    """The same one brought the same forward in the same words, and it is still being looked after."""

    title = gettext_lazy("You told us this already, and somebody is looking after it.")


class CaseClosed(Refused):
    """Nobody works on the case any more, so no further voice joins it."""

    title = gettext_lazy("This is said to be done, or it is closed. Please tell us in your own words how it stands.")


@command("voice.hear")
def hear(
    *,
    actor: Actor,
    community: UUID,
    words: str,
    how: str,
    subject: str = "",
    person: UUID | None = None,
    guest_name: str = "",
    guest_phone: str = "",
    confidentiality: str = Confidentiality.OPEN,
    is_danger: bool = False,
    channel: str = Channel.NONE,
    helper_name: str = "",
    read_back_at: datetime | None = None,
    language: str = "",
    voice_file: files.Readable | UUID | None = None,
    venue: UUID | None = None,
    lng: float | None = None,
    lat: float | None = None,
    place_words: str = "",
    heard_at: datetime | None = None,
    case: UUID | None = None,
    client_key: str = "",
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Keep what somebody brings forward, open its case (or join `case`), and give it a receipt.

    A resident speaks for themselves or for somebody they act for; staff write down what anybody says. `voice_file` is
    a recording that was uploaded, or the file of one that was kept. Raises AlreadyHeard (with its `receipt`),
    CaseClosed, Invalid, Missing, NotAllowed or TooMany. Pages call `posting.post`, which also limits networks.
    """
    found.community(community)
    if client_key and (sent := _sent_before(client_key)) is not None:
        return sent
    takes_down = policy.may_take_down(actor, community)
    if not takes_down:
        person = _own_voice(actor, person, how, at=at)
    who = _speaker(person, community, of_anywhere=not takes_down)
    is_unnamed = confidentiality == ANONYMOUS
    voice = Voice(
        words=words,
        how=how,
        subject=subject,
        person=None if is_unnamed or who is None else who.pk,
        household=None if is_unnamed or who is None else who.household_id,
        guest_name="" if is_unnamed or who is not None else guest_name,
        guest_phone="" if is_unnamed else guest_phone,
        confidentiality=confidentiality,
        is_danger=is_danger,
        channel=channel,
        helper_name=helper_name,
        read_back_at=read_back_at,
        language=language,
        voice_file=voice_file if isinstance(voice_file, UUID) else None,
        venue=venue,
        lng=lng,
        lat=lat,
        place_words=place_words,
        heard_at=heard_at or at,
        case=case,
        client_key=client_key,
    )
    has_phone = not is_unnamed and who is not None and who.phone is not None and not who.no_phone
    voice = check(voice, community=community, at=at, has_phone=has_phone, has_note=voice_file is not None)
    if who is not None:
        _refuse_repeats(who.pk, voice, at=at)
    if voice_file is not None and not isinstance(voice_file, UUID):
        voice = replace(voice, voice_file=keep_note(voice_file, community=community, at=at))
    joined = _joinable(voice.case, community, takes_down=takes_down) if voice.case else None
    taken_by = actor.account if takes_down else None
    names = (who.name,) if who is not None else ()
    row, entry = _keep(voice, joined, community=community, at=at, taken_by=taken_by, names=names)
    _count(row, entry, at=at)
    moving.follow_up(entry, at=at, was=entry.state if joined else "")
    if row.how not in BY_THEMSELVES and row.channel in telling.BY_MESSAGE:
        phones = telling.phones_of([row])
        if row.pk in phones:
            telling.send(row, phones[row.pk], template=telling.HEARD)
    act().target(row, "heard", {"how": [None, row.how], "receipt": [None, row.receipt]})
    return row


@command("voice.hear_many")
def hear_many(
    *,
    actor: Actor,
    community: UUID,
    voices: Sequence[Voice],
    is_sample: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> list[UUID]:
    """Keep many voices of one community at once, as `hear` keeps one; gives the ids of the reports in their order.

    A voice's `heard_at` is when its case was opened. Nobody is sent a message.
    """
    policy.require(policy.may_take_down(actor, community))
    found.community(community)
    checked = [check(one, community=community, at=at, has_phone=True, has_note=bool(one.voice_file)) for one in voices]
    entries: dict[UUID, Case] = {}
    reports = []
    grounds = deciding.grounds_for(community)
    for one in checked:
        joined = None
        if one.case is not None:
            joined = entries.get(one.case) or _joinable(one.case, community, takes_down=True)
        moment = min(one.heard_at or at, at)
        row, entry = _keep(
            one,
            joined,
            community=community,
            at=moment,
            taken_by=actor.account,
            is_sample=is_sample,
            names=(),
            ground=grounds.on(local_day(moment)),
        )
        _count(row, entry, at=moment)
        entries[entry.pk] = entry
        reports.append(row)
    for entry in entries.values():
        # A case that was opened just now owes nothing yet, unless it is a danger.
        if entry.is_danger or entry.voices > 1:
            reminding.look_at_case(entry, at=at)
    searching.index(entries.values())
    reminding.look_at_new([community])
    act().note(community_id=community)
    return [row.pk for row in reports]


def _sent_before(client_key: str) -> CaseReport | None:
    """Give the voice that another program sent with this key of its own: sent again, it is the same one."""
    with scope.everything():
        return CaseReport.objects.filter(client_key=client_key).first()


def _own_voice(actor: Actor, person: UUID | None, how: str, *, at: datetime) -> UUID | None:
    """Give for whom somebody without an office speaks: nobody known, themselves, or who lets them act."""
    policy.require(how in BY_THEMSELVES)
    if actor.person is None and actor.on_behalf_of is None:
        policy.require(person is None)
        return None
    wanted = person or actor.on_behalf_of or actor.person
    if wanted != actor.person:
        link = proxies.find_principal(actor=actor, person=wanted, on=local_day(at))  # type: ignore[arg-type]
        policy.require(link.may("voice") or link.may("desk"))
    since = at - timedelta(days=1)
    with scope.everything():
        if CaseReport.objects.filter(person=wanted, how__in=BY_THEMSELVES, recorded_at__gt=since).count() >= MOST_A_DAY:
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


def _refuse_repeats(person: UUID, voice: Voice, *, at: datetime) -> None:
    """The same words again within a day, while somebody works on them; and one voice of a person for each case."""
    with scope.everything():
        own = CaseReport.objects.filter(person=person, withdrawn_at=None, case__state__in=states.OPEN)
        same = own.filter(case=voice.case) if voice.case else None
        row = same.first() if same is not None else None
        if row is None and voice.words:
            again = own.filter(words_digest=alike.digest(voice.words), recorded_at__gt=at - AGAIN_WITHIN)
            row = again.order_by("-recorded_at").first()
    if row is not None:
        raise AlreadyHeard(
            _("You told us this already (receipt %(number)s). Somebody is looking after it; we will let you know.")
            % {"number": receipts.spaced(row.receipt)},
            receipt=row.receipt,
        )


def _joinable(case: UUID | None, community: UUID, *, takes_down: bool) -> Case:
    """Lock the case that a further voice joins; a resident joins only what everybody may read."""
    entry = found.case(case)  # type: ignore[arg-type]
    if entry.community_id != community or not (takes_down or entry.is_public):
        raise Missing
    if entry.state not in states.LIVE:
        raise CaseClosed
    return entry


def _keep(
    voice: Voice,
    joined: Case | None,
    *,
    community: UUID,
    at: datetime,
    taken_by: UUID | None,
    names: Sequence[str],
    is_sample: bool = False,
    ground: deciding.Ground | None = None,
) -> tuple[CaseReport, Case]:
    entry = joined or _open(voice, community=community, at=at, names=names, is_sample=is_sample)
    pk = voice.id or new_id()
    phone = seal_many([voice.guest_phone], telling.GUEST_PHONE)[0] if voice.guest_phone else None
    row = CaseReport.objects.create(
        id=pk,
        community_id=community,
        case=entry,
        first_case=entry.pk,
        receipt=numbers.give_receipts([pk])[0],
        words=voice.words,
        words_digest=alike.digest(voice.words),
        how=voice.how,
        language=voice.language,
        confidentiality=voice.confidentiality,
        person_id=voice.person,
        household_id=voice.household,
        guest_name=voice.guest_name,
        guest_phone=phone,
        taken_by=taken_by,
        helper_name=voice.helper_name,
        read_back_at=voice.read_back_at,
        voice_file=voice.voice_file,
        heard_at=voice.heard_at or at,
        recorded_at=at,
        channel=voice.channel,
        client_key=voice.client_key,
        is_sample=is_sample,
    )
    if joined is None:
        deciding.decide_first(entry, words=voice.words, ground=ground, at=at)
    else:
        entry.voices += 1
        entry.is_danger = entry.is_danger or voice.is_danger
        entry.version, entry.changed_at = entry.version + 1, at
        entry.save(update_fields=["voices", "is_danger", "version", "changed_at"])
        moving.append_step(entry, "hear", before=entry.state, at=at)
        deciding.decide_again(entry, at=at)
    return row, entry


def _open(voice: Voice, *, community: UUID, at: datetime, names: Sequence[str], is_sample: bool) -> Case:
    label = str(Subject(voice.subject).label)
    is_open = voice.confidentiality == Confidentiality.OPEN
    title = voice.title.strip()[: titles.LONGEST]
    entry = Case.objects.create(
        community_id=community,
        number=found.next_number(Case, community),
        title=title or titles.suggest(voice.words, subject=label, is_open=is_open, names=[*names, voice.guest_name]),
        subject=voice.subject,
        confidentiality=voice.confidentiality,
        is_danger=voice.is_danger,
        venue_id=voice.venue,
        lng=voice.lng,
        lat=voice.lat,
        place_words=voice.place_words,
        state=Case.State.NEW,
        responsible_role=moving.OFFICE,
        opened_at=at,
        voices=1,
        changed_at=at,
        is_sample=is_sample,
    )
    actor = act().actor
    CaseStep.objects.create(
        community_id=community,
        case=entry,
        act="hear",
        after=entry.state,
        is_public=True,
        by=actor.account,
        by_role=actor.role[:30],
        done_at=at,
    )
    return entry


def _count(row: CaseReport, entry: Case, *, at: datetime) -> None:
    facts.record(
        measure="cases_heard",
        record=row,
        quantity=1,
        community_id=row.community_id,
        on=local_day(row.heard_at),
        category=f"{entry.tier}:{entry.subject}",
    )
