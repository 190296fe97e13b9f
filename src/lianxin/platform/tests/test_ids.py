"""Ids: UUIDs of the seventh version that sort as they were made."""

from datetime import UTC, datetime
from threading import Thread
from uuid import UUID

from lianxin.platform import ids
from lianxin.platform.ids import new_id, new_ids

SINCE = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_an_id_is_a_uuid_of_the_seventh_version_like_any_other():
    made = [new_id(), *new_ids(1000), new_id()]

    assert sorted(made) == made
    assert len(set(made)) == len(made)
    for one in made[:3]:
        assert (one.version, one.variant) == (7, "specified in RFC 4122")
        assert one == UUID(str(one)) == UUID(bytes=one.bytes)
        assert hash(one) == hash(UUID(str(one)))
        assert repr(one) == f"UUID('{one}')"
        assert one.is_safe is UUID(int=0).is_safe


def test_ids_of_one_seed_are_the_same_and_sort_and_are_no_other_seeds():
    def made(seed: str) -> list[UUID]:
        with ids.repeatable(seed, from_at=SINCE):
            return [new_id(), *new_ids(50), new_id()]

    assert made("7 2026-11-23") == made("7 2026-11-23") == sorted(made("7 2026-11-23"))
    assert not set(made("7 2026-11-23")) & set(made("8 2026-11-23"))
    assert new_id() > made("7 2026-11-23")[-1]


def test_other_threads_go_on_by_the_clock_and_take_nothing_away():
    others: list[UUID] = []

    with ids.repeatable("7", from_at=SINCE):
        alone = [new_id(), new_id()]
    with ids.repeatable("7", from_at=SINCE):
        first = new_id()
        beside = Thread(target=lambda: others.extend(new_ids(20)))
        beside.start()
        beside.join()
        second = new_id()

    assert [first, second] == alone
    assert not set(others) & set(alone)


def test_what_came_to_nothing_is_made_again_alike():
    with ids.repeatable("7", from_at=SINCE):
        place = ids.bookmark()
        tried = new_ids(3)
        ids.go_back(place)
        again = new_ids(3)

    assert again == tried
