"""Tables of voice; one file per noun."""

from .cases import (
    Case,
    CaseAnswer,
    CaseLink,
    CasePicture,
    CaseReport,
    CaseStep,
    Channel,
    Confidentiality,
    How,
    Subject,
    Tier,
)
from .matters import (
    AgendaItem,
    Commitment,
    Invitation,
    Matter,
    Meeting,
    MinutesAppendix,
    Party,
    Resolution,
    Speech,
)
from .mediation import (
    CourtConfirmation,
    Mediation,
    MediationClause,
    MediationParty,
    MediationTalk,
)
from .opinions import MapResult, Opinion, OpinionMap, OpinionVoter, Statement
from .programs import Program
from .receptions import ReceptionDay, ReceptionPlace, ReceptionSeries
from .tiers import CasePause, Handover, TierDecision, TierRules
from .votes import AssentRegister, Ballot, RegisterFlat, Vote

__all__ = [
    "AgendaItem",
    "AssentRegister",
    "Ballot",
    "Case",
    "CaseAnswer",
    "CaseLink",
    "CasePause",
    "CasePicture",
    "CaseReport",
    "CaseStep",
    "Channel",
    "Commitment",
    "Confidentiality",
    "CourtConfirmation",
    "Handover",
    "How",
    "Invitation",
    "MapResult",
    "Matter",
    "Mediation",
    "MediationClause",
    "MediationParty",
    "MediationTalk",
    "Meeting",
    "MinutesAppendix",
    "Opinion",
    "OpinionMap",
    "OpinionVoter",
    "Party",
    "Program",
    "ReceptionDay",
    "ReceptionPlace",
    "ReceptionSeries",
    "RegisterFlat",
    "Resolution",
    "Speech",
    "Statement",
    "Subject",
    "Tier",
    "TierDecision",
    "TierRules",
    "Vote",
]
