"""Why the ledger says no."""

from django.utils.translation import gettext_lazy as _

from lianxin.platform.errors import Refused


class LedgerRefused(Refused):
    """A rule of the ledger says no; nothing was changed."""


class NotEnoughPoints(LedgerRefused):
    """The account does not hold so many free points."""

    title = _("There are not enough points.")


class AccountNotOpen(LedgerRefused):
    """The account is frozen or closed."""

    title = _("This passbook is closed or frozen.")


class NoOpenPeriod(LedgerRefused):
    """No period of the book is open for that day."""

    title = _("No period of this passbook register is open. Open the year first.")


class PeriodClosed(LedgerRefused):
    """The day lies in a period that is closed."""

    title = _("That period is closed. Enter it with a day of the current period.")


class AlreadyReversed(LedgerRefused):
    """A transaction is reversed at most once."""

    title = _("This entry was already taken back.")


class HoldEnded(LedgerRefused):
    """The points are no longer kept aside."""

    title = _("This reservation has ended.")
