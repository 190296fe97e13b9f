"""The floor of the pages' bench: a page of ten rows by Django alone, without any middleware, and its addresses."""

from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

TEMPLATE = """<!doctype html><html><head><title>Ten rows</title></head><body><table>
{% for name, code in rows %}<tr><td>{{ name }}</td><td>{{ code }}</td></tr>{% endfor %}
</table></body></html>"""


@cache
def _template() -> Any:
    # Compiled once, as Django's cached loader does for every other page.
    return engines["django"].from_string(TEMPLATE)


def show(_request: HttpRequest) -> HttpResponse:
    """Read ten rows and render them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT official_name, code FROM places_division LIMIT 10")
        rows = cursor.fetchall()
    return HttpResponse(_template().render({"rows": rows}))


urlpatterns = [path("", show)]
