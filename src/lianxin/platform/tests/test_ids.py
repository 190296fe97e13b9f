"""Ids: UUIDs of the seventh version that sort as they were made."""

from uuid import UUID

from lianxin.platform.ids import new_id, new_ids


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
