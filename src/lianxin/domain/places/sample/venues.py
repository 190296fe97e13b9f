"""Centres and stations with their rooms, hours, amenities, equipment and standing services."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from lianxin.engines.geo import Point, in_polygon
from lianxin.platform.actors import Actor
from lianxin.platform.sample import Plan

from ..commands.division_profiles import record_division_profile
from ..commands.opening import add_opening_exception, set_opening_hours
from ..commands.rooms import add_equipment, add_rooms, set_amenities
from ..commands.services import add_services
from ..commands.venues import register_venues
from ..models import Committee, Division, StationType, Venue
from ..rules.opening import Hours
from . import offers
from .reference import above

FULL_RESIDENTS = 630_000
GOOD, SMALL, WEAK, REMOTE = "good", "small", "weak", "remote"
ESTATES = ("花园", "雅园", "名庭", "新村", "花园", "苑", "公寓", "花园", "庄", "雅园", "名庭", "花园")
STATIONS = (
    *[(StationType.ESTATE, tail) for tail in ESTATES],
    *[(StationType.MARKET, "农贸市场") for _ in range(8)],
    *[(StationType.MALL, tail) for tail in ("商场", "购物广场", "商场", "百货", "购物广场", "商场")],
    *[(StationType.TRANSPORT, tail) for tail in ("公交站场", "公交首末站", "客运站", "公交站场")],
    *[(StationType.PARK, tail) for tail in ("公园", "口袋公园", "公园", "湿地公园")],
    *[(StationType.ENTERPRISE, tail) for tail in ("工业园", "创业园", "电商产业园")],
    (StationType.SCHOOL, "小学"),
    (StationType.OTHER, "骑手驿站"),
    (StationType.OTHER, "环卫工人驿站"),
)  # fmt: skip
STATION_COUNT = 40
CENTRES_IN_FULL = 125
WORKING_WEEK = [(d, *s) for d in range(5) for s in ((time(8, 30), time(12)), (time(14, 30), time(18)))]
EVENINGS = [(1, time(19), time(21)), (3, time(19), time(21))]
WEEKEND = [(5, time(9), time(12)), (5, time(14, 30), time(17, 30)), (6, time(9), time(12))]
SHORT_WEEK = [(d, *s) for d in range(5) for s in ((time(9), time(11, 30)), (time(15), time(17)))]
EVERY_DAY: dict[str, tuple[time, time]] = {
    StationType.MALL: (time(10), time(22)),
    StationType.MARKET: (time(6), time(18)),
    StationType.ESTATE: (time(8), time(21)),
    StationType.TRANSPORT: (time(6, 30), time(22, 30)),
    StationType.PARK: (time(6), time(21)),
    StationType.ENTERPRISE: (time(8), time(20)),
    StationType.SCHOOL: (time(16, 30), time(18, 30)),
    StationType.OTHER: (time(0), time(0)),
}
CENTRE_AMENITIES = (
    "water",
    "toilet",
    "rest_seats",
    "wifi",
    "air_conditioning",
    "first_aid",
    "reading_glasses",
    "umbrella",
)
STATION_AMENITIES = ("water", "charging", "rest_seats", "first_aid", "umbrella")
MORE_AMENITIES = (
    "charging",
    "microwave",
    "aed",
    "wheelchair",
    "accessible_toilet",
    "nursing_room",
    "printing",
    "books",
    "tools",
    "tyre_pump",
    "bike_charging",
    "parcel_shelf",
    "fridge",
)
SEVERAL = ("rest_seats", "umbrella")
FREE_ROOMS = ("classics", "music", "health", "canteen", "children", "display", "training", "deliberation", "mediation")
FIVE_ROOMS = ("meeting", "reading", "sports", "counselling", "volunteer")


def weight_of(plan: Plan, division: Division) -> float:
    """Give how large a community is beside the others: the same whatever is asked of the plan."""
    dice = plan.random("weight", division.code)
    return dice.uniform(0.35, 1.1) if division.committee == Committee.VILLAGERS else dice.uniform(0.6, 1.8)


def homes_of(plan: Plan, division: Division) -> int:
    """Give how many homes a community of this size would have in the real district."""
    return round(FULL_RESIDENTS / CENTRES_IN_FULL / 3.1 * weight_of(plan, division))


def kind_of_centre(plan: Plan, division: Division) -> str:
    """Give what a centre lacks by design; 大衙村's was small before its upgrade."""
    if division.code == "440507010208":
        return SMALL
    if division.committee == Committee.VILLAGERS:
        shares = ((REMOTE, 0.24), (SMALL, 0.42), (WEAK, 0.54))
    else:
        shares = ((REMOTE, 0.02), (SMALL, 0.17), (WEAK, 0.29))
    chance = plan.random("centre", division.code).random()
    return next((kind for kind, below in shares if chance < below), GOOD)


