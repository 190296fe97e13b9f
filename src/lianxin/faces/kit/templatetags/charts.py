"""`{% chart %}`: a figure with its table, which `kit/charts.js` draws from."""

from __future__ import annotations

from typing import Any

from django import template

from lianxin.faces.kit.charts import Chart

register = template.Library()


@register.inclusion_tag("kit/chart.html")
def chart(drawn: Chart, level: int = 2, title: str = "", folded: bool = False) -> dict[str, Any]:
    """Draw a chart and its table; a title that is given stands above it as a heading of this level.

    `folded` folds a short table too, where its numbers stand on the page already.
    """
    return {"chart": drawn, "level": level, "title": title, "folded": folded}
