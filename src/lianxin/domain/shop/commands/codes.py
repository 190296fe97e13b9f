"""Pick-up and voucher codes: made by chance, sealed for their owner, found by a keyed digest."""

import secrets
from typing import NamedTuple

from django.utils.translation import gettext as _

from lianxin.domain.shop.models import Redemption, Voucher
from lianxin.domain.shop.rules import codes as rules
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.sensitive import Sealed, digest, digest_candidates, seal

PICK_UP = "shop.redemption.code"
VOUCHER = "shop.voucher.code"


class Code(NamedTuple):
    """A new code as it is kept: sealed, and its digest."""

    sealed: Sealed
    digest: str


def new_pick_up_code() -> Code:
    """Make a pick-up code that no live reservation of the district has."""
    while True:
        body = rules.PICK_UP_BODIES.start + secrets.randbelow(len(rules.PICK_UP_BODIES))
        text = rules.pick_up_code(body)
        found = digest(text, PICK_UP)
        with scope.everything():
            if not Redemption.objects.filter(code_digest=found, state=Redemption.State.RESERVED).exists():
                return Code(seal(text, PICK_UP), found)


def new_voucher_code() -> Code:
    """Make a code that no voucher of the district ever had."""
    while True:
        body = rules.VOUCHER_BODIES.start + secrets.randbelow(len(rules.VOUCHER_BODIES))
        text = rules.voucher_code(body)
        found = digest(text, VOUCHER)
        with scope.everything():
            if not Voucher.objects.filter(code_digest=found).exists():
                return Code(seal(text, VOUCHER), found)


def find_redemption(typed: str) -> Redemption:
    """Give the redemption of a typed pick-up code in scope, the live one or else the last; raises a sentence."""
    text = rules.plain(typed)
    if not rules.is_pick_up_code(text):
        raise Invalid(fields={"code": [_("The code is not right. Please look at its 7 digits again.")]})
    inside = scope.ids()
    # The household of an order may have moved away since; the order itself lies in scope.
    with scope.everything():
        found = Redemption.objects.filter(code_digest__in=digest_candidates(text, PICK_UP)).order_by("-pk")
        if inside is not None:
            found = found.filter(community__in=inside)
        rows = list(found.select_related("household", "venue")[:5])
    live = [row for row in rows if row.state == Redemption.State.RESERVED]
    if not rows:
        raise Missing(_("There is no order with this code here."))
    return (live or rows)[0]


def find_voucher(typed: str) -> Voucher:
    """Give the voucher of a typed code within the active scope; raises a sentence."""
    text = rules.plain(typed)
    if not rules.is_voucher_code(text):
        raise Invalid(fields={"code": [_("The code is not right. Please look at its 10 digits again.")]})
    found = Voucher.objects.filter(code_digest__in=digest_candidates(text, VOUCHER))
    row = found.select_related("line__item", "line__redemption").first()
    if row is None:
        raise Missing(_("There is no voucher with this code."))
    return row
