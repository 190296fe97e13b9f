"""Files of figures: noted where they are made, and taken in, day by day, where they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.domain.places.commands.foreign_trees import ForeignDivision, found_upper_division, load_foreign_tree
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.rules import divisions as division_rules
from lianxin.domain.reporting.models import DistrictFeed, FeedExport, FeedFile, LevelReading
from lianxin.domain.reporting.rules.feed_format import Counts, DaySums, Header, Readings
from lianxin.domain.reporting.rules.feed_keys import KeyCard
from lianxin.domain.reporting.rules.feed_problems import (
    ForeignDivision as ForeignDivisionProblem,
)
from lianxin.domain.reporting.rules.feed_problems import (
    GapBefore,
    OlderFile,
    TakenBesides,
    UnknownDistrict,
    UnreadableFeed,
    WrongLevel,
)
from lianxin.platform import locks, rows, tallies
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import NO_VENUE, Tally

DISTRICT_LEVEL = "district"


@dataclass(frozen=True)
class Begun:
    """A file that is being taken in: where its places are here; `known` says that it was taken in before."""

    file: UUID
    places: tuple[UUID, ...]
    communities: frozenset[UUID]
    known: bool = False


def require_upper_level(actor: Actor) -> None:
    """Refuse what only a city or a province does, and everybody but the program's operator."""
    if not actor.is_system:
        raise NotAllowed
    if settings.LEVEL == DISTRICT_LEVEL:
        raise WrongLevel


@command("reporting.note_export")
def note_export(
    *, actor: Actor, header: Header, digest: str, counts: Counts, at: datetime, key: UUID | None = None
) -> FeedExport:
    """Note a file of figures that this district made, so that the next one can name it."""
    if not actor.is_system:
        raise NotAllowed
    made = FeedExport.objects.create(
        number=header.number,
        digest=digest,
        since_on=header.since_on,
        until_on=header.until_on,
        made_at=header.made_at,
        tally_rows=counts.tallies,
        reading_rows=counts.readings,
        account_id=actor.account,
    )
    act().target(made, "made", {"since": [None, str(header.since_on)], "until": [None, str(header.until_on)]})
    return made


@command("reporting.trust_district")
def trust_district(*, actor: Actor, card: KeyCard, at: datetime, key: UUID | None = None) -> DistrictFeed:
    """Take files that a district signs with this key from now on; a second card replaces key and address."""
    require_upper_level(actor)
    root = _root()
    if not _lies_in(card.code, root):
        raise ForeignDivisionProblem(
            _("%(name)s (%(code)s) does not lie in %(root)s.")
            % {"name": card.name, "code": card.code, "root": root.official_name}
        )
    feed = DistrictFeed.objects.filter(district_id=card.district_id).first()
    if feed is None and DistrictFeed.objects.filter(code=card.code).exists():
        raise ForeignDivisionProblem(
            _("The code %(code)s is registered for another database of %(name)s. Ask the district which one is right.")
            % {"code": card.code, "name": card.name}
        )
    before = feed.public_key if feed else None
    feed = feed or DistrictFeed(district_id=card.district_id)
    feed.code, feed.name, feed.base_url = card.code, card.name, card.base_url
    feed.public_key, feed.trusted_at = card.public_key, at
    feed.save()
    act().target(feed, "trusted", {"public_key": [before, card.public_key], "base_url": [None, card.base_url]})
    return feed


def _root() -> Division:
    return Division.objects.get(level=settings.LEVEL, ended_on=None)


def _lies_in(code: str, root: Division) -> bool:
    kept = 2 if root.level == Level.PROVINCE else 4
    return (
        division_rules.is_code(code)
        and division_rules.level_of(code) == Level.DISTRICT
        and (code[:kept] == root.code[:kept])
    )


