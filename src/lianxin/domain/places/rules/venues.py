"""Life of a venue, the kinds of amenities and rooms every district starts with, and what a venue's entries must be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.engines.geo import check_position

PLANNED, OPEN, PAUSED, CLOSED = "planned", "open", "paused", "closed"

TRANSITIONS: dict[str, dict[str, str]] = {
    "open": {PLANNED: OPEN},
    "pause": {OPEN: PAUSED},
    "close": {PLANNED: CLOSED, OPEN: CLOSED, PAUSED: CLOSED},
    "reopen": {PAUSED: OPEN, CLOSED: OPEN},
}
WORKING = (OPEN, PAUSED)

# code, Chinese name, English name
AMENITY_KINDS: tuple[tuple[str, str, str], ...] = (
    ("water", "饮水", "Drinking water"),
    ("charging", "手机充电", "Phone charging"),
    ("microwave", "微波炉", "Microwave"),
    ("toilet", "厕所", "Toilet"),
    ("rest_seats", "休息座椅", "Seats"),
    ("wifi", "无线网络", "Wi-Fi"),
    ("aed", "自动体外除颤器(AED)", "AED"),
    ("first_aid", "急救药箱", "First-aid kit"),
    ("umbrella", "爱心雨伞", "Umbrellas to borrow"),
    ("wheelchair", "轮椅", "Wheelchair"),
    ("step_free", "无障碍通道", "Step-free way in"),
    ("accessible_toilet", "无障碍厕所", "Accessible toilet"),
    ("nursing_room", "母婴室", "Nursing room"),
    ("reading_glasses", "老花镜", "Reading glasses"),
    ("air_conditioning", "空调", "Air conditioning"),
    ("fridge", "冰箱", "Fridge"),
    ("books", "图书角", "Books"),
    ("printing", "打印复印", "Printing and copying"),
    ("self_service", "政务自助终端", "Self-service machine"),
    ("parcel_shelf", "快递暂存", "Parcel shelf"),
    ("bike_charging", "电动车充电", "Charging for e-bikes"),
    ("tools", "便民工具", "Tools to borrow"),
    ("tyre_pump", "打气筒", "Tyre pump"),
)

# code, Chinese name, English name, for residents, confidential
ROOM_KINDS: tuple[tuple[str, str, str, bool, bool], ...] = (
    ("hall", "便民服务大厅", "Service hall", True, False),
    ("service", "综合服务室", "Service room", True, False),
    ("meeting", "会议室", "Meeting room", True, False),
    ("deliberation", "议事室", "Deliberation room", True, False),
    ("reading", "图书阅览室", "Reading room", True, False),
    ("classics", "国学讲堂", "Classics hall", True, False),
    ("counselling", "心理咨询室", "Counselling room", True, True),
    ("mediation", "调解室", "Mediation room", True, True),
    ("music", "弦乐室", "Music room", True, False),
    ("health", "健康驿站", "Health station", True, False),
    ("canteen", "长者食堂", "Elders' canteen", True, False),
    ("children", "儿童活动室", "Children's room", True, False),
    ("sports", "文体活动室", "Activity room", True, False),
    ("display", "展示室", "Display room", True, False),
    ("training", "党员教育室", "Training room", True, False),
    ("volunteer", "志愿者之家", "Volunteers' room", True, False),
    ("office", "办公室", "Office", False, False),
    ("store", "储物间", "Store room", False, False),
    ("other", "其他", "Other", True, False),
)


def next_state(state: str, step: str) -> str | None:
    """Give the state that a step leads to, or None when the step is not possible from here."""
    return TRANSITIONS[step].get(state)


def venue_problems(values: dict[str, object]) -> dict[str, list[Promise | str]]:
    """Give what is wrong with a venue's entries, by field; empty when nothing is."""
    problems: dict[str, list[Promise | str]] = {}

    def blame(field: str, sentence: Promise | str) -> None:
        problems.setdefault(field, []).append(sentence)

    for field, longest in (("name", 100), ("address", 200), ("phone", 30), ("host_name", 100)):
        if len(str(values.get(field) or "")) > longest:
            blame(field, _("Use at most %(count)d characters.") % {"count": longest})
    if not str(values.get("name") or "").strip():
        blame("name", _("Give the venue a name."))
    kind, station_type = values.get("kind"), values.get("station_type") or ""
    if kind == "station" and not station_type:
        blame("station_type", _("Say where the station is: in a mall, a market, an estate."))
    if kind == "centre" and station_type:
        blame("station_type", _("Only stations have a type."))
    _blame_position(values, blame)
    area, resident_area = values.get("area_m2"), values.get("resident_area_m2")
    for field, value in (("area_m2", area), ("resident_area_m2", resident_area)):
        if isinstance(value, int | float | Decimal):
            if value < 0 or (field == "area_m2" and value == 0):
                blame(field, _("An area is more than 0 square metres."))
            elif value >= 1_000_000:
                blame(field, _("An area is less than 1,000,000 square metres."))
    if isinstance(resident_area, int | float | Decimal):
        if area is None:
            blame("area_m2", _("Enter the whole area before the part that residents use."))
        elif isinstance(area, int | float | Decimal) and resident_area > area:
            blame("resident_area_m2", _("The part that residents use cannot be larger than the whole."))
    return problems


def _blame_position(values: dict[str, object], blame: Callable[[str, Promise | str], None]) -> None:
    """Look at a position: both numbers or none, and within the country."""
    lng, lat = values.get("lng"), values.get("lat")
    if (lng is None) != (lat is None):
        blame("lng" if lng is None else "lat", _("Enter longitude and latitude, or neither."))
    elif isinstance(lng, int | float | Decimal) and isinstance(lat, int | float | Decimal):
        reason = check_position(float(lng), float(lat))
        if reason is not None:
            blame("lng", _(reason.message))
