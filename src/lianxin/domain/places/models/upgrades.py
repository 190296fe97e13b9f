"""Upgrades of venues: why, with what money, by when, and what was there before and after."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Upgrade(Record):
    """The work that brings one venue up to the standard (提档升级)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        APPROVED = "approved", _("Approved")
        UNDER_WAY = "under_way", _("Under way")
        OPENED = "opened", _("Opened")
        CLOSED = "closed", pgettext_lazy("upgrade", "Closed")
        CANCELLED = "cancelled", _("Cancelled")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="upgrades")
    venue = models.ForeignKey("places.Venue", models.PROTECT, related_name="upgrades")
    title = models.CharField(_("title"), max_length=120)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    standard = models.ForeignKey("places.Standard", models.PROTECT, null=True, blank=True, related_name="+")
    shortfalls_at_start = models.JSONField(default=list)
    score_at_start = models.PositiveSmallIntegerField(_("score at the start"), null=True, blank=True)
    score_at_opening = models.PositiveSmallIntegerField(_("score at the opening"), null=True, blank=True)
    planned_opening_on = models.DateField(_("planned opening day"), null=True, blank=True)
    opened_on = models.DateField(_("opening day"), null=True, blank=True)
    temporary_arrangement = models.TextField(_("arrangement while closed"), blank=True)
    temporary_venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("upgrade")
        verbose_name_plural = _("upgrades")
        ordering = ["-id"]
        indexes = [models.Index(fields=["community", "state"], name="places_upgrade_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["venue"],
                condition=Q(state__in=["planned", "approved", "under_way"]),
                name="places_upgrade_one_running",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["opened", "closed"]) | Q(opened_on__isnull=False),
                name="places_upgrade_opened_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class UpgradeStage(Record):
    """The time an upgrade spent in one state, and who moved it there."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="stages")
    state = models.CharField(max_length=10, choices=Upgrade.State.choices)
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    began_at = models.DateTimeField()
    by_account = models.UUIDField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("stage of an upgrade")
        verbose_name_plural = _("stages of upgrades")
        ordering = ["upgrade", "began_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["upgrade"], condition=Q(ended_on__isnull=True), name="places_upgrade_stage_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.began_on}"


class UpgradeFunding(Record):
    """One source of an upgrade's money; `spent_fen` is a counter that cannot pass `fen`."""

    class Source(models.TextChoices):
        DISTRICT = "district", _("District budget")
        SUBDISTRICT = "subdistrict", _("Subdistrict budget")
        HIGHER = "higher", _("Province or city grant")
        PARTY_FEES = "party_fees", _("Party membership fees")
        COLLECTIVE = "collective", _("Village collective")
        PARTNER = "partner", _("Partner organisation")
        DONATION = "donation", _("Donation")
        OTHER = "other", _("Other")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="fundings")
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    giver = models.CharField(_("who gives"), max_length=100, blank=True)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    fen = models.PositiveBigIntegerField(_("amount in fen"))
    spent_fen = models.PositiveBigIntegerField(_("spent in fen"), default=0)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("funding of an upgrade")
        verbose_name_plural = _("funding of upgrades")
        ordering = ["upgrade", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="places_funding_positive"),
            models.CheckConstraint(condition=Q(spent_fen__lte=F("fen")), name="places_funding_not_overspent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.fen / 100:,.2f}"


class UpgradeSpending(Record):
    """One payment from one source; a mistake is corrected by a negative line that names it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="spendings")
    funding = models.ForeignKey(UpgradeFunding, models.PROTECT, related_name="spendings")
    spent_on = models.DateField(_("day"))
    fen = models.BigIntegerField(_("amount in fen"))
    what = models.CharField(_("for what"), max_length=120)
    payee = models.CharField(_("paid to"), max_length=100, blank=True)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("spending of an upgrade")
        verbose_name_plural = _("spending of upgrades")
        ordering = ["upgrade", "spent_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, fen__gt=0) | Q(corrects__isnull=False, fen__lt=0),
                name="places_spending_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.fen / 100:,.2f}"


class Milestone(Record):
    """Something an upgrade has to reach by a day."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="milestones")
    name = models.CharField(_("name"), max_length=100)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["upgrade", "due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["upgrade", "name"], name="places_milestone_name")]

    def __str__(self) -> str:
        return self.name


class PlannedRoom(Record):
    """A room that an upgrade will open; `room` is filled on the opening day."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="planned_rooms")
    kind = models.ForeignKey("places.RoomKind", models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=50)
    area_m2 = models.DecimalField(_("area in m²"), max_digits=8, decimal_places=2, null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    room = models.OneToOneField("places.Room", models.PROTECT, null=True, blank=True, related_name="planned_as")

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("planned room")
        verbose_name_plural = _("planned rooms")
        ordering = ["upgrade", "id"]
        constraints = [models.UniqueConstraint(fields=["upgrade", "name"], name="places_planned_room_name")]

    def __str__(self) -> str:
        return self.name


class Moment(models.TextChoices):
    """Whether a value or picture shows a venue before or after its upgrade."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")


class UpgradeMeasure(Record):
    """A measure of the venue before or after; an empty value means it was not known."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="measures")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    measure = models.CharField(max_length=50)
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    on = models.DateField()

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("value before or after an upgrade")
        verbose_name_plural = _("values before and after upgrades")
        ordering = ["upgrade", "measure", "moment"]
        constraints = [
            models.UniqueConstraint(fields=["upgrade", "moment", "measure"], name="places_upgrade_measure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.measure}"


class UpgradePicture(Record):
    """A picture of the venue before or after; never required."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    upgrade = models.ForeignKey(Upgrade, models.CASCADE, related_name="pictures")
    moment = models.CharField(max_length=6, choices=Moment.choices)
    file = models.UUIDField(_("stored file"))
    caption = models.CharField(_("caption"), max_length=100, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("picture of an upgrade")
        verbose_name_plural = _("pictures of upgrades")
        ordering = ["upgrade", "moment", "id"]
        constraints = [models.UniqueConstraint(fields=["upgrade", "file"], name="places_upgrade_picture_once")]

    def __str__(self) -> str:
        return self.caption or str(self.file)
