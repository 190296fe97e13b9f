"""Addresses of the Open311 server; each ends in the format that is wanted."""

from django.urls import path

from . import open311

app_name = "open311"

urlpatterns = [
    path("discovery.<str:form>", open311.discovery, name="discovery"),
    path("v2/", open311.discovery, {"form": "xml"}, name="root"),
    path("v2/discovery.<str:form>", open311.discovery, name="discovery_v2"),
    path("v2/services.<str:form>", open311.services, name="services"),
    path("v2/services/<str:code>.<str:form>", open311.service, name="service"),
    path("v2/requests.<str:form>", open311.requests, name="requests"),
    path("v2/requests/<str:request_id>.<str:form>", open311.one_request, name="request"),
    path("v2/tokens/<str:token>.<str:form>", open311.token, name="token"),
    path("v2/servicerequestupdates.<str:form>", open311.updates, name="updates"),
    path("v2/media/<uuid:picture>", open311.media, name="media"),
    path("<path:rest>", open311.nothing, name="nothing"),
]
