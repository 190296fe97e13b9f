"""The standard for centres as dated versions, and the size of a community that it is measured against."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Standard(Record):
    """One version of a standard; its items can change only while it is a draft."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("Published")
        RETIRED = "retired", _("Ended")

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    version = models.PositiveIntegerField(_("version"))
    edition = models.CharField(_("edition"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until, that day not included"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    adopted_by = models.CharField(_("adopted by"), max_length=100, blank=True)
    # SHA-256 of the items at publication; the verify check compares it with the rows.
    digest = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="places_standard_name_version"),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(valid_until__isnull=True, state="in_force"),
                name="places_standard_one_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="places_standard_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", valid_from__isnull=True, digest="")
                | (~Q(state="draft") & Q(valid_from__isnull=False)),
                name="places_standard_published_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def spoken_name(self) -> str:
        """The name in the reader's language, when the English one is known."""
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class StandardItem(Record):
    """One line of a standard: a measure, a threshold, and what a miss means."""

    class Group(models.TextChoices):
        REMOTE = "remote", _("Remote")
        SMALL = "small", _("Small")
        WEAK = "weak", _("Weak")

    class Comparison(models.TextChoices):
        AT_LEAST = ">=", _("at least")
        AT_MOST = "<=", _("at most")

    class AppliesTo(models.TextChoices):
        ALL = "all", _("every centre and station")
        CENTRE = "centre", _("every centre")
        URBAN_CENTRE = "urban", _("centres of residents' committees")
        VILLAGE_CENTRE = "village", _("centres of villagers' committees")
        STATION = "station", _("every station")

    class Kind(models.TextChoices):
        MUST = "must", _("must")
        SHOULD = "should", _("should")

    standard = models.ForeignKey(Standard, models.CASCADE, related_name="items")
    code = models.SlugField(_("code"), max_length=50)
    position = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(_("group"), max_length=10, choices=Group.choices)
    label = models.CharField(_("label"), max_length=100)
    label_en = models.CharField(_("English label"), max_length=100, blank=True)
    measure = models.CharField(_("measure"), max_length=50)
    comparison = models.CharField(
        _("comparison"), max_length=2, choices=Comparison.choices, default=Comparison.AT_LEAST
    )
    threshold = models.DecimalField(_("threshold"), max_digits=12, decimal_places=3)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MUST)
    applies_to = models.CharField(_("applies to"), max_length=10, choices=AppliesTo.choices, default=AppliesTo.CENTRE)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)
    # What a measure needs beside its threshold: kinds of rooms that count, metres of reach, days observed.
    parameters = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("item of a standard")
        verbose_name_plural = _("items of a standard")
        ordering = ["standard", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="places_standard_item_code"),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="places_standard_item_not_negative"),
            models.CheckConstraint(
                condition=Q(weight__gte=1) & Q(weight__lte=100), name="places_standard_item_weight_1_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.comparison} {self.threshold} {self.unit}"

    @property
    def spoken_source(self) -> str:
        """Where the number comes from, in the reader's language when both are known."""
        english = (get_language() or "").startswith("en")
        return (english and str(self.parameters.get("source_en") or "")) or self.source


class DivisionProfile(Record):
    """How many households and residents a community had on a day, and who says so."""

    class Source(models.TextChoices):
        COUNTED = "counted", _("counted from the register")
        DECLARED = "declared", _("declared by the community")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="profiles")
    on = models.DateField(_("day"))
    households = models.PositiveIntegerField(pgettext_lazy("count", "households"))
    residents = models.PositiveIntegerField(pgettext_lazy("count", "residents"))
    households_beyond_reach = models.PositiveIntegerField(_("households beyond reach"), null=True, blank=True)
    farthest_settlement_metres = models.PositiveIntegerField(
        _("metres to the farthest settlement"), null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("size of a community")
        verbose_name_plural = _("sizes of communities")
        ordering = ["community", "-on"]
        constraints = [
            models.UniqueConstraint(fields=["community", "on", "source"], name="places_profile_once_a_day"),
            models.CheckConstraint(
                condition=Q(households_beyond_reach__isnull=True) | Q(households_beyond_reach__lte=F("households")),
                name="places_profile_beyond_within_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.households}"
