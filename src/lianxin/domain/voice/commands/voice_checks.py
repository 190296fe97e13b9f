"""A voice as it is handed in: what it may say, and the sentence for each field that is wrong."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.voice.commands import found, telling
from lianxin.domain.voice.models import Channel, Confidentiality, How, Subject
from lianxin.platform.errors import Invalid

LONGEST = {"words": 2000, "guest_name": 40, "helper_name": 40, "language": 10, "place_words": 120, "client_key": 80}
OLDEST = timedelta(days=3660)
ANONYMOUS = Confidentiality.ANONYMOUS


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice; with `case` it joins that case, else it opens one of its own."""

    words: str
    how: str = How.PAGE
    subject: str = ""
    person: UUID | None = None
    household: UUID | None = None
    guest_name: str = ""
    guest_phone: str = ""
    confidentiality: str = Confidentiality.OPEN
    is_danger: bool = False
    channel: str = Channel.NONE
    helper_name: str = ""
    read_back_at: datetime | None = None
    language: str = ""
    voice_file: UUID | None = None
    venue: UUID | None = None
    lng: float | None = None
    lat: float | None = None
    place_words: str = ""
    heard_at: datetime | None = None
    case: UUID | None = None
    client_key: str = ""
    title: str = ""
    id: UUID | None = None


def check(voice: Voice, *, community: UUID, at: datetime, has_phone: bool, has_note: bool) -> Voice:
    """Give a voice as it is kept; raises Invalid with a sentence for each field that is wrong."""
    wrong: dict[str, list[str]] = {}
    given = {
        "words": voice.words.replace("\r\n", "\n").strip(),
        "guest_name": " ".join(voice.guest_name.split()),
        "helper_name": " ".join(voice.helper_name.split()),
        "place_words": " ".join(voice.place_words.split()),
    }
    if not given["words"] and not has_note:
        wrong["words"] = [_("Write what it is about, or speak it. One sentence is enough.")]
    for name, value in {**given, "language": voice.language, "client_key": voice.client_key}.items():
        if len(value) > LONGEST[name]:
            wrong[name] = [_("At most %(most)d characters.") % {"most": LONGEST[name]}]
    number = ""
    if voice.guest_phone.strip():
        number, sentence = check_phone(voice.guest_phone)
        if sentence:
            wrong["guest_phone"] = [sentence]
    if voice.how not in How.values:
        wrong["how"] = [_("Choose how it was said.")]
    if voice.subject and voice.subject not in Subject.values:
        wrong["subject"] = [_("Choose what it is about.")]
    if voice.confidentiality not in Confidentiality.values:
        wrong["confidentiality"] = [_("Choose who may know of it.")]
    if voice.channel not in Channel.values:
        wrong["channel"] = [_("Choose how they want to be told.")]
    elif voice.channel in telling.NEEDS_PHONE and not (number or has_phone) and "guest_phone" not in wrong:
        wrong["guest_phone"] = [_("Leave a phone number so that we can answer, or choose another way.")]
    if voice.confidentiality == ANONYMOUS and voice.channel in telling.NEEDS_PHONE:
        wrong["channel"] = [
            _("Without a name no number is kept. Read the answer with the receipt, or take it on paper.")
        ]
    heard_at = voice.heard_at or at
    if heard_at > at + timedelta(minutes=5):
        wrong["heard_at"] = [_("This lies in the future.")]
    elif heard_at < at - OLDEST:
        wrong["heard_at"] = [_("This lies too far back.")]
    place = {}
    try:
        place = found.place(community, venue=voice.venue, lng=voice.lng, lat=voice.lat)
    except Invalid as problem:
        wrong |= problem.fields
    if wrong:
        raise Invalid(fields=wrong)
    return replace(
        voice,
        words=given["words"],
        guest_name=given["guest_name"],
        helper_name=given["helper_name"],
        place_words=given["place_words"],
        guest_phone=number,
        subject=voice.subject or Subject.OTHER,
        heard_at=min(heard_at, at),
        lng=place["lng"],
        lat=place["lat"],
    )
