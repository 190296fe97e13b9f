"""Lunar dates and the festivals that people here keep; the calendar itself is borax's."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LunarDate, TermUtils

from lianxin.engines.reasons import N_

FIRST_YEAR, LAST_YEAR = 1901, 2099


@dataclass(frozen=True, slots=True)
class Festival:
    """A festival on a day: code, English msgid and Chinese name."""

    on: date
    code: str
    name: str
    name_zh: str


_LUNAR = (
    (1, 1, "spring_festival", N_("Spring Festival"), "春节"),
    (1, 15, "lantern", N_("Lantern Festival"), "元宵"),
    (5, 5, "dragon_boat", N_("Dragon Boat Festival"), "端午"),
    (7, 7, "qixi", N_("Double Seventh Festival"), "七夕"),
    (7, 15, "zhongyuan", N_("Ghost Festival"), "中元"),
    (8, 15, "mid_autumn", N_("Mid-Autumn Festival"), "中秋"),
    (9, 9, "double_ninth", N_("Double Ninth Festival"), "重阳"),
    (12, 8, "laba", N_("Laba Festival"), "腊八"),
)
_TERMS = (
    ("清明", "qingming", N_("Tomb-Sweeping Day"), "清明"),
    ("冬至", "winter_solstice", N_("Winter Solstice"), "冬至"),
)
_SOLAR = (
    (1, 1, "new_year", N_("New Year's Day"), "元旦"),
    (3, 5, "lei_feng", N_("Learn from Lei Feng Day"), "学雷锋纪念日"),
    (3, 8, "women", N_("Women's Day"), "妇女节"),
    (5, 1, "labour", N_("Labour Day"), "劳动节"),
    (6, 1, "children", N_("Children's Day"), "儿童节"),
    (7, 1, "party", N_("Party's Founding Day"), "建党节"),
    (8, 1, "army", N_("Army Day"), "建军节"),
    (10, 1, "national", N_("National Day"), "国庆节"),
    (12, 5, "volunteer", N_("International Volunteer Day"), "国际志愿者日"),
)


def lunar_words(day: date) -> str:
    """Write the lunar month and day, such as 十月十四 or 闰六月初二; empty outside 1901–2099."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    return str(LunarDate.from_solar(day).strftime("%L%M月%D"))


def lunar_day(day: date) -> int:
    """Give the day of the lunar month, in a leap month too; 0 outside 1901–2099."""
    return int(LunarDate.from_solar(day).day) if FIRST_YEAR <= day.year <= LAST_YEAR else 0


@lru_cache(maxsize=64)
def festivals(year: int) -> tuple[Festival, ...]:
    """List the festivals that fall in a solar year, by day; a leap month's days are none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    found = [Festival(date(year, month, day), code, name, zh) for month, day, code, name, zh in _SOLAR]
    # The end of a lunar year falls in the next solar year: look at both.
    for lunar_year in (year - 1, year):
        if lunar_year < FIRST_YEAR - 1:
            continue
        for month, day, code, name, zh in _LUNAR:
            on = LunarDate(lunar_year, month, day).to_solar_date()
            if on.year == year:
                found.append(Festival(on, code, name, zh))
    new_year = LunarDate(year, 1, 1).to_solar_date()
    found.append(Festival(new_year - timedelta(days=1), "new_years_eve", N_("Lunar New Year's Eve"), "除夕"))
    for term, code, name, zh in _TERMS:
        found.append(Festival(TermUtils.nth_term_day(year, TermUtils.name2index(term)), code, name, zh))
    return tuple(sorted(found, key=lambda festival: (festival.on, festival.code)))


def festivals_on(day: date) -> tuple[Festival, ...]:
    """List the festivals of one day."""
    return tuple(festival for festival in festivals(day.year) if festival.on == day)


def solar_term(day: date) -> str:
    """Name the solar term that begins on a day, such as 小雪, or an empty string."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    return str(LunarDate.from_solar(day).term or "")
