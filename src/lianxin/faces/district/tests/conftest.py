"""Clients of the department and of the offices below it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def department(small_district: Any) -> Client:
    """A client of the district department."""
    client = Client(headers={"accept-language": "zh"})
    small_district.log_in(client, "district")
    return client


@pytest.fixture
def xinjin(small_district: Any) -> Client:
    """A client of the subdistrict office that 翠英 belongs to."""
    client = Client()
    small_district.log_in(client, "xinjin")
    return client


@pytest.fixture
def community_office(small_district: Any) -> Client:
    """A client of the community office of 翠英."""
    client = Client()
    small_district.log_in(client, "cuiying1")
    return client
