"""Divisions: an identity that stays, with names, codes and parents that are dated rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform.models.base import Record


class Level(models.TextChoices):
    """Levels of the tree; towns are on the subdistrict level."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    SUBDISTRICT = "subdistrict", _("Subdistrict")
    COMMUNITY = "community", _("Community")


class Committee(models.TextChoices):
    """Kind of committee that a community elects."""

    RESIDENTS = "residents", _("Residents' committee")
    VILLAGERS = "villagers", _("Villagers' committee")
    NONE = "none", pgettext_lazy("committee", "None")


class NameKind(models.TextChoices):
    """What a name of a division is."""

    OFFICIAL = "official", _("Official name")
    SPOKEN = "spoken", _("Spoken name")
    SHORT = "short", _("Short name")
    ALIAS = "alias", _("Also called")
    FORMER = "former", _("Former name")


class LineageKind(models.TextChoices):
    """What turned one division into another."""

    RENAME = "rename", _("Renamed")
    RECODE = "recode", _("Recoded")
    SPLIT = "split", pgettext_lazy("division", "Split")
    MERGE = "merge", pgettext_lazy("division", "Merged")
    MOVE = "move", pgettext_lazy("division", "Moved")


class Division(Record):
    """A division; name, code and parent columns are a cache of the open dated rows, kept by the commands."""

    level = models.CharField(max_length=12, choices=Level.choices)
    committee = models.CharField(max_length=10, choices=Committee.choices, default=Committee.NONE)
    created_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    official_name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=100)
    code = models.CharField(max_length=12)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_division_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("created_on")),
            ),
            models.UniqueConstraint(
                name="places_division_code_once", fields=["code"], condition=Q(ended_on__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["level", "code"], name="places_division_level")]

    def __str__(self) -> str:
        return self.short_name


class DivisionName(Record):
    """A name that held for a division from a day until, not including, another."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="names")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=NameKind.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_name_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="places_name_one_open_of_kind",
                fields=["division", "kind"],
                condition=Q(valid_until__isnull=True, kind__in=["official", "spoken", "short"]),
            ),
            models.UniqueConstraint(
                name="places_name_alias_once",
                fields=["division", "kind", "name"],
                condition=Q(valid_until__isnull=True, kind__in=["alias", "former"]),
            ),
        ]
        indexes = [models.Index(fields=["name"], name="places_name_name")]

    def __str__(self) -> str:
        return self.name


class DivisionCode(Record):
    """A 12-digit statistical code that a division had from a day until, not including, another."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="codes")
    code = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_code_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                name="places_code_one_open", fields=["division"], condition=Q(valid_until__isnull=True)
            ),
            models.UniqueConstraint(
                name="places_code_one_holder", fields=["code"], condition=Q(valid_until__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["code", "valid_from"], name="places_code_code")]

    def __str__(self) -> str:
        return self.code


class DivisionParent(Record):
    """The division above, from a day until, not including, another."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Division, models.PROTECT, related_name="dated_children")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                name="places_parent_until_after_from",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="places_parent_not_itself", condition=~Q(parent=F("division"))),
            models.UniqueConstraint(
                name="places_parent_one_open", fields=["division"], condition=Q(valid_until__isnull=True)
            ),
        ]


class DivisionLineage(Record):
    """One step in the history of divisions: what became of which, and on which day."""

    from_division = models.ForeignKey(Division, models.PROTECT, related_name="became")
    to_division = models.ForeignKey(Division, models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=8, choices=LineageKind.choices)
    on = models.DateField()
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["on", "id"]