def build_venues(plan: Plan) -> None:
    """Build a centre for each community and the stations, each complete."""
    communities: list[Division] = plan.notes["communities"]
    ring = _outline(plan)
    points = json.loads((plan.data_dir / "longhu_subdistrict_points.json").read_text(encoding="utf-8"))["points"]
    around = {point["code"]: Point(point["lng"], point["lat"]) for point in points}
    names = json.loads((plan.data_dir / "sample_names.json").read_text(encoding="utf-8"))
    system = Actor.system(via="cli")
    plan.notes["kinds"] = {division.pk: kind_of_centre(plan, division) for division in communities}
    entries = [_centre(plan, division, names, around, ring) for division in communities]
    entries += _stations(plan, communities, names, around, ring)
    venues: list[Venue] = []
    for number, entry in enumerate(entries):
        made = register_venues(actor=system, venues=[entry], at=plan.at)[0]
        venues.append(made)
        _equip(plan, made, number, plan.notes["kinds"][made.community_id])
        plan.tell("venues", (number + 1) / len(entries))
    plan.notes["venues"] = venues
    for division in communities:
        _profile(plan, division)


def _outline(plan: Plan) -> list[Any]:
    found = json.loads((plan.data_dir / "longhu_outline.geojson").read_text(encoding="utf-8"))
    geometry = found["features"][0]["geometry"] if "features" in found else found.get("geometry", found)
    return geometry["coordinates"] if geometry["type"] == "Polygon" else geometry["coordinates"][0]


def _place(dice: Random, centre: Point, ring: list[Any]) -> dict[str, Any]:
    """Give a place near the middle of a subdistrict, inside the district."""
    for _attempt in range(60):
        point = Point(round(centre.lng + dice.gauss(0, 0.007), 5), round(centre.lat + dice.gauss(0, 0.006), 5))
        if in_polygon(point, rings=ring):
            break
    else:
        point = centre
    return {"lng": point.lng, "lat": point.lat, "position_is_approximate": True}


def address_in(dice: Random, division: Division, names: dict[str, Any]) -> str:
    """Give a made-up address in a community."""
    lanes = names["addresses"]["village_lanes" if division.committee == Committee.VILLAGERS else "streets"]
    return f"{division.short_name}{dice.choice(lanes)}{dice.randint(1, 180)}号"


def _opened_on(dice: Random, division: Division) -> date:
    return max(division.created_on, date(2019, 3, 1)) + timedelta(days=dice.randint(20, 400))