@command("reporting.begin_feed")
def begin_feed(
    *,
    actor: Actor,
    header: Header,
    digest: str,
    divisions: Sequence[ForeignDivision],
    at: datetime,
    key: UUID | None = None,
) -> Begun:
    """Begin with a file whose signature holds: refuse a gap or an older file, and take its divisions over."""
    require_upper_level(actor)
    feed = locks.lock_one(DistrictFeed.objects.filter(district_id=header.district_id))
    if feed is None:
        raise UnknownDistrict
    places = tuple(one.id for one in divisions)
    communities = frozenset(one.id for one in divisions if one.level == Level.COMMUNITY)
    known = FeedFile.objects.filter(digest=digest).first()
    if known is not None and known.state == FeedFile.State.HELD:
        return Begun(known.pk, places, communities, known=True)
    _refuse_out_of_turn(feed, header)
    _refuse_foreign(feed, divisions)
    FeedFile.objects.filter(feed=feed, state=FeedFile.State.COMING).exclude(digest=digest).delete()
    if known is None:
        known = FeedFile.objects.create(
            feed=feed,
            digest=digest,
            number=header.number,
            since_on=header.since_on,
            until_on=header.until_on,
            made_at=header.made_at,
            public_key=header.key,
            begun_at=at,
            account_id=actor.account,
        )
        act().target(known, "begun", {"district": [None, feed.name], "number": [None, header.number]})
    load_foreign_tree(actor=actor, divisions=[_under(divisions[0], header, actor, at), *divisions[1:]], at=at)
    return Begun(known.pk, places, communities)


def _refuse_out_of_turn(feed: DistrictFeed, header: Header) -> None:
    last = feed.files.filter(state=FeedFile.State.HELD).order_by("-made_at").first()
    if last is not None and header.made_at <= last.made_at:
        raise OlderFile(
            _("File %(number)s of %(name)s is older than file %(last)s, which was taken in already.")
            % {"number": header.number, "name": feed.name, "last": last.number}
        )
    if feed.held_until_on is not None and header.since_on > feed.held_until_on:
        raise GapBefore(
            _(
                "Of %(name)s the days from %(held)s to %(before)s are missing before this file. "
                "Take the file before it first, or ask for: lianxin figures export --since %(held)s"
            )
            % {
                "name": feed.name,
                "held": feed.held_until_on.isoformat(),
                "before": (header.since_on - timedelta(days=1)).isoformat(),
            }
        )


def _refuse_foreign(feed: DistrictFeed, divisions: Sequence[ForeignDivision]) -> None:
    """Refuse divisions that are another district's, by code or because another one handed them up."""
    district = divisions[0] if divisions else None
    if district is None or district.id != feed.district_id or district.level != Level.DISTRICT:
        raise UnreadableFeed
    inside = {district.id}
    for one in divisions[1:]:
        if one.level not in (Level.SUBDISTRICT, Level.COMMUNITY) or not one.parents:
            raise ForeignDivisionProblem
        if any(parent not in inside for parent, *_span in one.parents):
            raise ForeignDivisionProblem
        inside.add(one.id)
    for one in divisions:
        for code, _start, end in one.codes:
            if not division_rules.is_code(code) or (end is None and code[:6] != feed.code[:6]):
                raise ForeignDivisionProblem(
                    _("%(code)s does not belong to %(name)s (%(mine)s). The file is not taken.")
                    % {"code": code, "name": feed.name, "mine": feed.code[:6]}
                )
    elsewhere = (
        Division.objects.filter(pk__among=frozenset(inside), level=Level.COMMUNITY)
        .exclude(parent__parent=feed.district_id)
        .exclude(parent=feed.district_id)
        .first()
    )
    if elsewhere is not None and elsewhere.code[:6] != feed.code[:6]:
        raise ForeignDivisionProblem(
            _("%(name)s (%(code)s) belongs to another district. The file is not taken.")
            % {"name": elsewhere.official_name, "code": elsewhere.code}
        )


def _under(district: ForeignDivision, header: Header, actor: Actor, at: datetime) -> ForeignDivision:
    """Give the district's division with the city or province above it, as this instance has them."""
    root = _root()
    above = root
    for level, code, name in header.above:
        if root.level == Level.PROVINCE and level == Level.CITY and code[:2] == root.code[:2]:
            above = found_upper_division(actor=actor, code=code, name=name, parent=root.pk, at=at)
    return ForeignDivision(
        id=district.id,
        level=district.level,
        committee=district.committee,
        created_on=district.created_on,
        ended_on=district.ended_on,
        names=district.names,
        codes=district.codes,
        parents=((above.pk, district.created_on, None),),
    )


