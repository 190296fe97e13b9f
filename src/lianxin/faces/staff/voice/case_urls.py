"""Addresses of the pages of cases."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    case_acts,
    case_calls,
    case_intake,
    case_links,
    case_list,
    case_page,
    case_tiers,
    case_voices,
) = late_pages(
    __package__,
    "case_acts",
    "case_calls",
    "case_intake",
    "case_links",
    "case_list",
    "case_page",
    "case_tiers",
    "case_voices",
)

CASE = "cases/<uuid:case>/"
VOICE = "cases/voices/<uuid:report>/"
OUTSIDE = "cases/outside/<uuid:handover>/"

urlpatterns = [
    path("cases/", case_list.browse, name="cases"),
    path("cases/new/", case_intake.new, name="case_new"),
    path("cases/new/alike/", case_intake.alike, name="case_alike"),
    path("cases/new/people/", case_intake.people, name="case_people"),
    path("cases/calls/", case_calls.browse, name="case_calls"),
    path("cases/calls/<uuid:case_answer>/", case_calls.told, name="case_told"),
    path("cases/appeals/<uuid:decision>/", case_tiers.answer_appeal, name="case_answer_appeal"),
    path("cases/pictures/<uuid:case_picture>/", case_voices.picture, name="case_picture"),
    path("cases/pictures/<uuid:case_picture>/turn/", case_voices.picture_turn, name="case_picture_turn"),
    path(VOICE + "slip/", case_voices.slip, name="case_slip"),
    path(VOICE + "handed/", case_voices.handed_over, name="case_handed_over"),
    path(VOICE + "say/", case_voices.say, name="case_say"),
    path(VOICE + "appeal/", case_voices.appeal, name="case_appeal"),
    path(VOICE + "urge/", case_voices.urge, name="case_urge"),
    path(VOICE + "reopen/", case_voices.reopen, name="case_reopen"),
    path(VOICE + "withdraw/", case_voices.withdraw, name="case_withdraw"),
    path(VOICE + "channel/", case_voices.channel, name="case_channel"),
    path(VOICE + "photo/", case_voices.photo, name="case_photo"),
    path(VOICE + "audio/", case_voices.audio, name="case_audio"),
    path(VOICE + "split/", case_acts.split, name="case_split"),
    path(OUTSIDE + "answered/", case_tiers.outside_answered, name="case_outside_answered"),
    path(OUTSIDE + "back/", case_tiers.take_back, name="case_take_back"),
    path(OUTSIDE + "remind/", case_tiers.remind, name="case_remind"),
    path(CASE, case_page.show, name="case"),
    path(CASE + "near/", case_page.near, name="case_near"),
    path(CASE + "assign/", case_acts.assign, name="case_assign"),
    path(CASE + "start/", case_acts.start, name="case_start"),
    path(CASE + "progress/", case_acts.progress, name="case_progress"),
    path(CASE + "edit/", case_acts.edit, name="case_edit"),
    path(CASE + "public/", case_acts.public, name="case_public"),
    path(CASE + "finish/", case_acts.finish, name="case_finish"),
    path(CASE + "decline/", case_acts.decline, name="case_decline"),
    path(CASE + "join/<uuid:other_case>/", case_acts.join, name="case_join"),
    path(CASE + "tier/", case_tiers.decide, name="case_tier"),
    path(CASE + "pause/", case_tiers.pause, name="case_pause"),
    path(CASE + "prolong/", case_tiers.prolong, name="case_prolong"),
    path(CASE + "resume/", case_tiers.resume, name="case_resume"),
    path(CASE + "hand-over/", case_tiers.hand_over, name="case_hand_over"),
    path(CASE + "need/", case_links.need, name="case_need"),
    path(CASE + "room/", case_links.room, name="case_room"),
    path(CASE + "activity/", case_links.activity, name="case_activity"),
    path(CASE + "matter/", case_links.matter, name="case_matter"),
    path(CASE + "mediation/", case_links.mediation, name="case_mediation"),
]