def _centre(
    plan: Plan, division: Division, names: dict[str, Any], around: dict[str, Point], ring: Any
) -> dict[str, Any]:
    dice = plan.random("centre entries", division.code)
    kind = plan.notes["kinds"][division.pk]
    area = (
        dice.randint(130, 340)
        if kind == SMALL
        else max(510, round(homes_of(plan, division) * dice.uniform(0.31, 0.42)))
    )
    share = dice.uniform(0.38, 0.58) if kind == SMALL else dice.uniform(0.61, 0.84)
    return {
        "community": division.pk,
        "kind": "centre",
        "name": f"{division.short_name}党群服务中心",
        "address": address_in(dice, division, names),
        "area_m2": Decimal(area),
        "resident_area_m2": Decimal(round(area * share)),
        "phone": f"154{dice.randint(0, 99_999_999):08d}",
        "description": "一楼办事，二楼活动；周末和晚上按公布的时间开放。",
        "opened_on": _opened_on(dice, division),
        "closed_on_holidays": True,
        "is_sample": True,
        **_place(dice, around[above(division).code], ring),
    }


def _stations(
    plan: Plan, communities: list[Division], names: dict[str, Any], around: dict[str, Point], ring: Any
) -> list[dict[str, Any]]:
    count = max(min(2, len(communities)), round(STATION_COUNT * len(communities) / CENTRES_IN_FULL))
    dice = plan.random("stations")
    town = [division for division in communities if division.committee != Committee.VILLAGERS] or communities
    chosen = dice.sample(town, min(count, len(town)))
    first = next((division for division in communities if division.code == "440507004020"), None)
    if first and first not in chosen:
        chosen[0] = first
    kinds = STATIONS if count >= STATION_COUNT else dice.sample(STATIONS, min(count, STATION_COUNT))
    entries, taken = [], set()
    for division, (station_type, tail) in zip(chosen, kinds, strict=False):
        dice = plan.random("station", division.code)
        while (host := _host_name(dice, names, station_type, tail)) in taken:
            pass
        taken.add(host)
        entries.append(
            {
                "community": division.pk,
                "kind": "station",
                "station_type": station_type,
                "name": f"{host}党群服务站(样例)",
                "address": address_in(dice, division, names),
                "area_m2": Decimal(dice.randint(18, 120)),
                "resident_area_m2": Decimal(dice.randint(10, 18)),
                "description": "歇脚、喝水、充电,志愿者、快递员、骑手都欢迎。",
                "opened_on": date(2024, 1, 8) + timedelta(days=dice.randint(0, 120))
                if plan.today > date(2024, 8, 1)
                else plan.day(60),
                "host_name": host,
                "is_sample": True,
                **_place(dice, around[above(division).code], ring),
            }
        )
    return entries


def _host_name(dice: Random, names: dict[str, Any], station_type: str, tail: str) -> str:
    if station_type == StationType.ESTATE:
        parts = names["addresses"]
        return dice.choice(parts["estate_first"]) + dice.choice(parts["estate_second"]) + tail
    return dice.choice(names["organisations"]["first"]) + tail


def _equip(plan: Plan, venue: Venue, number: int, kind: str) -> None:
    """Give a venue its rooms, hours, amenities, equipment and services."""
    dice = plan.random("equip", venue.name, venue.community_id.int % 997)
    act: dict[str, Any] = {"actor": Actor.system(via="cli"), "venue": venue.pk, "at": plan.at}
    if venue.kind == "centre":
        _equip_centre(plan, venue, number, kind, dice, act)
        return
    span = EVERY_DAY[venue.station_type]
    set_opening_hours(**act, hours=[(day, *span) for day in range(7)], from_on=venue.opened_on or plan.today)
    wanted = (*STATION_AMENITIES, *dice.sample([a for a in MORE_AMENITIES if a != "charging"], 3))
    set_amenities(**act, amenities=[{"kind": code} for code in wanted])
    add_rooms(**act, rooms=[{"kind": "other", "name": "歇脚区", "seats": dice.randint(4, 20), "step_free": True}])
    must = offers.OF_STATIONS[number % len(offers.OF_STATIONS)]
    offered = offers.choose(dice, dice.randint(2, 4), village=False, usual=(), must=must)
    add_services(**act, services=[{**offers.as_entry(p), "from_on": venue.opened_on} for p in offered])


