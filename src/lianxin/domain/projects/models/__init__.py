"""Tables of projects; one file per noun."""

from .editions import Edition
from .lists import Project, ProjectCommunity, ProjectNeed, ProjectOffer
from .outcomes import OutcomeOccurrence, OutcomePerson
from .proposals import Proposal, ProposalCommunity, ProposalNeed
from .runs import ForbiddenPair, MatchRun, Recruitment, UnservedNeed

__all__ = [
    "Edition",
    "ForbiddenPair",
    "MatchRun",
    "OutcomeOccurrence",
    "OutcomePerson",
    "Project",
    "ProjectCommunity",
    "ProjectNeed",
    "ProjectOffer",
    "Proposal",
    "ProposalCommunity",
    "ProposalNeed",
    "Recruitment",
    "UnservedNeed",
]
