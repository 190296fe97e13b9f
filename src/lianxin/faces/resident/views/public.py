"""What pages that anybody may read have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from lianxin.faces.resident.community import actor_of


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a public page; for somebody who is not logged in the phone may keep it for half a minute."""
    response = render(request, template, context, status=status)
    if actor_of(request).is_anonymous and status == 200 and request.method in ("GET", "HEAD"):
        patch_cache_control(response, private=True, max_age=30)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def number_from(text: str, *, default: int = 1) -> int:
    """Read a page number, taking anything unreadable as the first page."""
    try:
        return max(1, int(text))
    except ValueError:
        return default
