"""Honour rolls: the most active households of a community in some days, frozen and signed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import Book


class HonourRoll(Record):
    """A roll by what households gave, not by what they have left."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        FROZEN = "frozen", _("published")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="honour_rolls")
    title = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    size = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    drawn_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.UUIDField(null=True, blank=True)
    algorithm = models.CharField(max_length=20, blank=True, default="")
    key_id = models.CharField(max_length=20, blank=True, default="")
    signature = models.CharField(max_length=200, blank=True, default="")
    # The published text, names as they were shown; its digest is signed, so that a name can be erased from it later.
    signed_text = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    erased_names = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=24, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "starts_on", "ends_on", "title"], name="points_roll_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="points_roll_days"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(frozen_at__isnull=False) & ~Q(signature=""), name="points_roll_signed"
            ),
        ]


class HonourEntry(Record):
    """A household on a roll; its head is named only by consent."""

    roll = models.ForeignKey(HonourRoll, models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField()
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    points = models.PositiveIntegerField()
    shown_as = models.CharField(max_length=60)
    receipt = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager("roll__community")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roll", "household"], name="points_roll_entry_once")]


class HonourOptOut(Record):
    """That a household wants to be on no honour roll at all."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="+")
    opted_out_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_on__isnull=True), name="points_honour_opt_out_once"
            )
        ]
