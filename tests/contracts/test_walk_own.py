"""Every registered address, walked by nobody, by those whose it is, and by those who mix their own with others'."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from lianxin.platform import scope
from tests.support.district import SmallDistrict
from tests.support.walk import (
    ADDRESSES,
    NOT_IN_SAMPLE,
    SLUGS,
    TEXTS,
    Objects,
    bare_refusals,
    is_public,
    is_theirs,
    known_visitors,
    objects_of_jinzhou,
    path_of,
    send,
    strangers_to_jinzhou,
)


@pytest.fixture(autouse=True)
def _known_visitors() -> Iterator[None]:
    with known_visitors():
        yield


@pytest.fixture
def theirs(small_district: SmallDistrict) -> Objects:
    return objects_of_jinzhou(small_district)


@pytest.fixture
def strangers(small_district: SmallDistrict) -> dict[str, Client]:
    return strangers_to_jinzhou(small_district)


@pytest.mark.django_db
def test_nobody_gets_past_the_door(small_district, theirs):
    client, wrong = Client(), []
    for address in ADDRESSES:
        if is_public(address):
            continue
        path = path_of(address, theirs)
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            to_login = answer.status_code == 302 and "/login" in answer.headers["Location"]
            if not to_login and answer.status_code not in (401, 403, 404, 405):
                wrong.append((method, address.name, answer.status_code))

    assert wrong == []


@pytest.mark.django_db
def test_the_same_addresses_are_there_for_those_whose_they_are(small_district, theirs):
    clients = {}
    for name in ("jinzhou.waisha1", "district", "security", "system", "audit"):
        clients[name] = Client()
        small_district.log_in(clients[name], name)
    missing = []
    for address in ADDRESSES:
        if is_public(address) or not is_theirs(address) or address.name in NOT_IN_SAMPLE:
            continue
        path = path_of(address, theirs)
        answers = (client.get(path).status_code in (403, 404) for client in clients.values())
        # On SQLite every role opens its page; on PostgreSQL the first who finds it proves that the fence lets them.
        with bare_refusals():
            if all(answers if connection.vendor == "postgresql" else list(answers)):
                missing.append(address.name)

    assert not missing, " ".join(missing)


@pytest.mark.django_db
def test_own_parents_do_not_lead_to_others_children(small_district, theirs):
    """/staff/places/<my venue>/rooms/<their room>/ is not there either."""
    client, ours, wrong = Client(), Objects(small_district, small_district.cuiying), []
    small_district.log_in(client, "cuiying1")
    for address in ADDRESSES:
        objects = [name for name in address.parameters if name in Objects.MODELS]
        if is_public(address) or len(objects) < 2:
            continue
        words = TEXTS | SLUGS.get(address.name, {})
        values = {name: words.get(name) or theirs.of(name) for name in address.parameters}
        values[objects[0]] = ours.of(objects[0])
        path = reverse(address.name, kwargs=values)
        for method in ("get", "post"):
            status = send(client, method, address, path).status_code
            if status not in (404, 405):
                wrong.append((method, address.name, status))

    assert wrong == []


@pytest.mark.django_db
def test_pages_without_an_object_show_strangers_nobody_of_another_community(small_district, theirs, strangers):
    with scope.everything():
        hidden = [str(pk) for pk in apps.get_model("people.Person").objects.filter(
            community=theirs.community).values_list("pk", flat=True)]  # fmt: skip
    leaks = []
    for address in ADDRESSES:
        if address.parameters:
            continue
        for name, client in strangers.items():
            answer = client.get(reverse(address.name))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if any(pk.encode() in body for pk in hidden):
                leaks.append((address.name, name))

    assert len(hidden) > 20
    assert leaks == []
