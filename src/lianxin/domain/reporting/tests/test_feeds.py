"""Figures that a district hands up: written, proved, taken in, corrected; a file that was touched is never taken."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.domain.people.commands.first_district import Administrator
from lianxin.domain.places.models import Division, DivisionName
from lianxin.domain.reporting.commands import feeds as commands
from lianxin.domain.reporting.commands.feed_intake import prove, take_file
from lianxin.domain.reporting.commands.upper_levels import set_up_upper
from lianxin.domain.reporting.models import DistrictFeed, FeedFile, LevelReading
from lianxin.domain.reporting.queries import feeds as queries
from lianxin.domain.reporting.rules.feed_format import DaySums, FeedWriter, Header, Place, Readings, to_sign
from lianxin.domain.reporting.rules.feed_keys import KeyCard, read_card, write_card
from lianxin.domain.reporting.rules.feed_problems import (
    ForeignDivision,
    GapBefore,
    OlderFile,
    TruncatedFeed,
    UnknownDistrict,
    UnknownVersion,
    UnreadableFeed,
    WrongLevel,
    WrongSignature,
)
from lianxin.domain.reporting.rules.feed_reader import open_feed, read_parts
from lianxin.platform import scope, tallies
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Invalid, Problem
from lianxin.platform.ids import deterministic_id
from lianxin.platform.models import NO_VENUE

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system(via="cli")
KEY, OTHER_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (7, 8))
FIRST, UNTIL = date(2024, 7, 1), date(2024, 7, 11)
SINCE_2019 = date(2019, 1, 1)
SPACE = NO_VENUE


def place(number: int, code: str, level: str, name: str, above: int | None = None, **more: Any) -> Place:
    """Give a division that has been there since 2019."""
    names = tuple((kind, name, SINCE_2019, None) for kind in ("official", "spoken", "short"))
    parents = () if above is None else ((above, SINCE_2019, None),)
    committee = "residents" if level == "community" else "none"
    made = Place(
        number,
        deterministic_id(SPACE, code),
        level,
        committee,
        SINCE_2019,
        None,
        names,
        ((code, SINCE_2019, None),),
        parents,
    )
    return replace(made, **more)


PLACES = (
    place(0, "440509000000", "district", "明湖区"),
    place(1, "440509001000", "subdistrict", "安桥街道", 0),
    place(2, "440509001001", "community", "清江社区", 1),
    place(3, "440509001002", "community", "玉林社区", 1),
)
DISTRICT, RIVER, WOOD = PLACES[0].id, PLACES[2].id, PLACES[3].id


def header(**more: Any) -> Header:
    """Give the first file's header."""
    told: dict[str, Any] = {
        "number": 1,
        "previous": "",
        "district_id": DISTRICT,
        "code": "440509000000",
        "name": "明湖区",
        "base_url": "https://minghu.example.invalid",
        "since_on": FIRST,
        "until_on": UNTIL,
        "made_at": datetime(2024, 7, 11, 2, 0, tzinfo=UTC),
        "key": KEY.public_key().public_bytes_raw().hex(),
        "flows": ("openings", "visits"),
    }
    return Header(**(told | more))


def signed(message: bytes, key: Ed25519PrivateKey = KEY) -> tuple[str, str]:
    """Sign as a district does."""
    return "ed25519", key.sign(message).hex()


SUMS = (
    DaySums(date(2024, 7, 2), "visits", ((2, "", 30), (3, "", 12))),
    DaySums(date(2024, 7, 3), "visits", ((2, "A01", 5), (2, "B02", 7))),
    DaySums(date(2024, 7, 9), "openings", ((3, "", 1),)),
)
READ = (
    Readings(date(2024, 7, 10), "D", "residents", ((0, 3000), (2, 1000), (3, 2000))),
    Readings(date(2024, 7, 1), "M", "activities", ((0, 4), (2, 1), (3, 3))),
)
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a district's file."""

    def write_file(
        file: str = "one.gz",
        *,
        sums: tuple[DaySums, ...] = SUMS,
        read: tuple[Readings, ...] = READ,
        places: tuple[Place, ...] = PLACES,
        sign: Callable[[bytes], tuple[str, str]] = signed,
        **told: Any,
    ) -> Path:
        path = tmp_path / file
        with path.open("wb") as out:
            writer = FeedWriter(out, header(**told))
            for one in places:
                writer.place(one)
            for day in sums:
                writer.sums(day)
            for readings in read:
                writer.readings(readings)
            writer.close(sign)
        return path

    return write_file


