"""Addresses of the pages of mediations."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    mediation_acts,
    mediation_agreement,
    mediation_court,
    mediation_endings,
    mediation_list,
    mediation_open,
    mediation_page,
) = late_pages(
    __package__,
    "mediation_acts",
    "mediation_agreement",
    "mediation_court",
    "mediation_endings",
    "mediation_list",
    "mediation_open",
    "mediation_page",
)

ONE = "mediations/<uuid:mediation>/"
PARTY = "mediations/sides/<uuid:mediation_party>/"
TALK = "mediations/talks/<uuid:mediation_talk>/"
CLAUSE = "mediations/clauses/<uuid:clause>/"

urlpatterns = [
    path("mediations/", mediation_list.browse, name="mediations"),
    path("mediations/new/", mediation_list.new, name="mediation_new"),
    path(ONE, mediation_page.show, name="mediation"),
    path(ONE + "open/", mediation_open.open_sealed, name="mediation_open"),
    path(ONE + "paper/", mediation_open.paper, name="mediation_paper"),
    path(ONE + "sides/new/", mediation_acts.party_new, name="mediation_party_new"),
    path(PARTY + "remove/", mediation_acts.party_remove, name="mediation_party_remove"),
    path(PARTY + "consent/", mediation_acts.consent, name="mediation_consent"),
    path(PARTY + "sign/", mediation_agreement.sign, name="mediation_sign"),
    path(ONE + "appoint/", mediation_acts.appoint, name="mediation_appoint"),
    path(ONE + "step-down/", mediation_acts.step_down, name="mediation_step_down"),
    path(ONE + "ties/", mediation_acts.ties, name="mediation_ties"),
    path(ONE + "accept/", mediation_acts.accept, name="mediation_accept"),
    path(ONE + "talks/new/", mediation_acts.talk, name="mediation_talk"),
    path(ONE + "talks/plan/", mediation_acts.talk_plan, name="mediation_talk_plan"),
    path(TALK + "hold/", mediation_acts.hold, name="mediation_hold"),
    path(TALK + "drop/", mediation_acts.talk_drop, name="mediation_talk_drop"),
    path(ONE + "clauses/new/", mediation_agreement.clause, name="mediation_clause"),
    path(CLAUSE + "edit/", mediation_agreement.clause_edit, name="mediation_clause_edit"),
    path(CLAUSE + "agree/", mediation_agreement.clause_agree, name="mediation_clause_agree"),
    path(CLAUSE + "remove/", mediation_agreement.clause_remove, name="mediation_clause_remove"),
    path(ONE + "agree/", mediation_agreement.agree, name="mediation_agree"),
    path(ONE + "visits/plan/", mediation_agreement.visit_plan, name="mediation_visit_plan"),
    path(ONE + "visits/new/", mediation_agreement.visit, name="mediation_visit"),
    path(ONE + "perform/", mediation_endings.perform, name="mediation_perform"),
    path(ONE + "broken/", mediation_endings.broken, name="mediation_broken"),
    path(ONE + "fail/", mediation_endings.fail, name="mediation_fail"),
    path(ONE + "withdraw/", mediation_endings.withdraw, name="mediation_withdraw"),
    path(ONE + "court/", mediation_court.court_ask, name="mediation_court"),
    path(ONE + "court/decided/", mediation_court.court_decided, name="mediation_court_decided"),
    path(ONE + "court/without/", mediation_court.court_waive, name="mediation_court_waive"),
]
