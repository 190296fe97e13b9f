"""The book that a shop posts to, and what the community's rules say to it on a day."""

from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianxin.domain.points.models import Book, RulesVersion
from lianxin.domain.shop.rules.terms import WITHOUT_RULES, Terms
from lianxin.platform.errors import Refused


class NoPointsHere(Refused):
    """The community keeps no passbooks, so nothing can be redeemed."""

    title = _("This community has not opened its passbooks yet, so points cannot be spent here.")


def open_book(community: UUID) -> Book:
    """Give the book that a community keeps now, within an active scope; raises NoPointsHere."""
    book = Book.objects.filter(community=community, state=Book.State.OPEN).first()
    if book is None:
        raise NoPointsHere
    return book


def terms_of(book: UUID, on: date) -> Terms:
    """Give what the rules in force on a day say to the shop; one query, since every redemption asks."""
    rules = (
        RulesVersion.objects.filter(book=book, effective_from__lte=on)
        .exclude(end__ended_on__lte=F("effective_from"))
        .order_by("-number")
        .values_list("reserve_days", "identity_check_above", "offline_points", "end__ended_on")
        .first()
    )
    if rules is None or (rules[3] is not None and rules[3] <= on):
        return WITHOUT_RULES
    return Terms(*rules[:3])