@command("reporting.take_feed_days", silent=True)
def take_feed_days(
    *,
    actor: Actor,
    begun: Begun,
    header: Header,
    sums: Sequence[DaySums],
    from_on: date | None,
    until_on: date | None,
    at: datetime,
) -> int:
    """Replace what is held by what a file says of some days; gives how many sums differed.

    Days [from, until) are whole: what the file does not name is nothing. Of days before the file's first one the named
    measures and communities are replaced. To take the same days again changes nothing.
    """
    require_upper_level(actor)
    _still_coming(begun)
    told: dict[tallies.Key, int] = {}
    named: dict[date, set[tuple[str, UUID]]] = {}
    for one in sums:
        for place, category, quantity in one.rows:
            community = begun.places[place]
            if community not in begun.communities:
                raise ForeignDivisionProblem
            told[(one.measure, community, one.on, NO_VENUE, category)] = quantity
            if one.on < header.since_on:
                named.setdefault(one.on, set()).add((one.measure, community))
    held = _held(begun, header, from_on, until_on, named)
    differing = {
        key: told.get(key, 0) - held.get(key, 0)
        for key in told.keys() | held.keys()
        if told.get(key, 0) != held.get(key, 0)
    }
    tallies.add(differing, wider=dict.fromkeys(begun.communities, header.district_id))
    return len(differing)


def _held(
    begun: Begun,
    header: Header,
    from_on: date | None,
    until_on: date | None,
    named: dict[date, set[tuple[str, UUID]]],
) -> dict[tallies.Key, int]:
    names = ("measure", "community_id", "day_on", "venue_id", "category")
    mine = Tally.objects.filter(measure__in=header.flows, community_id__among=begun.communities).order_by()
    held: dict[tallies.Key, int] = {}
    if from_on is not None and until_on is not None and from_on < until_on:
        for *key, quantity in mine.filter(day_on__gte=from_on, day_on__lt=until_on).values_list(*names, "quantity"):
            held[tuple(key)] = quantity  # type: ignore[index]
    if named:
        for *key, quantity in mine.filter(day_on__in=sorted(named)).values_list(*names, "quantity"):
            measure, community, day = key[:3]
            if (measure, community) in named[day]:
                held[tuple(key)] = quantity  # type: ignore[index]
    return held


def _still_coming(begun: Begun) -> FeedFile:
    found = locks.lock_one(FeedFile.objects.filter(pk=begun.file, state=FeedFile.State.COMING))
    if found is None:
        raise TakenBesides
    return found  # type: ignore[no-any-return]


@command("reporting.take_feed_readings", silent=True)
def take_feed_readings(*, actor: Actor, begun: Begun, readings: Sequence[Readings], at: datetime) -> int:
    """Keep the readings of a file in place of those held for the same day; gives how many there were."""
    require_upper_level(actor)
    _still_coming(begun)
    found = {
        (one.measure, one.span, begun.places[place], one.on): value for one in readings for place, value in one.rows
    }
    rows.insert(
        LevelReading,
        ("id", "measure", "span", "area_id", "read_on", "value"),
        [(new_id(), *key, found[key]) for key in sorted(found, key=lambda key: tuple(map(str, key)))],
        on_conflict=" ON CONFLICT (measure, span, area_id, read_on) DO UPDATE SET value = excluded.value",
    )
    return len(found)


@command("reporting.finish_feed")
def finish_feed(
    *, actor: Actor, begun: Begun, header: Header, counts: Counts, at: datetime, key: UUID | None = None
) -> FeedFile:
    """Note that a file is taken in to its end; from now on it counts as held."""
    require_upper_level(actor)
    feed = locks.lock_one(DistrictFeed.objects.filter(district_id=header.district_id))
    file = _still_coming(begun)
    _drop_passing_readings(begun, feed, header)
    file.state, file.imported_at = FeedFile.State.HELD, at
    file.tally_rows, file.reading_rows, file.sums = counts.tallies, counts.readings, counts.sums
    file.save()
    feed.held_until_on = max(feed.held_until_on or header.until_on, header.until_on)
    feed.name, feed.base_url = header.name or feed.name, header.base_url or feed.base_url
    feed.save(update_fields=["held_until_on", "name", "base_url"])
    act().target(file, "taken in", {"district": [None, feed.name], "sums": [None, counts.tallies]})
    return file


def _drop_passing_readings(begun: Begun, feed: DistrictFeed, header: Header) -> None:
    """Let readings go that were taken only because a file ended on that day: month ends stay."""
    if feed.held_until_on is None:
        return
    last = feed.held_until_on - timedelta(days=1)
    if feed.held_until_on.day == 1 or feed.held_until_on >= header.until_on:
        return
    LevelReading.objects.filter(
        span=LevelReading.Span.DAY, read_on=last, area_id__among=frozenset(begun.places)
    ).delete()
