"""Addresses of the pages of needs."""

from django.urls import path

from . import calls, entries, entry_acts, figures, hearing, voice_acts, voice_answers, voice_page, voices

VOICE = "needs/voices/<uuid:voice>/"
ENTRY = "needs/<uuid:entry>/"

urlpatterns = [
    path("needs/", entries.browse, name="needs"),
    path("needs/new-voices/", voices.inbox, name="needs_inbox"),
    path("needs/voices/", voices.browse, name="voices"),
    path("needs/voices/new/", hearing.new, name="voice_new"),
    path("needs/calls/", calls.browse, name="needs_calls"),
    path("needs/calls/<uuid:reply>/told/", calls.told, name="need_told"),
    path("needs/still/", calls.stale, name="needs_confirm"),
    path("needs/figures/", figures.show, name="needs_figures"),
    path("needs/figures/each/", figures.each, name="needs_figures_each"),
    path("needs/figures/reasons/", figures.reasons, name="needs_figures_reasons"),
    path(VOICE, voice_page.show, name="voice"),
    path(VOICE + "category/", voice_acts.choose, name="voice_choose"),
    path(VOICE + "category/<slug:code>/", voice_acts.category, name="voice_category"),
    path(VOICE + "begin/", voice_acts.begin, name="voice_begin"),
    path(VOICE + "join/<uuid:entry>/", voice_acts.join, name="voice_join"),
    path(VOICE + "differs/<uuid:entry>/", voice_acts.differs, name="voice_differs"),
    path(VOICE + "close/", voice_answers.close, name="voice_close"),
    path(VOICE + "case/", voice_answers.case, name="voice_case"),
    path(VOICE + "answer/", voice_answers.answer, name="voice_answer"),
    path(VOICE + "channel/", voice_answers.channel, name="voice_channel"),
    path(VOICE + "met/", voice_answers.met, name="voice_met"),
    path(VOICE + "leave/", voice_answers.leave, name="voice_leave"),
    path(VOICE + "withdraw/", voice_answers.withdraw, name="voice_withdraw"),
    path(VOICE + "reopen/", voice_answers.reopen, name="voice_reopen"),
    path(VOICE + "slip/", calls.slip, name="voice_slip"),
    path(ENTRY, entries.show, name="need"),
    path(ENTRY + "edit/", entry_acts.edit, name="need_edit"),
    path(ENTRY + "priority/", entry_acts.priority, name="need_priority"),
    path(ENTRY + "unmet/", entry_acts.unmet, name="need_unmet"),
    path(ENTRY + "tell/", entry_acts.tell, name="need_tell"),
    path(ENTRY + "reopen/", entry_acts.reopen, name="need_reopen"),
    path(ENTRY + "confirm/", entry_acts.confirm, name="need_confirm"),
]
