"""Addresses of the API; its prefix and namespace stand beside the other faces' in config."""

from lianxin.faces.api.app import api

urlpatterns = api.urls[0]
