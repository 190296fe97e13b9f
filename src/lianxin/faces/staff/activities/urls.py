"""Addresses of the office's pages of activities."""

from django.urls import path

from . import (
    activity_page,
    dates,
    editing,
    listing,
    month,
    occurrence_forms,
    occurrence_page,
    poster_pictures,
    publicity,
    publish,
)

urlpatterns = [
    path("activities/", listing.show, name="activities"),
    path("activities/calendar/", month.show, name="activities_calendar"),
    path("activities/all/", listing.show_all, name="activities_all"),
    path("activities/new/", editing.new, name="activity_new"),
    path("activities/templates/", editing.templates, name="activity_templates"),
    path("activities/copy-month/", editing.copy_month, name="activity_copy_month"),
    path("activities/<uuid:activity>/", activity_page.show, name="activity"),
    path("activities/<uuid:activity>/edit/", editing.edit, name="activity_edit"),
    path("activities/<uuid:activity>/copy/", editing.copy, name="activity_copy"),
    path("activities/<uuid:activity>/ask/", editing.ask, name="activity_ask"),
    path("activities/<uuid:activity>/end/", editing.end, name="activity_end"),
    path("activities/<uuid:activity>/delete/", editing.delete, name="activity_delete"),
    path("activities/<uuid:activity>/picture/", poster_pictures.show, name="activity_picture"),
    path("activities/<uuid:activity>/picture/change/", poster_pictures.change, name="activity_picture_change"),
    path("activities/<uuid:activity>/picture/remove/", poster_pictures.remove, name="activity_picture_remove"),
    path("activities/<uuid:activity>/dates/", dates.plan, name="activity_dates"),
    path("activities/<uuid:activity>/dates/add/", dates.add, name="activity_date_add"),
    path("activities/<uuid:activity>/dates/past/", dates.past, name="activity_past_date"),
    path("activities/<uuid:activity>/series/", dates.series, name="activity_series"),
    path("activities/<uuid:activity>/publish/", publish.check, name="activity_publish"),
    path("activities/<uuid:activity>/take-back/", publish.undo, name="activity_take_back"),
    path("activities/<uuid:activity>/cancel/", publish.cancel, name="activity_cancel"),
    path("activities/dates/<uuid:occurrence>/", occurrence_page.show, name="occurrence"),
    path("activities/dates/<uuid:occurrence>/edit/", occurrence_forms.edit, name="occurrence_edit"),
    path("activities/dates/<uuid:occurrence>/cancel/", occurrence_forms.cancel, name="occurrence_cancel"),
    path("activities/dates/<uuid:occurrence>/remove/", occurrence_forms.remove, name="occurrence_remove"),
    path("activities/dates/<uuid:occurrence>/publicity/", publicity.show, name="publicity"),
    path("activities/dates/<uuid:occurrence>/publicity/poster/", publicity.poster, name="publicity_poster"),
    path("activities/dates/<uuid:occurrence>/publicity/picture.svg", publicity.picture, name="publicity_picture"),
]