def _equip_centre(plan: Plan, venue: Venue, number: int, kind: str, dice: Random, act: dict[str, Any]) -> None:
    hours: list[Hours] = list(SHORT_WEEK if kind == WEAK else WORKING_WEEK + EVENINGS + WEEKEND)
    set_opening_hours(**act, hours=hours, from_on=venue.opened_on or plan.today)
    codes = (
        ["hall", "reading"] if kind == SMALL else ["hall", *FIVE_ROOMS, *dice.sample(FREE_ROOMS, dice.randint(1, 4))]
    )
    size = float(venue.resident_area_m2 or 60) / (len(codes) + 1)
    rooms = [
        {
            "kind": code,
            "area_m2": Decimal(round(size * dice.uniform(0.6, 1.3))),
            "seats": dice.randint(6, 40),
            "floor": 1 if code in ("hall", "health", "canteen") else 2,
            "step_free": code == "hall" or dice.random() < 0.6,
        }
        for code in [*codes, "office"]
    ]
    add_rooms(**act, rooms=rooms)
    wanted = [*CENTRE_AMENITIES, *dice.sample(MORE_AMENITIES, dice.randint(2, 6))]
    wanted += ["step_free"] if dice.random() < 0.8 else []
    wanted += ["self_service"] if kind != WEAK and dice.random() < 0.85 else []
    counted = [{"kind": code, "count": dice.randint(1, 8) if code in SEVERAL else 1} for code in wanted]
    set_amenities(**act, amenities=counted)
    looked_at = plan.day(dice.randint(5, 90))
    items: list[dict[str, Any]] = [
        {"name": "折叠椅", "count": dice.randint(20, 120), "inspected_on": looked_at},
        {"name": "投影仪", "count": 1, "inspected_on": looked_at, "condition": dice.choice(["good", "good", "worn"])},
        {"name": "灭火器", "count": dice.randint(4, 12), "inspected_on": looked_at},
        {"name": "音响", "count": 1, "condition": dice.choice(["good", "good", "good", "broken"])},
    ]
    add_equipment(**act, items=items)
    village = venue.community.committee == Committee.VILLAGERS
    count = dice.randint(4, 8) if kind == WEAK else dice.randint(10, 15)
    must = offers.PATTERNS[number % len(offers.PATTERNS)].category
    offered = offers.choose(dice, count, village=village, usual=offers.USUAL, must=must)
    add_services(**act, services=[{**offers.as_entry(p), "from_on": venue.opened_on} for p in offered])
    _exceptions(plan, dice, act)


def _exceptions(plan: Plan, dice: Random, act: dict[str, Any]) -> None:
    """Close some centres for a day behind and a day ahead."""
    if dice.random() < 0.12:
        day = plan.today + timedelta(days=dice.randint(2, 12))
        add_opening_exception(**act, first_on=day, last_on=day, reason="停电检修,请改天来")
    if dice.random() < 0.12:
        day = plan.day(dice.randint(10, 35))
        add_opening_exception(
            **act, first_on=day, last_on=day, opens=time(14, 30), closes=time(17, 30), reason="上午全体到市里开会"
        )


def _profile(plan: Plan, division: Division) -> None:
    """Enter how many homes the community has, as its office would declare it."""
    dice = plan.random("profile", division.code)
    homes = homes_of(plan, division)
    remote = plan.notes["kinds"][division.pk] == REMOTE
    record_division_profile(
        actor=Actor.system(via="cli"),
        at=plan.at,
        community=division.pk,
        on=date(plan.today.year, 1, 1),
        households=homes,
        residents=round(homes * dice.uniform(2.9, 3.3)),
        households_beyond_reach=round(homes * (dice.uniform(0.24, 0.45) if remote else dice.uniform(0.0, 0.17))),
        farthest_settlement_metres=dice.randint(2100, 3600) if remote else dice.randint(350, 1800),
        note="样例数据",
    )
