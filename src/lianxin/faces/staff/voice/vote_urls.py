"""Addresses of the pages of votes, registers of owners and opinion maps."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    opinion_acts,
    opinion_pages,
    register_acts,
    register_links,
    register_pages,
    vote_acts,
    vote_ballots,
    vote_lists,
    vote_page,
) = late_pages(
    __package__,
    "opinion_acts",
    "opinion_pages",
    "register_acts",
    "register_links",
    "register_pages",
    "vote_acts",
    "vote_ballots",
    "vote_lists",
    "vote_page",
)

VOTE = "votes/<uuid:vote>/"
BALLOT = "votes/ballots/<uuid:ballot>/"
REGISTER = "registers/<uuid:register>/"
FLAT = "registers/flats/<uuid:flat>/"
MAP = "opinion-maps/<uuid:map>/"

urlpatterns = [
    path("votes/", vote_lists.browse, name="votes"),
    path("votes/new/", vote_acts.new, name="vote_new"),
    path(VOTE, vote_page.show, name="vote"),
    path(VOTE + "edit/", vote_acts.edit, name="vote_edit"),
    path(VOTE + "open/", vote_acts.open_it, name="vote_open"),
    path(VOTE + "publish/", vote_acts.publish, name="vote_publish"),
    path(VOTE + "longer/", vote_acts.prolong, name="vote_prolong"),
    path(VOTE + "count/", vote_acts.close, name="vote_close"),
    path(VOTE + "void/", vote_acts.void, name="vote_void"),
    path(VOTE + "file/", vote_acts.file, name="vote_file"),
    path(VOTE + "file/names/", vote_acts.file_with_names, name="vote_file_names"),
    path(VOTE + "ballots/", vote_page.ballots, name="vote_ballots"),
    path(VOTE + "ballots/new/", vote_ballots.enter, name="vote_ballot"),
    path(VOTE + "not-reached/", vote_page.not_reached, name="vote_not_reached"),
    path(VOTE + "flats/<uuid:flat>/try/", vote_ballots.note_try, name="vote_try"),
    path(BALLOT + "back/", vote_ballots.take_back, name="vote_ballot_back"),
    path(BALLOT + "answer/", vote_ballots.answer, name="vote_ballot_answer"),
    path(BALLOT + "proof/", vote_ballots.proof, name="vote_ballot_proof"),
    path("registers/", register_pages.browse, name="registers"),
    path("registers/new/", register_acts.new, name="register_new"),
    path(REGISTER, register_pages.show, name="register"),
    path(REGISTER + "edit/", register_acts.edit, name="register_edit"),
    path(REGISTER + "copy/", register_acts.copy, name="register_copy"),
    path(REGISTER + "fix/", register_acts.fix, name="register_fix"),
    path(REGISTER + "release/", register_acts.release, name="register_release"),
    path(REGISTER + "flats/", register_pages.flats, name="register_flats"),
    path(REGISTER + "flats/new/", register_acts.flat_new, name="register_flat_new"),
    path(FLAT, register_acts.flat, name="register_flat"),
    path(FLAT + "household/", register_links.link, name="register_flat_link"),
    path(FLAT + "remove/", register_acts.flat_remove, name="register_flat_remove"),
    path("opinion-maps/", opinion_pages.browse, name="opinion_maps"),
    path("opinion-maps/new/", opinion_acts.new, name="opinion_map_new"),
    path("opinion-maps/waiting/", opinion_pages.waiting, name="opinion_map_waiting"),
    path("opinion-maps/statements/<uuid:statement>/", opinion_acts.decide, name="statement"),
    path(MAP, opinion_pages.show, name="map"),
    path(MAP + "edit/", opinion_acts.edit, name="opinion_map_edit"),
    path(MAP + "open/", opinion_acts.open_it, name="opinion_map_open"),
    path(MAP + "close/", opinion_acts.close, name="opinion_map_close"),
    path(MAP + "draw/", opinion_acts.draw, name="opinion_map_draw"),
    path(MAP + "cards/", opinion_acts.cards, name="opinion_map_cards"),
    path(MAP + "paper/", opinion_pages.paper_card, name="opinion_map_paper"),
    path(MAP + "file/", opinion_pages.file, name="opinion_map_file"),
    path(MAP + "statements/new/", opinion_acts.statement_new, name="statement_new"),
]
