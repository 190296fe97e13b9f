"""What becomes of roles when the place they were held at is gone."""

from datetime import UTC, datetime

import pytest

from lianxin.domain.people.commands.account_links import preview_venue_closed
from lianxin.domain.people.models import RoleGrant
from lianxin.domain.places.commands.venues import close_venue
from lianxin.domain.places.events import VenueClosed
from lianxin.platform import scope
from lianxin.platform.clock import local_day


@pytest.mark.django_db
def test_a_hosts_role_ends_with_the_venue(small_district):
    at = datetime.now(UTC)
    venue = small_district.station
    actor = small_district.actor("district")
    with scope.everything():
        assert preview_venue_closed(VenueClosed(venue=venue.pk, on=local_day(at)))

    close_venue(actor=actor, venue=venue.pk, on=local_day(at), reason="mall closed", at=at)

    assert not RoleGrant.objects.filter(venue=venue.pk, until_on__isnull=True).exists()
    assert venue.pk not in small_district.actor("host").venues
