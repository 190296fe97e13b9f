"""A city beside a district: what the district counts is what the city's program shows, and it leads back."""

from __future__ import annotations

import html
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from lianxin.domain.places.commands.visits import undo_visits
from lianxin.domain.places.models import Division, VisitCount
from lianxin.domain.reporting.rules.feed_keys import write_card
from lianxin.domain.reporting.rules.feed_problems import WrongLevel
from lianxin.faces.cli.main import main
from lianxin.insight import figures, periods
from lianxin.insight.areas import find_area, whole
from lianxin.insight.catalogue import list_measures
from lianxin.insight.feed_tasks import key_card, write_feed, write_nightly
from lianxin.platform import clock, scope
from lianxin.platform.actors import Actor
from tests.support.district import CUIYING, SmallDistrict
from tests.support.site import Site

SYSTEM = Actor.system(via="cli")
OF_A_DISTRICT = ("/staff/people/", "/api/v1/openapi.json", "/places/", "/district/figures/visits/records/")
ADDRESS = "https://longhu.example.invalid"
ADMINISTRATORS = ("--admin-system", "chen", "--admin-security", "lin", "--admin-audit", "huang")


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Site]:
    """Give a city that was set up and is not running."""
    site = Site(folder=tmp_path / "city", settings={"LIANXIN_LEVEL": "city"})
    site.run("init", "--district-code", "440500", "--name", "汕头市", *ADMINISTRATORS)
    yield site
    site.stop()


def figures_here(district: SmallDistrict, place: str = "") -> dict[str, int]:
    """Give the district's figures of the last whole month, but for those that are known only as they stand now."""
    period = periods.month_of(district.today).before()
    names = [one.name for one in list_measures() if not one.is_now]
    with scope.everything():
        area = find_area(place, actor=SYSTEM, on=period.last_on) if place else whole(SYSTEM, on=period.last_on)
        return figures.values(names, period=period, area=area)


def figures_there(city: Site, district: SmallDistrict, place: str) -> dict[str, int]:
    """Give the same figures as the city's program prints them."""
    period = periods.month_of(district.today).before()
    told = json.loads(city.run("figures", "--period", period.text, "--place", place, "--json"))
    return {one.name: told[one.name] for one in list_measures() if not one.is_now}


def write_file(district: SmallDistrict, path: Path, *, days: int, at: datetime) -> str:
    """Write the district's file of so many days."""
    since = district.today - timedelta(days=days)
    return str(write_feed(actor=SYSTEM, since_on=since, until_on=district.today, at=at, path=path).path)


@pytest.mark.django_db
def test_city_shows_what_the_district_counts_and_leads_back_to_it(
    small_district_with_points: SmallDistrict, city: Site, tmp_path: Path, settings: Any
) -> None:
    district = small_district_with_points
    settings.BASE_URL = ADDRESS
    card = tmp_path / "key.json"
    card.write_text(write_card(key_card()), encoding="utf-8")
    first = write_file(district, tmp_path / "one.gz", days=400, at=clock.now())
    before = figures_here(district, CUIYING)
    # A count of last month is taken back: the next small file brings the old day along.
    month = periods.month_of(district.today).before()
    with scope.everything():
        visits = VisitCount.objects.filter(
            community=district.cuiying, at__lt=clock.local_moment(month.until_on), undone_at=None
        ).order_by("-at")[0]
    undo_visits(actor=SYSTEM, visits=visits.pk, at=clock.now())
    second = write_file(district, tmp_path / "two.gz", days=1, at=clock.now() + timedelta(minutes=1))

    trusted = city.run("figures", "trust", str(card))
    said = city.run("figures", "import", second, first)

    assert key_card().fingerprint in trusted
    assert "file 1 of 龙湖区" in said
    assert "file 2 of 龙湖区" in said
    top, cuiying = figures_here(district), figures_here(district, CUIYING)
    assert cuiying["visits"] == before["visits"] - visits.count
    assert top["visits"] > cuiying["visits"] > 0
    assert top["centres"] == 3
    assert figures_there(city, district, "440507000000") == top
    assert figures_there(city, district, CUIYING) == cuiying
    assert "BAD" not in city.run("verify")

    city.start()
    pages = Pages(city)
    period = periods.month_of(district.today).before().text
    community = Division.objects.get(code=CUIYING, ended_on=None)
    overview = pages.get(f"/district/?period={period}")
    figure = pages.get(f"/district/figures/visits/?period={period}&place={community.pk}")
    assert f"{top['visits']:,}" in overview
    assert "数据到" in overview
    assert f"{cuiying['visits']:,}" in figure
    subdistrict = pages.get(f"/district/figures/visits/?period={period}&place={community.parent_id}")
    there = f"{ADDRESS}/district/figures/visits/?period={period}&place={CUIYING}"
    assert there in links(figure)
    assert there in links(subdistrict)
    assert all('data-chart="bar"' in page for page in (figure, subdistrict))
    assert not [link for page in (overview, figure, subdistrict) for link in links(page) if "/records/" in link]
    assert [pages.status(address) for address in OF_A_DISTRICT] == [404] * len(OF_A_DISTRICT)
    assert pages.status("/staff/settings/") == 200


