"""Opinion map of a room or a district: who votes alike on short statements, and what all camps share.

Pure and repeatable: the same votes give the same map in whatever order they come. numpy and scipy are loaded only when
groups are looked for.

    sheet = keep_latest(votes)                  # Sheet: one vote of each voter on each statement, the latest
    placed = find_groups(sheet, groups=None)    # Map: group of each voter, their place in two dimensions
    results = weigh(sheet, placed.groups)       # per statement: consensus of all groups, counts and representativeness

Counts and formulas are those that Pol.is publishes (Small, Bjorkegren, Erkkilä, Shaw, Megill: "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", 2021). How voters are grouped is our own: see `groups`.
"""

from lianxin.engines.opinions.consensus import (
    GroupView,
    StatementResult,
    in_figures,
    shared,
    speaking_for,
    weigh,
)
from lianxin.engines.opinions.groups import Map, TooFew, find_groups
from lianxin.engines.opinions.votes import AGREE, DISAGREE, PASS, Sheet, Vote, keep_latest

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "GroupView",
    "Map",
    "Sheet",
    "StatementResult",
    "TooFew",
    "Vote",
    "find_groups",
    "in_figures",
    "keep_latest",
    "shared",
    "speaking_for",
    "weigh",
]
