"""Addresses of the pages of points: those of a community's book, and those of single records."""

from django.urls import path

from . import (
    award,
    award_many,
    booklets,
    books,
    budgets,
    claim_lists,
    claims,
    drafts,
    notices,
    objections,
    passbooks,
    periods,
    rehearsal,
    relatives,
    rolls,
    rules,
    take_overs,
)

BOOK = "points/<uuid:community>/"
CLAIM = "points/claims/<uuid:claim>/"
HOME = "points/households/<uuid:household>/"
BOOKLET = "points/passbooks/<uuid:passbook>/"
NOTICE = "points/notices/<uuid:notice>/"
RULES = "points/rules/<uuid:rules>/"
BUDGET = "points/budgets/<uuid:budget>/"
PERIOD = "points/years/<uuid:period>/"
TAKE_OVER = "points/paper/<uuid:take_over>/"
ROLL = "points/rolls/<uuid:roll>/"

urlpatterns = [
    path("points/", books.index, name="points"),
    path("points/relatives/", relatives.show_list, name="points_relatives"),
    path("points/relatives/new/", relatives.declare, name="points_relative_new"),
    path("points/relatives/<uuid:relative>/end/", relatives.end, name="points_relative_end"),
    path(BOOK, books.show, name="points_book"),
    path(BOOK + "prepare/", books.prepare, name="points_prepare"),
    path(BOOK + "switch-on/", books.switch, name="points_switch_on"),
    path(BOOK + "award/", award.show, name="points_award"),
    path(BOOK + "award/list/", award_many.show, name="points_award_list"),
    path(BOOK + "approvals/", claim_lists.approvals, name="points_approvals"),
    path(BOOK + "claims/", claim_lists.show, name="points_claims"),
    path(BOOK + "passbooks/", passbooks.show_list, name="points_passbooks"),
    path(BOOK + "notices/", notices.show_list, name="points_notices"),
    path(BOOK + "notices/publish/", notices.publish, name="points_publish"),
    path(BOOK + "objections/", objections.show_list, name="points_objections"),
    path(BOOK + "rules/", rules.show_list, name="points_rules"),
    path(BOOK + "rules/draft/", drafts.show, name="points_draft"),
    path(BOOK + "rules/draft/begin/", drafts.begin, name="points_draft_begin"),
    path(BOOK + "rules/draft/item/", drafts.edit_item, name="points_draft_item"),
    path(BOOK + "rules/draft/rehearsal/", rehearsal.show, name="points_rehearsal"),
    path(BOOK + "rules/draft/publish/", drafts.publish, name="points_draft_publish"),
    path(BOOK + "rules/draft/discard/", drafts.discard, name="points_draft_discard"),
    path(BOOK + "budgets/", budgets.show_list, name="points_budgets"),
    path(BOOK + "budgets/new/", budgets.new, name="points_budget_new"),
    path(BOOK + "years/", periods.show_list, name="points_periods"),
    path(BOOK + "years/open/", periods.open_one, name="points_period_open"),
    path(BOOK + "paper/", take_overs.show_list, name="points_take_overs"),
    path(BOOK + "rolls/", rolls.show_list, name="points_rolls"),
    path(BOOK + "rolls/new/", rolls.draw, name="points_roll_new"),
    path(CLAIM, claims.show, name="points_claim"),
    path(CLAIM + "agree/", claims.agree, name="points_approve"),
    path(CLAIM + "refuse/", claims.say_no, name="points_refuse"),
    path(CLAIM + "take-back/", claims.undo, name="points_take_back"),
    path(HOME, passbooks.show, name="points_passbook"),
    path(HOME + "statement/", booklets.show_statement, name="points_statement"),
    path(HOME + "issue/", booklets.issue, name="points_issue"),
    path(HOME + "hand-over/", booklets.hand_over, name="points_hand_over"),
    path(HOME + "carry-over/", booklets.carry_over, name="points_carry_over"),
    path("points/waiting/<uuid:account>/", booklets.left_behind, name="points_left_behind"),
    path(BOOKLET, passbooks.by_booklet, name="passbook"),
    path(BOOKLET + "pages/", booklets.sheet, name="points_booklet"),
    path(BOOKLET + "printed/", booklets.printed, name="points_printed"),
    path(BOOKLET + "reissue/", booklets.reissue, name="points_reissue"),
    path(NOTICE, notices.show, name="points_notice"),
    path(NOTICE + "print/", notices.sheet, name="points_notice_sheet"),
    path(NOTICE + "object/", objections.raise_for, name="points_object"),
    path("points/objections/<uuid:objection>/", objections.show, name="points_objection"),
    path(RULES, rules.show, name="points_rules_version"),
    path(RULES + "end/", rules.withdraw, name="points_rules_withdraw"),
    path(BUDGET, budgets.show, name="points_budget"),
    path(BUDGET + "add/", budgets.add, name="points_budget_add"),
    path(BUDGET + "close/", budgets.close, name="points_budget_close"),
    path(PERIOD, periods.show, name="points_period"),
    path(PERIOD + "close/", periods.close, name="points_period_close"),
    path(TAKE_OVER, take_overs.show, name="points_take_over"),
    path(TAKE_OVER + "sign/", take_overs.sign, name="points_take_over_sign"),
    path(TAKE_OVER + "withdraw/", take_overs.withdraw, name="points_take_over_withdraw"),
    path(TAKE_OVER + "post/", take_overs.post, name="points_take_over_post"),
    path(ROLL, rolls.show, name="points_roll"),
    path(ROLL + "publish/", rolls.freeze, name="points_roll_freeze"),
    path(ROLL + "discard/", rolls.discard, name="points_roll_discard"),
    path(ROLL + "poster/", rolls.poster, name="points_roll_poster"),
]
