"""Posts without a name: so many from one network and to one community, then a sentence; known residents go on."""

from datetime import timedelta
from typing import Any

import pytest

from lianxin.domain.needs.commands import posting
from lianxin.domain.needs.models import AnonymousPost, NeedReport
from lianxin.domain.people.rules.login import SendLimit
from lianxin.platform import scope
from lianxin.platform.actors import Actor

from .factories import AT, Place, make_place

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> Place:
    return make_place()


def write(place: Place, number: int, *, address: str = "198.51.100.7", after: timedelta = timedelta(0)) -> NeedReport:
    return posting.post(
        actor=Actor.anonymous().visiting(place.community.pk),
        community=place.community.pk,
        person=None,
        address=address,
        words=f"想要第{number}张长椅",
        channel="none",
        at=AT + after,
    )


def test_network_waits_after_so_many_posts_and_may_write_again_when_the_hour_is_over(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ADDRESS_LIMITS", (SendLimit(2, HOUR),))
    write(place, 1)
    write(place, 2, after=timedelta(minutes=10))

    with pytest.raises(posting.TooManyPosts, match="40"):
        write(place, 3, after=timedelta(minutes=20))
    write(place, 4, address="198.51.100.8", after=timedelta(minutes=20))
    write(place, 5, after=timedelta(minutes=61))

    with scope.everything():
        assert NeedReport.objects.count() == 4
    assert AnonymousPost.objects.count() == 4


def test_community_waits_whatever_networks_the_posts_come_from(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "COMMUNITY_LIMITS", (SendLimit(2, HOUR),))
    for number in (1, 2):
        write(place, number, address=f"198.51.100.{number}")

    with pytest.raises(posting.TooManyPosts):
        write(place, 3, address="198.51.100.3")


def test_what_limits_looked_at_is_thrown_away_and_never_holds_the_address(place: Place) -> None:
    write(place, 1)
    kept: Any = AnonymousPost.objects.get()

    assert "198.51.100.7" not in kept.address_digest
    assert posting.forget_posts(AT + timedelta(days=1)) == 0
    assert posting.forget_posts(AT + timedelta(days=3)) == 1
