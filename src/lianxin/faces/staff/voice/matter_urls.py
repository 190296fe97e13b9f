"""Addresses of deliberation: matters, meetings, commitments."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    commitment_acts,
    commitment_pages,
    matter_acts,
    matter_list,
    matter_page,
    matter_papers,
    meeting_hall,
    meeting_minutes,
    meeting_page,
    meeting_plan,
    meeting_writing,
) = late_pages(
    __package__,
    "commitment_acts",
    "commitment_pages",
    "matter_acts",
    "matter_list",
    "matter_page",
    "matter_papers",
    "meeting_hall",
    "meeting_minutes",
    "meeting_page",
    "meeting_plan",
    "meeting_writing",
)

MATTER = "matters/<uuid:matter>/"
MEETING = "matters/meetings/<uuid:meeting>/"
COMMITMENT = "commitments/<uuid:commitment>/"

urlpatterns = [
    path("matters/", matter_list.browse, name="matters"),
    path("matters/new/", matter_list.new, name="matter_new"),
    path(MATTER, matter_page.show, name="matter"),
    path(MATTER + "print/", matter_papers.matter_print, name="matter_print"),
    path(MATTER + "document/", matter_papers.matter_document, name="matter_document"),
    path(MATTER + "change/", matter_acts.edit, name="matter_edit"),
    path(MATTER + "outcome/", matter_acts.close, name="matter_close"),
    path(MATTER + "rest/", matter_acts.suspend, name="matter_suspend"),
    path(MATTER + "resume/", matter_acts.resume, name="matter_resume"),
    path(MATTER + "promised/", meeting_writing.promise_in_matter, name="matter_promise"),
    path(MATTER + "sides/new/", matter_acts.side_new, name="matter_side_new"),
    path(MATTER + "sides/<uuid:side>/", matter_acts.side_edit, name="matter_side"),
    path(MATTER + "sides/<uuid:side>/left/", matter_acts.side_end, name="matter_side_end"),
    path(MATTER + "meetings/new/", meeting_plan.new, name="meeting_new"),
    path(MEETING, meeting_page.show, name="meeting"),
    path(MEETING + "change/", meeting_plan.change, name="meeting_change"),
    path(MEETING + "call-off/", meeting_plan.cancel, name="meeting_cancel"),
    path(MEETING + "ask/", meeting_plan.invite, name="meeting_invite"),
    path(MEETING + "came-by/", meeting_writing.walk_in, name="meeting_walk_in"),
    path(MEETING + "people/<uuid:invited>/<str:act>/", meeting_hall.invited, name="invited_act"),
    path(MEETING + "points/new/", meeting_writing.item_new, name="agenda_item_new"),
    path(MEETING + "points/<uuid:agenda_item>/outcome/", meeting_writing.item_deal, name="agenda_item_deal"),
    path(MEETING + "points/<uuid:agenda_item>/<str:act>/", meeting_hall.item_act, name="agenda_item_act"),
    path(MEETING + "said/", meeting_writing.say, name="meeting_say"),
    path(MEETING + "said/<uuid:speech>/drop/", meeting_hall.drop_speech, name="speech_drop"),
    path(MEETING + "decisions/new/", meeting_writing.propose, name="meeting_propose"),
    path(MEETING + "decisions/<uuid:resolution>/<str:act>/", meeting_hall.resolution, name="resolution_act"),
    path(MEETING + "promised/", meeting_writing.promise, name="meeting_promise"),
    path(MEETING + "minutes/", meeting_minutes.write, name="meeting_minutes"),
    path(MEETING + "sign/", meeting_minutes.sign, name="meeting_sign"),
    path(MEETING + "correction/", meeting_minutes.append, name="meeting_append"),
    path(MEETING + "close/", meeting_minutes.close, name="meeting_close"),
    path(MEETING + "end/", meeting_minutes.end, name="meeting_end"),
    path(MEETING + "document/", matter_papers.meeting_document, name="meeting_document"),
    path(MEETING + "do/<str:act>/", meeting_hall.act, name="meeting_act"),
    path("commitments/", commitment_pages.browse, name="commitments"),
    path(COMMITMENT, commitment_pages.show, name="commitment"),
    path(COMMITMENT + "file/", commitment_pages.evidence, name="commitment_file"),
    path(COMMITMENT + "done/", commitment_acts.say_done, name="commitment_show"),
    path(COMMITMENT + "verify/", commitment_acts.verify, name="commitment_verify"),
    path(COMMITMENT + "move/", commitment_acts.move, name="commitment_move"),
    path(COMMITMENT + "release/", commitment_acts.release, name="commitment_release"),
    path(COMMITMENT + "broken/", commitment_acts.break_, name="commitment_break"),
]
