"""A chart is its table: what it says of itself, what it refuses, and colours that everybody can tell apart."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils import translation

from lianxin.faces.kit.charts import KINDS, Chart, Point, Series

SCRIPT = Path(__file__).resolve().parents[1] / "static" / "kit" / "charts.js"
MONTHS = [Point(f"{n}月", f"/figures/{n}/") for n in range(1, 4)]


def chart(kind="bar", points=MONTHS, series=None, **more):
    return Chart(kind, "人次", "月份", points, series or [Series("人次", [7, 7420, None])], **more)


def test_alt_text_names_the_highest_and_the_lowest_with_their_values():
    with translation.override("en"):
        said = chart(unit="person-times").alt

    assert said == "人次, 3 entries by 月份: highest at 2月 with 7,420 person-times, lowest at 1月 with 7 person-times."


def test_alt_text_says_each_column_and_what_is_not_known():
    columns = [Series("来过", [1, 5, 3]), Series("志愿", [None, None, None]), Series("一样", [2, 2, 2])]

    with translation.override("zh-hans"):
        said = chart("stacked", series=columns).alt

    assert "来过：最高是2月,5" in said
    assert "还没有数据" in said
    assert "一直是 2" in said


def test_table_holds_every_value_under_its_headings_and_leads_on():
    page = Template("{% chart drawn title='人次' %}").render(Context({"drawn": chart()}))

    assert page.count('scope="row"') == 3
    assert page.count('scope="col"') == 2
    assert '<a href="/figures/2/">2月</a></th><td class="number">7,420</td>' in page
    assert '<td class="number">—</td>' in page
    assert '<details class="chart-table" open' in page
    assert f'aria-label="{chart().alt}"' in page


def test_long_table_is_folded_away_only_by_the_script():
    days = [Point(f"{n}日", on=date(2024, 7, n)) for n in range(1, 31)]
    page = Template("{% chart drawn %}").render(
        Context({"drawn": chart("calendar", days, [Series("人次", list(range(30)))])})
    )

    assert "open data-long" in page
    assert page.count('data-day="2024-07-') == 30


def test_names_are_escaped():
    page = Template("{% chart drawn %}").render(Context({"drawn": chart(points=[Point("<b>", "")] * 3)}))

    assert "<b>" not in page


@pytest.mark.parametrize(
    ("kind", "points", "series", "words"),
    [
        ("pie", MONTHS, [Series("a", [1, 2, 3])], "cannot be 'pie'"),
        ("bar", MONTHS, [Series("a", [1])], "1 values for 3 rows"),
        ("calendar", MONTHS, [Series("a", [1, 2, 3])], "is a day"),
        ("scatter", MONTHS, [Series("a", [1, 2, 3])], "two columns"),
    ],
)
def test_what_cannot_be_drawn_is_refused(kind, points, series, words):
    with pytest.raises(ValueError, match=words):
        chart(kind, points, series)


def test_script_draws_every_kind():
    script = SCRIPT.read_text()

    drawn = re.search(r"const DRAW = \{(.*?)\};", script, re.S).group(1)
    assert all(re.search(rf"\b{kind}\b", drawn) for kind in KINDS)


def test_colours_stand_out_on_white_and_differ_in_lightness_or_hue():
    colours = re.search(r"const COLOURS = \[(.*?)\]", SCRIPT.read_text()).group(1)
    found = re.findall(r"#([0-9a-f]{6})", colours)

    assert len(found) >= 5
    for colour in found:
        assert contrast_on_white(colour) >= 3, colour
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            assert apart_for_everybody(one, other), (one, other)


def channels(colour):
    return [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]


def linear(colour):
    return [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]


def contrast_on_white(colour):
    red, green, blue = linear(colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def apart_for_everybody(one, other):
    """Compare two colours as three kinds of eyes see them; the numbers reduce red and green to one signal."""
    kinds = (
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((0.56667, 0.43333, 0), (0.55833, 0.44167, 0), (0, 0.24167, 0.75833)),
        ((0.625, 0.375, 0), (0.7, 0.3, 0), (0, 0.3, 0.7)),
    )
    for kind in kinds:
        seen = [[sum(w * c for w, c in zip(row, channels(x), strict=True)) for row in kind] for x in (one, other)]
        if sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5 < 0.1:
            return False
    return True
