"""A community's rules: published versions that never change, the draft of the next one, caps and budgets."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import Account, Book


class RulesDraft(Record):
    """The next version while it is being written; published it becomes rows that never change."""

    class State(models.TextChoices):
        EDITING = "editing", _("being written")
        PUBLISHED = "published", _("published")
        DISCARDED = "discarded", _("discarded")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="drafts")
    state = models.CharField(max_length=9, choices=State.choices, default=State.EDITING)
    content = models.JSONField(default=dict)
    based_on = models.ForeignKey("points.RulesVersion", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book"], condition=Q(state="editing"), name="points_draft_one_open")
        ]


class RulesVersion(Record):
    """A version of the rules as the residents' assembly adopted it and the notice showed it. Only grows."""

    class Expiry(models.TextChoices):
        YEARLY = "yearly", _("at the end of a year")
        ROLLING = "rolling", _("some months after the award")
        NEVER = "never", _("never")

    class Split(models.TextChoices):
        STAY = "stay", _("points stay with the household")
        SHARE = "share", _("points are shared by heads")

    class Move(models.TextChoices):
        FOLLOW = "follow", _("points follow into the new community's book")
        EXPIRE = "expire", _("points end with the move")

    book = models.ForeignKey(Book, models.PROTECT, related_name="rules")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    # What the assembly decided.
    minutes_on = models.DateField()
    minutes_title = models.CharField(max_length=200)
    minutes_text = models.TextField()
    attended = models.PositiveIntegerField()
    in_favour = models.PositiveIntegerField()
    notice_from = models.DateField()
    notice_until = models.DateField()
    effective_from = models.DateField()
    # What it says beside its items.
    second_person_above = models.PositiveIntegerField()
    identity_check_above = models.PositiveIntegerField()
    expiry = models.CharField(max_length=7, choices=Expiry.choices)
    expiry_months = models.PositiveSmallIntegerField()
    split = models.CharField(max_length=5, choices=Split.choices)
    move = models.CharField(max_length=6, choices=Move.choices)
    estate_days = models.PositiveSmallIntegerField()
    reserve_days = models.PositiveSmallIntegerField()
    offline_points = models.PositiveIntegerField()
    objection_days = models.PositiveSmallIntegerField()
    allows_deductions = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager("book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="points_rules_number"),
            models.CheckConstraint(condition=Q(in_favour__lte=F("attended")), name="points_rules_votes"),
            models.CheckConstraint(condition=Q(notice_until__gte=F("notice_from")), name="points_rules_notice"),
            models.CheckConstraint(condition=Q(effective_from__gt=F("notice_until")), name="points_rules_after_notice"),
        ]


class RuleItem(Record):
    """What earns how many points. Only grows."""

    version = models.ForeignKey(RulesVersion, models.PROTECT, related_name="items")
    # Keeps its name from version to version, so that caps do not start anew.
    code = models.SlugField(max_length=40)
    act_kind = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    meaning = models.CharField(max_length=300, blank=True, default="")
    evidence = models.CharField(max_length=200, blank=True, default="")
    points = models.PositiveIntegerField()
    # Points are given for each `per` of the unit: per 60 minutes, per 1 time.
    unit = models.CharField(max_length=10)
    per = models.PositiveIntegerField(default=1)
    most_quantity = models.PositiveIntegerField()
    awarders = models.JSONField(default=list)
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    objects = scope.tenant_manager("version__book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="points_item_code"),
            models.CheckConstraint(condition=Q(points__gt=0) & Q(per__gt=0), name="points_item_positive"),
        ]


class RuleCap(Record):
    """The most points of one item for a household, a person or the whole book in a week, month or year. Only grows."""

    class Subject(models.TextChoices):
        HOUSEHOLD = "household", _("household")
        PERSON = "person", _("person")
        BOOK = "book", _("community")

    class Every(models.TextChoices):
        DAY = "day", pgettext_lazy("cap", "day")
        WEEK = "week", pgettext_lazy("cap", "week")
        MONTH = "month", pgettext_lazy("cap", "month")
        YEAR = "year", pgettext_lazy("cap", "year")

    item = models.ForeignKey(RuleItem, models.PROTECT, related_name="caps")
    subject = models.CharField(max_length=9, choices=Subject.choices)
    every = models.CharField(max_length=5, choices=Every.choices)
    points = models.PositiveIntegerField()

    objects = scope.tenant_manager("item__version__book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "subject", "every"], name="points_cap_once"),
            models.CheckConstraint(condition=Q(points__gt=0), name="points_cap_positive"),
        ]


class RulesEnd(models.Model):
    """That a published version was withdrawn, by an objection in its notice or by the assembly. Only grows."""

    version = models.OneToOneField(RulesVersion, models.PROTECT, primary_key=True, related_name="end")
    ended_on = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    objects = scope.tenant_manager("version__book__community")


class CapCounter(Record):
    """How much of a cap is used in one window: the cap is a constraint of the database, not a query."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    code = models.SlugField(max_length=40, db_index=False)
    subject = models.UUIDField()
    window = models.CharField(max_length=12)
    used = models.PositiveIntegerField(default=0)
    cap = models.PositiveIntegerField()

    objects = scope.tenant_manager("book__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "code", "subject", "window"], name="points_counter_once"),
            models.CheckConstraint(condition=Q(used__lte=F("cap")), name="points_counter_within_cap"),
        ]


class Budget(Record):
    """Points that a community may give away for something in some days."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="budgets")
    account = models.OneToOneField(Account, models.PROTECT, related_name="budget")
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_until = models.DateField()
    # The one used when nothing says which.
    is_general = models.BooleanField(default=False)
    source_kind = models.CharField(max_length=40, blank=True, default="")
    source_id = models.UUIDField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="points_budget_days"),
            models.UniqueConstraint(
                fields=["book", "valid_from"], condition=Q(is_general=True), name="points_budget_one_general"
            ),
            models.UniqueConstraint(
                fields=["source_id"], condition=Q(source_id__isnull=False), name="points_budget_of_source"
            ),
        ]