def card(**more: Any) -> KeyCard:
    """Give the district's key card."""
    told: dict[str, Any] = {
        "district_id": DISTRICT,
        "code": "440509000000",
        "name": "明湖区",
        "base_url": "https://minghu.example.invalid",
        "public_key": header().key,
    }
    return KeyCard(**(told | more))


@pytest.fixture
def city(db: None, settings: Any) -> Iterator[None]:
    """Set up a city that knows one district's key."""
    settings.LEVEL = "city"
    people = [Administrator(role, role[:3], role) for role in ("system_admin", "security_admin", "audit_admin")]
    set_up_upper(actor=SYSTEM, code="440500", name="汕头市", administrators=people, at=AT)
    commands.trust_district(actor=SYSTEM, card=card(), at=AT)
    with translation.override("en"), scope.everything():
        yield


def take(path: Path) -> Any:
    """Take a file in."""
    return take_file(actor=SYSTEM, path=path, at=AT)


def total(measure: str, *areas: Any, from_on: date = FIRST, until_on: date = UNTIL) -> int:
    """Give a sum over some areas."""
    asked = tallies.Sums((measure,), from_on, until_on, areas=frozenset(areas) or None)
    return sum(tallies.read(asked).values())


def differences() -> list[str]:
    """Give what the proofs say."""
    proofs = (queries.check_files, queries.check_district_rollups, tallies.check_rollups)
    return [sentence for check in proofs for sentence in check()]


def test_what_a_file_says_is_what_the_city_holds(city: None, write: Write) -> None:
    taken = take(write())

    assert (taken.tallies, taken.readings, taken.known) == (5, 6, False)
    assert [total("visits"), total("visits", DISTRICT), total("visits", RIVER), total("visits", WOOD)] == [
        54,
        54,
        42,
        12,
    ]
    assert total("visits", DISTRICT, from_on=date(2024, 7, 3), until_on=date(2024, 7, 4)) == 12
    assert total("visits", DISTRICT, from_on=date(2024, 7, 1), until_on=date(2024, 8, 1)) == 54
    names = ("short_name", "code", "parent__parent__parent__official_name")
    assert Division.objects.values_list(*names).get(pk=RIVER) == ("清江社区", "440509001001", "汕头市")
    assert LevelReading.objects.get(measure="residents", area_id=DISTRICT).value == 3000
    feed = DistrictFeed.objects.get()
    assert feed.held_until_on == UNTIL
    assert not queries.is_late(feed, on=date(2024, 7, 12))
    assert queries.is_late(feed, on=date(2024, 7, 14))
    assert differences() == []


def test_same_file_again_changes_nothing(city: None, write: Write) -> None:
    path = write()
    take(path)

    again = take(path)

    assert again.known
    assert total("visits") == 54
    assert FeedFile.objects.count() == 1


def test_file_that_was_taken_by_half_is_taken_to_its_end(city: None, write: Write, monkeypatch: Any) -> None:
    monkeypatch.setattr("lianxin.domain.reporting.commands.feed_intake.ROWS_AT_ONCE", 1)
    path = write()
    real, calls = commands.take_feed_days, []

    def breaks(**given: Any) -> int:
        calls.append(given)
        if len(calls) == 2:
            raise OSError("the power is gone")
        return int(real(**given))

    monkeypatch.setattr("lianxin.domain.reporting.commands.feed_intake.take_feed_days", breaks)
    with pytest.raises(OSError, match="power"):
        take(path)
    assert total("visits") == 42
    assert "not taken in to its end" in " ".join(differences())

    taken = take(path)

    assert (taken.known, total("visits"), differences()) == (False, 54, [])


def test_correction_of_an_old_day_arrives_and_days_that_are_empty_now_are_emptied(city: None, write: Write) -> None:
    take(write())
    later = write(
        "two.gz",
        number=2,
        since_on=date(2024, 7, 8),
        until_on=date(2024, 7, 15),
        made_at=datetime(2024, 7, 15, 2, 0, tzinfo=UTC),
        sums=(
            # Of 3 July only 清江 was corrected: B02 is gone. 9 July is whole and has no opening any more.
            DaySums(date(2024, 7, 3), "visits", ((2, "A01", 6),)),
            DaySums(date(2024, 7, 12), "visits", ((3, "", 8),)),
        ),
        read=(Readings(date(2024, 7, 14), "D", "residents", ((0, 3001), (2, 1001), (3, 2000))),),
    )

    take(later)

    whole = {"from_on": FIRST, "until_on": date(2024, 8, 1)}
    assert total("visits", RIVER, **whole) == 30 + 6
    assert total("visits", WOOD, **whole) == 12 + 8
    assert total("visits", DISTRICT, **whole) == total("visits", **whole) == 56
    assert total("openings", **whole) == 0
    # The reading of 10 July was taken because the file ended there: the one of 14 July stands for it.
    assert list(LevelReading.objects.filter(span="D", area_id=DISTRICT).values_list("read_on", "value")) == [
        (date(2024, 7, 14), 3001)
    ]
    assert differences() == []


