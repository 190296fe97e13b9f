"""Address of the search."""

from django.urls import path

from . import find

urlpatterns = [path("search/", find.find, name="search")]
