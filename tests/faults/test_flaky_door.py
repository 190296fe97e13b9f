"""Three hundred people at a door without a good network, by real HTTP: each is counted once, in every ledger."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lianxin.platform.ids import new_id
from tests.faults.conftest import new_database
from tests.support.flaky import FATES, DoorPhone
from tests.support.rush import Phone, Rush, Served

PEOPLE, DEVICES, SEEN_TWICE, POINTS = 300, 4, 40, 5
TOKEN = re.compile(r'data-token="([^"]+)"')


@pytest.fixture
def door(tmp_path: Path, request: pytest.FixtureRequest) -> Rush:
    """A deployment of its own on the database of the run."""
    folder = tmp_path / "var"
    folder.mkdir()
    return Rush(folder, new_database(tmp_path, request.config), steps="tests.support.door_steps")


def scans_of(shown: list[str], starts_at: datetime, chance: Random) -> list[list[dict[str, Any]]]:
    """What each device scanned: its own people, and some whom another one has too."""
    mine = [shown[number::DEVICES] for number in range(DEVICES)]
    found = []
    for own in mine:
        others = chance.sample([one for one in shown if one not in own], SEEN_TWICE)
        texts = [*own, *others]
        chance.shuffle(texts)
        found.append(
            [
                {"id": str(new_id()), "came_at": (starts_at + timedelta(seconds=number)).isoformat(), "text": text}
                for number, text in enumerate(texts)
            ]
        )
    return found


def devices_at(site: Served, made: dict[str, Any]) -> list[DoorPhone]:
    """Let each device open the page that works without a network, and take its token along."""
    page = f"/staff/activities/dates/{made['occurrence']}/check-in/"
    phones = []
    scans = scans_of(made["shown"], datetime.fromisoformat(made["starts_at"]), Random(300))
    for number, own in enumerate(scans):
        browser = Phone(site.port)
        browser.cookies["sessionid"] = made["session"]
        token = TOKEN.search(browser.ask("GET", f"{page}offline/").text)
        assert token, "the page gives no token"
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        browser.close()
        headers = {"Cookie": cookies, "X-CSRFToken": token[1]}
        phones.append(DoorPhone(site.port, f"{page}sync/", headers, own, Random(number)))
    return phones


def test_three_hundred_people_over_broken_connections_are_each_counted_once(door: Rush) -> None:
    made = door.step("prepare", str(PEOPLE))
    with door.served() as site:
        phones = devices_at(site, made)
        with ThreadPoolExecutor(DEVICES) as together:
            list(together.map(DoorPhone.send_all, phones))
    found = door.step("count", made["occurrence"])

    fates = sum((phone.fates for phone in phones), Counter[str]())
    statuses = sum((phone.statuses for phone in phones), Counter[int]())
    answers = [answer for phone in phones for answer in phone.answered.values()]
    assert set(fates) == set(FATES)
    assert set(statuses) == {200}
    assert len(answers) == PEOPLE + DEVICES * SEEN_TWICE
    assert {answer["state"] for answer in answers} <= {"new", "known"}
    assert (found["attendances"], found["people"], found["facts"]) == (PEOPLE, PEOPLE, PEOPLE)
    assert (len(found["claims"]), found["claimed"], found["earned"]) == (PEOPLE, PEOPLE, PEOPLE * POINTS)
    assert {tuple(one) for one in found["claims"]} == {("awarded", POINTS)}
    assert found["differences"] == []