def test_gap_and_older_file_are_refused_in_words(city: None, write: Write) -> None:
    take(write())
    after_gap = write(
        "gap.gz",
        number=3,
        since_on=date(2024, 7, 13),
        until_on=date(2024, 7, 20),
        made_at=datetime(2024, 7, 20, 2, 0, tzinfo=UTC),
        sums=(),
    )
    older = write("older.gz", number=1, made_at=datetime(2024, 7, 11, 1, 0, tzinfo=UTC))

    with pytest.raises(GapBefore, match=r"from 2024-07-11 to 2024-07-12 .* --since 2024-07-11"):
        take(after_gap)
    with pytest.raises(OlderFile, match="older than file 1"):
        take(older)

    assert total("visits") == 54


def test_file_of_nobody_known_or_with_a_wrong_key_is_refused(city: None, write: Write) -> None:
    other = OTHER_KEY.public_key().public_bytes_raw().hex()

    with pytest.raises(UnknownDistrict, match="lianxin figures trust"):
        take(write("a.gz", district_id=WOOD))
    with pytest.raises(WrongSignature, match="another key"):
        take(write("b.gz", key=other, sign=lambda message: signed(message, OTHER_KEY)))
    with pytest.raises(WrongSignature):
        take(write("c.gz", sign=lambda message: signed(message, OTHER_KEY)))

    assert not FeedFile.objects.exists()


def test_new_key_of_a_district_counts_from_its_card_on(city: None, write: Write) -> None:
    take(write())
    other = OTHER_KEY.public_key().public_bytes_raw().hex()
    path = write(
        "two.gz",
        number=2,
        key=other,
        sign=lambda message: signed(message, OTHER_KEY),
        made_at=datetime(2024, 7, 12, 2, 0, tzinfo=UTC),
    )

    commands.trust_district(actor=SYSTEM, card=card(public_key=other), at=AT)

    assert not take(path).known


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ((*PLACES[:3], place(3, "440511001002", "community", "玉林社区", 1)), "440511001002 does not belong"),
        ((PLACES[0], PLACES[1], replace(PLACES[2], parents=())), "do not belong"),
    ],
)
def test_foreign_divisions_are_refused(city: None, write: Write, places: tuple[Place, ...], sentence: str) -> None:
    with pytest.raises(ForeignDivision, match=sentence):
        take(write(places=places, sums=(), read=()))

    assert not Division.objects.filter(level="community").exists()


def test_community_of_another_district_cannot_be_taken_along(city: None, write: Write) -> None:
    take(write())
    neighbour = tuple(
        replace(one, codes=((one.codes[0][0].replace("440509", "440510"), SINCE_2019, None),)) for one in PLACES
    )
    theirs = (replace(neighbour[0], id=deterministic_id(SPACE, "neighbour")), *neighbour[1:])
    commands.trust_district(
        actor=SYSTEM, card=card(district_id=theirs[0].id, code="440510000000", name="永山区"), at=AT
    )

    with pytest.raises(ForeignDivision, match="belongs to another district"):
        take(write("x.gz", places=theirs, district_id=theirs[0].id, code="440510000000", name="永山区"))

    assert Division.objects.get(pk=RIVER).code == "440509001001"


def test_renamed_and_ended_divisions_arrive_with_their_dates(city: None, write: Write) -> None:
    take(write())
    day = date(2024, 7, 8)
    renamed = replace(
        PLACES[2],
        names=tuple(
            row
            for kind in ("official", "spoken", "short")
            for row in ((kind, "清江社区", SINCE_2019, day), (kind, "大江社区", day, None))
        ),
    )
    ended = replace(
        PLACES[3],
        ended_on=day,
        names=tuple((kind, name, start, day) for kind, name, start, _end in PLACES[3].names),
        codes=(("440509001002", SINCE_2019, day),),
        parents=((1, SINCE_2019, day),),
    )

    take(
        write(
            "two.gz",
            number=2,
            places=(PLACES[0], PLACES[1], renamed, ended),
            made_at=datetime(2024, 7, 12, 2, 0, tzinfo=UTC),
        )
    )

    assert Division.objects.get(pk=RIVER).short_name == "大江社区"
    assert Division.objects.get(pk=WOOD).ended_on == day
    assert DivisionName.objects.filter(division=RIVER, kind="spoken").count() == 2
    assert total("visits", WOOD) == 12


