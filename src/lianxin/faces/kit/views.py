"""The one view of the kit: keep how a visitor wants pages shown."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.faces.kit.preferences import MODE_COOKIE, MODES, SIZE_COOKIE, YEAR, size_from


def back(request: HttpRequest) -> str:
    """Where to return to: only an address of this site."""
    target = request.GET.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if target and safe else "/"


@never_cache
@require_safe
def show_as(request: HttpRequest) -> HttpResponse:
    """Set mode, text size or language and return; a link, so that it works without a script and on any old phone."""
    response = HttpResponseRedirect(back(request))
    chosen = {}
    if request.GET.get("mode") in MODES:
        chosen[MODE_COOKIE] = request.GET["mode"]
    if "size" in request.GET:
        chosen[SIZE_COOKIE] = str(size_from(request.GET["size"]))
    if request.GET.get("language") in dict(settings.LANGUAGES):
        chosen[settings.LANGUAGE_COOKIE_NAME] = request.GET["language"]
    for name, value in chosen.items():
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
