"""The phone's page: it goes on without a network, and is the same for everybody, for it holds no data of its own.

What a phone carries lies in the browser's IndexedDB, sealed by AES-256-GCM. PBKDF2 (SHA-256, 600,000 rounds) makes a
key of the worker's digits: under it lie the households and the phone's word. What was written at the doors lies under
a random key, which is itself sealed by the digits' key and, once more, for the office (platform/recovery.py). Nothing
can read the keys out again, and they are gone when the page locks itself. In the clear lie only the lock's salt and
counters, the number by which the office knows the phone, the day it expires, and which rows still have to be sent.

- Wrong digits make the phone wait ever longer, and after ten the households are gone. Visits that were not sent stay,
  sealed, until the right digits open them or somebody empties the phone knowing how many they are.
- Whoever forgot their digits logs in, gives their password and takes new digits: the office opens the random key for
  the worker who took the phone along and for nobody else. The households do not come back so; they are taken anew.
- When the time is over the households go, also while the page is locked; unsent visits stay and can still be finished.
- Digits are few: a thief who copies the phone's storage can try them elsewhere. Hence the short time, and few houses.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from .phone_words import phone_words

SCRIPTS = (
    *("kit/xforms-values.js", "kit/xforms-paths.js", "kit/xforms.js"),
    *("staff/visits_draw.js", "staff/visits_crypto.js", "staff/visits_store.js", "staff/visits_outbox.js"),
    *("staff/visits_controls.js", "staff/visits_form.js", "staff/visits_visit.js"),
    *("staff/visits_list.js", "staff/visits_lock.js", "staff/visits_page.js"),
)
DRAWN_WITH = (
    "kit/tokens.css",
    "kit/parts.css",
    "kit/resident.css",
    "staff/visits.css",
    "kit/icons.svg",
    "kit/mark.svg",
)


@never_cache
@require_GET
def app(request: HttpRequest) -> HttpResponse:
    """Show the page; whoever opens it sees what their phone carries, and nothing of the office's."""
    context = {"words": phone_words(), "app_scripts": [static(name) for name in SCRIPTS]}
    return render(request, "staff/visits/phone.html", context)


@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Give the worker that keeps the page for when there is no network; it changes when what it keeps changes."""
    parts = [static(name) for name in (*SCRIPTS, *DRAWN_WITH)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    context = {"parts": parts, "digest": digest}
    return render(request, "staff/visits/phone_worker.js", context, content_type="text/javascript")


@never_cache
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Give what a phone asks before it puts the page among its programs."""
    page = reverse("staff:visits_phone")
    said = {
        "id": page,
        "name": _("Lianxin visits"),
        "short_name": pgettext("phone", "Visits"),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": "#F6F5F2",
        "theme_color": "#B3261E",
        "icons": [{"src": static("kit/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
