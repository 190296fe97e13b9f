"""Tables of people; one file per noun."""

from .accounts import Account, Invitation, OneTimeCode, RecoveryCode
from .cards import Card
from .consents import ConsentReceipt, ConsentText, ConsentWithdrawal, Purpose
from .households import Household, HouseholdCounter, HouseholdMembership
from .organisations import Organisation, OrganisationAlias, OrganisationCommunity, OrganisationRole
from .persons import Erasure, Person, VulnerabilityFact
from .proxies import ProxyLink
from .staff import Deputy, Handover, ResetRequest, RoleGrant

__all__ = [
    "Account",
    "Card",
    "ConsentReceipt",
    "ConsentText",
    "ConsentWithdrawal",
    "Deputy",
    "Erasure",
    "Handover",
    "Household",
    "HouseholdCounter",
    "HouseholdMembership",
    "Invitation",
    "OneTimeCode",
    "Organisation",
    "OrganisationAlias",
    "OrganisationCommunity",
    "OrganisationRole",
    "Person",
    "ProxyLink",
    "Purpose",
    "RecoveryCode",
    "ResetRequest",
    "RoleGrant",
    "VulnerabilityFact",
]
