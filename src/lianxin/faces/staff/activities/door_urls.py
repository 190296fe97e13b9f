"""Addresses of checking in, of who came, of feedback and pictures."""

from django.urls import path

from . import attendance, door, door_offline, feedback, pictures

urlpatterns = [
    path("dates/check-in-worker.js", door_offline.worker, name="check_in_worker"),
    path("dates/<uuid:occurrence>/check-in/", door.show, name="check_in"),
    path("dates/<uuid:occurrence>/check-in/take/", door.take, name="check_in_take"),
    path("dates/<uuid:occurrence>/check-in/walk-in/", door.walk_in, name="check_in_walk_in"),
    path("dates/<uuid:occurrence>/check-in/code/", door.code, name="check_in_code"),
    path("dates/<uuid:occurrence>/check-in/offline/", door_offline.app, name="check_in_offline"),
    path("dates/<uuid:occurrence>/check-in/roster/", door_offline.give_roster, name="check_in_roster"),
    path("dates/<uuid:occurrence>/check-in/sync/", door_offline.take_scans, name="check_in_sync"),
    path("dates/<uuid:occurrence>/attendance/", attendance.show, name="attendance"),
    path("dates/<uuid:occurrence>/attendance/sheet/", attendance.sheet, name="attendance_sheet"),
    path("dates/<uuid:occurrence>/attendance/type/", attendance.type_in, name="attendance_type"),
    path("dates/<uuid:occurrence>/attendance/finish/", attendance.finish, name="attendance_finish"),
    path("dates/<uuid:occurrence>/attendance/crowd/", attendance.crowd, name="attendance_crowd"),
    path("dates/<uuid:occurrence>/feedback/", feedback.show, name="feedback"),
    path("dates/<uuid:occurrence>/pictures/", pictures.show, name="pictures"),
    path("dates/<uuid:occurrence>/pictures/new/", pictures.new, name="picture_new"),
    path("attendance/<uuid:attendance>/leave/", door.leave, name="attendance_leave"),
    path("attendance/<uuid:attendance>/undo/", door.undo, name="attendance_undo"),
    path("attendance/<uuid:attendance>/feedback/", feedback.note, name="feedback_note"),
    path("crowds/<uuid:crowd>/undo/", attendance.crowd_undo, name="crowd_undo"),
    path("no-shows/<uuid:no_show>/forgive/", attendance.forgive, name="no_show_forgive"),
    path("pictures/<uuid:picture>/", pictures.give, name="picture"),
    path("pictures/<uuid:picture>/show/", pictures.turn, name="picture_show"),
    path("pictures/<uuid:picture>/remove/", pictures.remove, name="picture_remove"),
]
