"""`lianxin figures`: every figure of a period and place, computed from what was entered; and what districts hand up."""

import argparse
import json
import sys
from typing import Any

EXAMPLES = """examples:
  lianxin figures --year 2024 --json
  lianxin figures --period 2024-Q3 --place 翠英
  lianxin figures --period 2024-07-01..2024-07-15 person_times occurrences
  lianxin figures --list

files between a district and its city:
  lianxin figures export --since DATE    lianxin figures key     (at the district)
  lianxin figures trust KEYFILE          lianxin figures import FILE...    lianxin figures feeds    (at the city)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `figures` takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("names", nargs="*", metavar="FIGURE", help="only these figures (default: all)")
    parser.add_argument("--year", help="a calendar year, such as 2024")
    parser.add_argument("--period", help="a year, quarter, month, week, day or two days (default: this year)")
    parser.add_argument("--place", help="a subdistrict or community by its name or code (default: the whole)")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--list", action="store_true", help="print the catalogue and compute nothing")


def run(options: argparse.Namespace) -> int:
    """Print the catalogue, or the figures of a period and place."""
    from lianxin.faces.cli.setup import django_ready

    if options.year and options.period:
        print("Give either --year or --period, not both.", file=sys.stderr)
        return 2
    django_ready()
    from lianxin.platform import scope

    with scope.everything():
        return _print_catalogue() if options.list else _print_figures(options)


def _print_catalogue() -> int:
    from lianxin.insight.catalogue import topics

    for topic in topics():
        print(topic.label)
        for measure in topic.measures:
            names = ", ".join((measure.name, *measure.also))
            print(f"  {names:<34} {measure.kind:<9} {measure.label} ({measure.unit}). {measure.meaning}".rstrip())
    return 0


def _print_figures(options: argparse.Namespace) -> int:
    from lianxin.insight import figures
    from lianxin.insight.areas import find_area, whole
    from lianxin.insight.catalogue import find_measures, list_measures
    from lianxin.insight.periods import read_period
    from lianxin.platform import clock
    from lianxin.platform.actors import Actor

    today = clock.local_day(clock.now())
    actor = Actor.system(via="cli")
    period = read_period(options.year or options.period or str(today.year), today=today)
    on = min(period.last_on, today)
    area = find_area(options.place, actor=actor, on=on) if options.place else whole(actor, on=on)
    measures = find_measures(options.names) if options.names else list_measures()
    found = figures.values([measure.name for measure in measures], period=period, area=area)
    given: dict[str, Any] = {}
    for asked, measure in zip(options.names or [m.name for m in measures], measures, strict=True):
        names = (asked,) if options.names else (measure.name, *measure.also)
        given |= dict.fromkeys(names, found[measure.name])
    if options.json:
        print(json.dumps(given | _about(period, area), ensure_ascii=False))
        return 0
    print(f"{area.name}, {period.label}")
    for measure in measures:
        note = " (as it stands now)" if measure.is_now and period.until_on <= today else ""
        print(f"  {measure.name:<32} {found[measure.name]:>12,}  {measure.unit}{note}")
    return 0


def _about(period: Any, area: Any) -> dict[str, str]:
    return {
        "place": area.name,
        "place_code": area.code,
        "from": period.from_on.isoformat(),
        "until": period.last_on.isoformat(),
    }
