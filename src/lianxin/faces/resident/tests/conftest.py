"""Clients who have chosen a community or come in."""

import pytest
from django.test import Client

from lianxin.faces.resident.community import COOKIE
from tests.support.district import SmallDistrict


@pytest.fixture
def visitor(small_district: SmallDistrict, client: Client) -> Client:
    """Somebody who is not logged in and has chosen 翠英社区."""
    client.cookies[COOKIE] = str(small_district.cuiying.pk)
    return client


@pytest.fixture
def resident(small_district: SmallDistrict, client: Client) -> Client:
    """The head of a household of 翠英社区, logged in, in English so that tests read the msgids."""
    small_district.log_in_resident(client)
    client.cookies["lianxin-language"] = "en"
    return client
