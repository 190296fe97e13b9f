"""What other programs bring by Open311: a case like any other, once however often it is sent."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.rules.login import SendLimit, wait_before_sending
from lianxin.domain.places.models import Division, Level, Venue
from lianxin.domain.voice.commands import hearing
from lianxin.domain.voice.models import CaseReport, Channel, How, Program
from lianxin.domain.voice.queries.open311 import community_at
from lianxin.domain.voice.rules import open311 as rules
from lianxin.engines.geo import Point, check_position
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, TooMany

# A program that lost the answer sends again; after a day the same words are a new request.
AGAIN_WITHIN = timedelta(days=1)
LIMITS = (SendLimit(120, timedelta(hours=1)), SendLimit(1000, timedelta(days=1)))


@command("voice.receive_open311")
def receive(
    *,
    actor: Actor,
    program: Program,
    service_code: str,
    description: str,
    community: UUID,
    lng: float | None = None,
    lat: float | None = None,
    venue: UUID | None = None,
    address: str = "",
    name: str = "",
    phone: str = "",
    sent_key: str,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Hear a request; the same `sent_key` within a day is the same request. Raises Invalid or TooMany."""
    locks.advisory(f"voice.program.{program.pk}")
    mark = f"{program.pk.hex}:{hashlib.sha256(sent_key.encode()).hexdigest()[:40]}"
    with scope.everything():
        # Few reports come from programs: the index holds those alone, and is used where the query says so.
        brought = CaseReport.objects.exclude(client_key="")
        earlier = brought.filter(client_key__startswith=mark).order_by("-recorded_at").first()
        if earlier is not None and at - earlier.recorded_at < AGAIN_WITHIN:
            return earlier
        turns = brought.filter(client_key__startswith=mark).count()
        since = at - timedelta(days=1)
        sent = brought.filter(client_key__startswith=f"{program.pk.hex}:", recorded_at__gt=since)
        wait = wait_before_sending(sent=list(sent.values_list("recorded_at", flat=True)), limits=LIMITS, at=at)
    if wait:
        raise TooMany(_("This program sent very much. Wait a while, then send the rest."))
    return hearing.hear(
        actor=actor,
        community=community,
        words=description,
        how=How.OPEN311,
        subject=service_code,
        guest_name=name,
        guest_phone=phone,
        channel=Channel.SMS if phone else Channel.NONE,
        lng=lng,
        lat=lat,
        venue=venue,
        place_words=address,
        client_key=f"{mark}/{turns}",
        at=at,
    )


def place_of(*, lat: str, long: str, address_id: str, community: str) -> tuple[UUID, Point | None, UUID | None]:
    """Find the community, the position and the venue that a request names; raises Invalid with a sentence.

    A position is given to the community whose centre is nearest; an address id is a venue's; words alone need the
    community's code.
    """
    point = _point(lat, long)
    venue = _venue(address_id) if address_id else None
    division = _community(community) if community else None
    if division is None and venue is not None:
        division = venue.community
    if division is None and point is not None:
        division = community_at(point)
        if division is None:
            raise Invalid(fields={"lat": [_("This position lies outside the district. Send WGS 84 degrees.")]})
    if division is None:
        raise Invalid(
            fields={
                "attribute[community]": [
                    _("Name the community in attribute[community], or send lat and long, or an address_id.")
                ]
            }
        )
    return division.pk, point, None if venue is None else venue.pk


def check_service(code: str) -> rules.Service | None:
    """Give the service type of a code; None where there is none."""
    return rules.BY_CODE.get(code.strip())


def _point(lat: str, long: str) -> Point | None:
    if not lat and not long:
        return None
    try:
        point = Point(lng=float(long), lat=float(lat))
    except ValueError:
        raise Invalid(
            fields={"lat": [_("lat and long are degrees with a decimal point, and both are needed.")]}
        ) from None
    if check_position(point.lng, point.lat) is not None:
        raise Invalid(fields={"lat": [_("This position is not in China. Are lat and long the other way round?")]})
    return point


def _venue(text: str) -> Venue:
    try:
        pk = UUID(text)
    except ValueError:
        pk = None
    with scope.everything():
        row = Venue.objects.filter(pk=pk).select_related("community").first() if pk else None
    if row is None:
        raise Invalid(fields={"address_id": [_("There is no place with this address_id.")]})
    return row


def _community(code: str) -> Division:
    row = Division.objects.filter(code=code.strip(), level=Level.COMMUNITY, ended_on=None).first()
    if row is None:
        raise Invalid(fields={"attribute[community]": [_("There is no community with this code.")]})
    return row
