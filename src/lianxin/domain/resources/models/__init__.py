"""Tables of resources; one file per noun."""

from .agreements import Agreement
from .offers import Offer, OfferCategory, OfferCommunity, OfferException, OfferTime
from .partnerships import Partnership
from .promises import Promise

__all__ = [
    "Agreement",
    "Offer",
    "OfferCategory",
    "OfferCommunity",
    "OfferException",
    "OfferTime",
    "Partnership",
    "Promise",
]
