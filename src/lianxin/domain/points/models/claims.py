"""Acts offered for points, and what was decided about each."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import Book
from .ledger import Txn
from .rules import Budget, RuleItem, RulesVersion


class Claim(Record):
    """An act of a household: what it was, what decided it, and the points given or the reason for none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        AWARDED = "awarded", _("points given")
        NOTHING = "nothing", _("no points")
        REFUSED = "refused", _("refused by the second person")
        REVERSED = "reversed", _("taken back")

    class Reason(models.TextChoices):
        FULL = "", _("in full")
        NO_BOOK = "no_book", _("the community keeps no passbooks yet")
        NO_RULES = "no_rules", _("no rules were in force on that day")
        NO_ITEM = "no_item", _("the rules give no points for this")
        TOO_LITTLE = "too_little", _("too little for a point")
        CAP_HOUSEHOLD = "cap_household", _("the household has reached the most for this time")
        CAP_PERSON = "cap_person", _("the person has reached the most for this time")
        CAP_BOOK = "cap_book", _("the community has reached the most for this time")
        BUDGET = "budget", _("the budget is used up")
        SECOND_PERSON = "second_person", _("a second person has to agree")
        NO_HOUSEHOLD = "no_household", _("the person belongs to no household here")
        CLOSED = "closed", _("the passbook is closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, null=True, blank=True, related_name="claims")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    # The person, or the household where no person is named: what an act is offered for once.
    subject = models.UUIDField()
    act_kind = models.CharField(max_length=40)
    quantity = models.PositiveIntegerField(default=1)
    minutes = models.PositiveIntegerField(default=0)
    done_on = models.DateField()
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    rules = models.ForeignKey(RulesVersion, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(RuleItem, models.PROTECT, null=True, blank=True, related_name="+")
    budget = models.ForeignKey(Budget, models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=14, choices=Reason.choices, blank=True, default="")
    evidence = models.CharField(max_length=200, blank=True, default="")
    # While it waits: what will be written to the passbook line; later: why it was refused or taken back.
    note = models.CharField(max_length=500, blank=True, default="")
    txn = models.ForeignKey(Txn, models.PROTECT, null=True, blank=True, related_name="claims")
    awarded_by = models.UUIDField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    offered_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_id", "subject", "source_kind"], name="points_claim_once"),
            models.CheckConstraint(condition=Q(points__lte=F("asked")), name="points_claim_within_asked"),
            models.CheckConstraint(
                condition=Q(state__in=["awarded", "reversed"], points__gt=0, txn__isnull=False)
                | ~Q(state__in=["awarded", "reversed"]) & Q(points=0, txn__isnull=True),
                name="points_claim_awarded_has_txn",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(awarded_by__isnull=True) | ~Q(approved_by=F("awarded_by")),
                name="points_claim_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "done_on"], name="points_claim_day"),
            models.Index(fields=["community", "id"], condition=Q(state="waiting"), name="points_claim_waiting"),
            models.Index(fields=["household", "id"], name="points_claim_household"),
        ]


class DeclaredRelative(Record):
    """That a member of staff named a household as that of relatives: awards to it need a second person."""

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    declared_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "household"], condition=Q(ended_on__isnull=True), name="points_relative_once"
            )
        ]