class Pages:
    """A reader of the city's department."""

    def __init__(self, site: Site) -> None:
        cookie = site.run_module("tests.support.upper_session")
        self._site = site
        self._cookie = f"{cookie['name']}={cookie['value']}"

    def get(self, address: str) -> str:
        """Give a page."""
        request = urllib.request.Request(f"{self._site.url}{address}", headers={"Cookie": self._cookie})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(answer.read().decode())

    def status(self, address: str) -> int:
        """Give what an address answers."""
        try:
            self.get(address)
        except urllib.error.HTTPError as error:
            return error.code
        return 200


def links(page: str) -> set[str]:
    """Give the addresses to which a page leads."""
    return {html.unescape(found) for found in re.findall(r'href="([^"]+)"', page)}


@pytest.mark.django_db
def test_nightly_file_lies_in_the_folder_of_feeds_and_reaches_back_a_week(
    small_district: SmallDistrict, tmp_path: Path
) -> None:
    at = clock.now()

    first = write_nightly(actor=SYSTEM, folder=tmp_path, at=at)
    again = write_nightly(actor=SYSTEM, folder=tmp_path, at=at)
    following = write_nightly(actor=SYSTEM, folder=tmp_path, at=at + timedelta(days=1))

    assert first is not None
    assert following is not None
    assert again is None
    assert following.header.since_on == first.header.until_on - timedelta(days=7)
    assert (following.header.number, following.header.previous) == (2, first.digest)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [first.path.name, following.path.name, "figures-key-440507.json"]
    )


@pytest.mark.django_db
def test_command_line_says_what_it_wrote_and_why_it_refuses(
    small_district: SmallDistrict, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, day = tmp_path / "figures.gz", small_district.today - timedelta(days=3)

    with translation.override("en"):
        codes = [
            main(["figures", "export", "--since", str(day), "--out", str(file)]),
            main(["figures", "export", "--since", str(small_district.today + timedelta(days=1))]),
            main(["figures", "import", str(file)]),
            main(["figures", "import", str(tmp_path / "nothing.gz")]),
            main(["figures", "key", "--out", str(tmp_path / "key.json")]),
            main(["figures", "trust", str(tmp_path / "key.json")]),
            main(["figures", "trust", str(file)]),
            main(["figures", "feeds"]),
        ]

    told = capsys.readouterr()
    assert codes == [0, 1, 1, 1, 0, 1, 1, 0]
    assert f"{file}: file 1 of 龙湖区, days {day} to before {small_district.today}" in told.out
    assert f"Fingerprint of the key of 龙湖区: {key_card().fingerprint}" in told.err
    with translation.override("en"):
        assert told.err.count(str(WrongLevel.title)) == 2
        assert "There is no whole day from" in told.err
        assert "nothing.gz cannot be opened" in told.err
        assert "it is no text" in told.err
