"""Tables of the places module, one file per noun."""

from .divisions import (
    Committee,
    Division,
    DivisionCode,
    DivisionLineage,
    DivisionName,
    DivisionParent,
    Level,
    LineageKind,
    NameKind,
)
from .opening import OpeningException, OpeningHours, OpeningLog, VisitCount, VisitPurpose
from .produce import Produce
from .programmes import BatchMember, Programme, ProgrammeBatch
from .rooms import Condition, Equipment, Room, RoomKind, RoomState
from .services import ServiceCategory, ServiceHours, ServiceState, StandingService
from .standards import DivisionProfile, Standard, StandardItem
from .upgrades import (
    Milestone,
    Moment,
    PlannedRoom,
    Upgrade,
    UpgradeFunding,
    UpgradeMeasure,
    UpgradePicture,
    UpgradeSpending,
    UpgradeStage,
)
from .venues import AmenityKind, StationType, Venue, VenueAmenity, VenueKind, VenuePeriod, VenueState

__all__ = [
    "AmenityKind",
    "BatchMember",
    "Committee",
    "Condition",
    "Division",
    "DivisionCode",
    "DivisionLineage",
    "DivisionName",
    "DivisionParent",
    "DivisionProfile",
    "Equipment",
    "Level",
    "LineageKind",
    "Milestone",
    "Moment",
    "NameKind",
    "OpeningException",
    "OpeningHours",
    "OpeningLog",
    "PlannedRoom",
    "Produce",
    "Programme",
    "ProgrammeBatch",
    "Room",
    "RoomKind",
    "RoomState",
    "ServiceCategory",
    "ServiceHours",
    "ServiceState",
    "Standard",
    "StandardItem",
    "StandingService",
    "StationType",
    "Upgrade",
    "UpgradeFunding",
    "UpgradeMeasure",
    "UpgradePicture",
    "UpgradeSpending",
    "UpgradeStage",
    "Venue",
    "VenueAmenity",
    "VenueKind",
    "VenuePeriod",
    "VenueState",
    "VisitCount",
    "VisitPurpose",
]