def test_district_outside_the_city_is_not_trusted(city: None) -> None:
    with pytest.raises(ForeignDivision, match="does not lie in 汕头市"):
        commands.trust_district(actor=SYSTEM, card=card(code="441209000000"), at=AT)


def test_district_takes_no_files(db: None, write: Write) -> None:
    with pytest.raises(WrongLevel):
        take(write())


def test_wrong_tally_at_the_city_is_found_and_named(city: None, write: Write) -> None:
    from lianxin.platform.models import Rollup, Tally

    take(write())
    Tally.objects.filter(community_id=RIVER, day_on=date(2024, 7, 2)).update(quantity=31)
    Rollup.objects.filter(area_id=DISTRICT, span="D", measure="openings", category="*").update(quantity=2)

    told = " / ".join(differences())

    assert "openings of 明湖区 from 2024-07-01 until 2024-07-11: file 1 says 1, here it is 2" in told
    assert "visits of 明湖区 in 2024-07: its communities say 55, its roll-up says 54" in told


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_file_with_any_bit_turned_is_refused(write: Write, where: float, bit: int) -> None:
    data = bytearray(write().read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    touched = write("touched.gz")
    touched.write_bytes(bytes(data))

    assert not proves(touched)


def test_every_byte_of_a_file_counts(write: Write) -> None:
    path = write()
    data = path.read_bytes()
    assert proves(path)

    dice = random.Random(7)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= dice.randrange(1, 256)
        path.write_bytes(bytes(changed))
        assert not proves(path), f"byte {position} was changed and nobody saw it"
    for rest in (b"\0", b"\n", data):
        path.write_bytes(data + rest)
        assert not proves(path)


def proves(path: Path) -> bool:
    """Tell whether a file is what the district signed, without a database."""
    from lianxin.platform import keys

    try:
        sealed = open_feed(path)
    except Problem:
        return False
    return sealed.key == sealed.header.key == header().key and keys.is_signed_by(
        public_key=header().key,
        message=to_sign(sealed.digest),
        algorithm=sealed.algorithm,
        signature=sealed.signature,
    )


def test_file_that_was_cut_off_is_told_from_a_damaged_one(write: Write) -> None:
    path = write()
    data = path.read_bytes()
    for length in (20, len(data) // 2, len(data) - 250, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(TruncatedFeed):
            open_feed(path)
    for text in (b"", b"no gzip at all", b'{"format": "something else"}'):
        path.write_bytes(text)
        with pytest.raises(UnreadableFeed):
            open_feed(path)


def test_later_version_is_told_as_such(write: Write, monkeypatch: Any) -> None:
    monkeypatch.setattr("lianxin.domain.reporting.rules.feed_format.VERSION", 2)
    path = write()
    monkeypatch.undo()

    with translation.override("en"), pytest.raises(UnknownVersion, match="version 2; this program knows 1"):
        open_feed(path)


def test_lines_out_of_order_are_refused(write: Write) -> None:
    path = write(sums=tuple(reversed(SUMS)))

    with pytest.raises(UnreadableFeed):
        list(read_parts(open_feed(path)))


def test_standard_tools_read_a_file(write: Write) -> None:
    import gzip
    import json

    lines = gzip.decompress(write().read_bytes()).decode().splitlines()

    assert json.loads(lines[0])["district"]["name"] == "明湖区"
    assert json.loads(lines[-2])["end"]["tallies"] == 5
    assert json.loads(lines[-1])["signature"]["algorithm"] == "ed25519"


def test_key_card_is_read_back_and_a_damaged_one_is_not(city: None) -> None:
    text = write_card(card())

    assert read_card(text) == card()
    for wrong in (text.replace(header().key[:4], "0000"), "{}", "no", text.replace("https://", "javascript:")):
        with pytest.raises(Invalid):
            read_card(wrong)


def test_prove_names_the_registered_key(city: None, write: Write) -> None:
    assert prove(write()).header.name == "明湖区"


def test_held_days_move_only_forward(city: None, write: Write) -> None:
    take(write())
    shorter = write(
        "two.gz", number=2, until_on=UNTIL - timedelta(days=3), sums=SUMS[:2], made_at=datetime(2024, 7, 12, tzinfo=UTC)
    )

    take(shorter)

    assert DistrictFeed.objects.get().held_until_on == UNTIL
    assert total("openings") == 1
