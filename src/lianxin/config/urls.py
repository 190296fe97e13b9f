"""The root of all addresses: one prefix per face."""

from django.urls import include, path

from lianxin.faces.kit.health import healthz
from lianxin.faces.kit.late import LateResolver

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("lianxin.faces.kit.urls")),
    path("", include("lianxin.faces.entrance.urls")),
    path("staff/", include("lianxin.faces.staff.urls")),
    path("district/", include("lianxin.faces.district.urls")),
    # A server of pages alone does without the API, whose schemas take as much room as a module of the domain.
    LateResolver("api/v1/", "lianxin.faces.api.urls", namespace="api"),
    LateResolver("openrosa/", "lianxin.faces.api.openrosa_urls", namespace="openrosa"),
    LateResolver("open311/", "lianxin.faces.api.open311_urls", namespace="open311"),
    path("", include("lianxin.faces.resident.urls")),
]

handler400 = "lianxin.faces.kit.problems.bad_request"
handler403 = "lianxin.faces.kit.problems.forbidden"
handler404 = "lianxin.faces.kit.problems.not_found"
handler500 = "lianxin.faces.kit.problems.server_error"
