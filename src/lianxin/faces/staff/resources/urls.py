"""Addresses of the pages of partners and their offers."""

from django.urls import path

from . import (
    agreement_page,
    agreement_states,
    agreements,
    hsds,
    offer_forms,
    offer_states,
    offers,
    own,
    partnerships,
    promises,
)

urlpatterns = [
    path("resources/", offers.show_list, name="offers"),
    path("resources/own/", own.show, name="own_offers"),
    path("resources/new/", offer_forms.new, name="offer_new"),
    path("resources/hsds.json", hsds.give_out, name="hsds"),
    path("resources/hsds/", hsds.take_in, name="hsds_import"),
    path("resources/partnerships/", partnerships.show_list, name="partnerships"),
    path("resources/partnerships/new/", partnerships.new, name="partnership_new"),
    path("resources/partnerships/<uuid:partnership>/end/", partnerships.end, name="partnership_end"),
    path("resources/agreements/", agreements.show_list, name="agreements"),
    path("resources/agreements/new/", agreements.new, name="agreement_new"),
    path("resources/agreements/<uuid:agreement>/", agreement_page.show, name="agreement"),
    path("resources/agreements/<uuid:agreement>/paper/", agreement_page.paper, name="agreement_paper"),
    path("resources/agreements/<uuid:agreement>/edit/", agreements.edit, name="agreement_edit"),
    path("resources/agreements/<uuid:agreement>/sign/", agreement_states.sign, name="agreement_sign"),
    path("resources/agreements/<uuid:agreement>/end/", agreement_states.end, name="agreement_end"),
    path("resources/agreements/<uuid:agreement>/discard/", agreement_states.discard, name="agreement_discard"),
    path("resources/promises/", promises.show_list, name="promises"),
    path("resources/promises/<uuid:promise>/", promises.show, name="promise"),
    path("resources/promises/<uuid:promise>/keep/", promises.keep, name="promise_keep"),
    path("resources/promises/<uuid:promise>/note/", promises.note, name="promise_note"),
    path("resources/promises/<uuid:promise>/excuse/", promises.excuse, name="promise_excuse"),
    path("resources/promises/<uuid:promise>/reopen/", promises.reopen, name="promise_reopen"),
    path("resources/<uuid:offer>/", offers.show, name="offer"),
    path("resources/<uuid:offer>/edit/", offer_forms.edit, name="offer_edit"),
    path("resources/<uuid:offer>/assure/", offer_states.assure, name="offer_assure"),
    path("resources/<uuid:offer>/holds/", offer_states.holds, name="offer_holds"),
    path("resources/<uuid:offer>/resume/", offer_states.resume, name="offer_resume"),
    path("resources/<uuid:offer>/pause/", offer_states.pause, name="offer_pause"),
    path("resources/<uuid:offer>/end/", offer_states.end, name="offer_end"),
    path("resources/<uuid:offer>/promises/new/", promises.new, name="promise_new"),
]
