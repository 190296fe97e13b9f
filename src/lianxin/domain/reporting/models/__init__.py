"""Tables of reporting."""

from .briefings import Briefing, BriefingKind, BriefingTemplate, IssuedBriefing
from .feeds import DistrictFeed, FeedExport, FeedFile, LevelReading
from .requests import Demand, RequestAnswer, RequestField, RequestPlace, RequestReach, UpperRequest
from .walls import Wall

__all__ = [
    "Briefing",
    "BriefingKind",
    "BriefingTemplate",
    "Demand",
    "DistrictFeed",
    "FeedExport",
    "FeedFile",
    "IssuedBriefing",
    "LevelReading",
    "RequestAnswer",
    "RequestField",
    "RequestPlace",
    "RequestReach",
    "UpperRequest",
    "Wall",
]
