"""Addresses of the pages of the rules of tiers."""

from django.urls import path

from lianxin.faces.kit.late import late_pages

(
    rule_drafts,
    rule_pages,
) = late_pages(
    __package__,
    "rule_drafts",
    "rule_pages",
)

RULES = "cases/rules/<uuid:tier_rules>/"
PLACE = "cases/rules/places/<uuid:division>/"

urlpatterns = [
    path("cases/rules/", rule_pages.show_list, name="tier_rules_list"),
    path(PLACE, rule_pages.show_place, name="tier_rules_place"),
    path(PLACE + "begin/", rule_drafts.begin, name="tier_rules_begin"),
    path(RULES, rule_pages.show, name="tier_rules"),
    path(RULES + "terms/", rule_drafts.terms, name="tier_rules_terms"),
    path(RULES + "criterion/", rule_drafts.criterion, name="tier_rules_criterion"),
    path(RULES + "publish/", rule_drafts.publish, name="tier_rules_publish"),
    path(RULES + "discard/", rule_drafts.discard, name="tier_rules_discard"),
]
