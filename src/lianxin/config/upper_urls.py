"""The root of all addresses of a city or a province: who comes in, settings, and figures of districts; nothing else."""

from django.urls import include, path
from django.views.generic import RedirectView

from lianxin.faces.kit.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", RedirectView.as_view(pattern_name="district:overview"), name="home"),
    path("", include("lianxin.faces.kit.urls")),
    path("", include("lianxin.faces.entrance.urls")),
    path("staff/", include("lianxin.faces.staff.upper_urls")),
    path("district/", include("lianxin.faces.district.upper_urls")),
]

handler400 = "lianxin.faces.kit.problems.bad_request"
handler403 = "lianxin.faces.kit.problems.forbidden"
handler404 = "lianxin.faces.kit.problems.not_found"
handler500 = "lianxin.faces.kit.problems.server_error"
