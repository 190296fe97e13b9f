"""Printed passbooks, the take-over of paper ones, and warnings before points expire."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import Account, Book
from .ledger import Txn
from .notices import Notice


class Passbook(Record):
    """A booklet given to a household; a lost one is replaced, the account stays."""

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REPLACED = "replaced", _("replaced")
        CLOSED = "closed", pgettext_lazy("passbook", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="passbooks")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VALID)
    issued_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    # The last line that was printed into the booklet.
    printed_seq = models.PositiveIntegerField(default=0)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="points_passbook_number"),
            models.UniqueConstraint(fields=["account"], condition=Q(state="valid"), name="points_passbook_one_valid"),
            models.CheckConstraint(
                condition=Q(state="valid", ended_on__isnull=True) | ~Q(state="valid") & Q(ended_on__isnull=False),
                name="points_passbook_ended",
            ),
        ]


class TakeOver(Record):
    """Balances of paper passbooks: entered, signed by two people, shown, then posted."""

    class State(models.TextChoices):
        ENTERED = "entered", _("entered")
        SIGNED = "signed", _("signed by one")
        SHOWN = "shown", _("on public notice")
        POSTED = "posted", _("posted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="take_overs")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ENTERED)
    run = models.UUIDField(null=True, blank=True)
    paper_pages = models.CharField(max_length=200, blank=True, default="")
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True, blank=True)
    first_signed_by = models.UUIDField(null=True, blank=True)
    second_signed_by = models.UUIDField(null=True, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second_signed_by__isnull=True) | ~Q(second_signed_by=F("first_signed_by")),
                name="points_take_over_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["shown", "posted"]) | Q(second_signed_by__isnull=False),
                name="points_take_over_signed",
            ),
        ]


class TakeOverLine(Record):
    """One household's paper balance by expiry day."""

    take_over = models.ForeignKey(TakeOver, models.PROTECT, related_name="lines")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    paper_number = models.CharField(max_length=40, blank=True, default="")
    points = models.PositiveIntegerField()
    expires_on = models.DateField()
    txn = models.ForeignKey(Txn, models.PROTECT, null=True, blank=True, related_name="+")

    objects = scope.tenant_manager("take_over__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["take_over", "household", "expires_on"], name="points_take_over_line_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="points_take_over_positive"),
        ]


class ExpiryWarning(Record):
    """That a household was told of points which expire."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="warnings", db_index=False)
    expires_on = models.DateField()
    days_ahead = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField()
    sent_at = models.DateTimeField()

    objects = scope.tenant_manager("account__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "expires_on", "days_ahead"], name="points_warning_once")
        ]
