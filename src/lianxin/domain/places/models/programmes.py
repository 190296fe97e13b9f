"""Programmes that reach communities batch by batch: pilots first (试点先行)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Programme(Record):
    """A piece of work that the district tries in some communities before it reaches all."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        RUNNING = "running", _("Running")
        ENDED = "ended", _("Ended")

    name = models.CharField(_("name"), max_length=100, unique=True)
    purpose = models.TextField(_("purpose"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PREPARING)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) | (~Q(state="ended") & Q(ended_on__isnull=True)),
                name="places_programme_ended_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeBatch(Record):
    """One step of a programme; batch 1 are the first pilots."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField(_("number"))
    is_pilot = models.BooleanField(_("pilot"), default=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("programme batch")
        verbose_name_plural = _("programme batches")
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="places_batch_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="places_batch_number_from_one"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="places_batch_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} #{self.number}"


class BatchMember(Record):
    """A community in a batch from `joined_on` up to, and not including, `left_on`."""

    # Held beside the batch so that the database can refuse a second active membership in a programme.
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="members")
    batch = models.ForeignKey(ProgrammeBatch, models.PROTECT, related_name="members")
    community = models.ForeignKey("places.Division", models.PROTECT, related_name="programme_memberships")
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    inherited_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="inherited_by")

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("community in a batch")
        verbose_name_plural = _("communities in batches")
        ordering = ["batch", "joined_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "community"],
                condition=Q(left_on__isnull=True),
                name="places_member_once_active",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="places_member_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.joined_on}"
