"""The needs list: what several voices ask for together."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Need(Record):
    """An entry of the needs list; it joins reports without taking anything from them."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("need", "open")
        PLANNED = "planned", pgettext_lazy("need", "planned")
        PARTLY = "partly", _("partly met")
        MET = "met", pgettext_lazy("need", "met")
        UNMET = "unmet", _("cannot be met")
        WITHDRAWN = "withdrawn", pgettext_lazy("need", "withdrawn")

    class Reason(models.TextChoices):
        """Why a need is not served: one machine reason."""

        NO_RESOURCE = "no_resource", _("nobody offers this")
        TOO_FAR = "too_far", _("nobody within reach")
        NO_TIME = "no_time", _("nobody at a time that suits")
        FULL = "full", _("all places are taken")
        TOO_FEW = "too_few", _("too few ask for it together")
        NO_VENUE = "no_venue", _("no room is free")
        HELD_BACK = "held_back", _("held back by staff")
        NOT_OURS = "not_ours", _("not within what the centre may do")
        NO_MONEY = "no_money", _("no money for it")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    # How the list says it, without names.
    title = models.CharField(max_length=80)
    target_group = models.CharField(max_length=60, blank=True, default="")
    times_mask = models.PositiveIntegerField(default=0)
    # Up to how far they would go; null: within the community.
    reach_metres = models.PositiveIntegerField(null=True, blank=True)
    # Counted from the reports by the commands that join them; verify recounts.
    voices = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=1)
    # [["urgent", 2], ["waiting_days", 1], …]: what made the priority.
    priority_reasons = models.JSONField(default=list, blank=True)
    # Set by a person: the computed one does not change it any more.
    priority_by = models.UUIDField(null=True, blank=True)
    priority_words = models.CharField(max_length=200, blank=True, default="")
    first_heard_on = models.DateField()
    last_heard_on = models.DateField()
    # Asked again by then whether it still holds; after that it leaves the plan.
    confirm_by = models.DateField()
    confirmed_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    unmet_reason = models.CharField(max_length=11, choices=Reason.choices, blank=True, default="")
    unmet_words = models.CharField(max_length=300, blank=True, default="")
    planned_at = models.DateTimeField(null=True, blank=True)
    first_served_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="needs_need_number"),
            models.CheckConstraint(condition=~Q(title=""), name="needs_need_titled"),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=5), name="needs_need_priority"),
            models.CheckConstraint(condition=Q(households__lte=F("voices")), name="needs_need_households"),
            models.CheckConstraint(condition=Q(last_heard_on__gte=F("first_heard_on")), name="needs_need_days"),
            models.CheckConstraint(
                condition=~Q(state="unmet") | ~Q(unmet_reason="") & ~Q(unmet_words=""), name="needs_need_unmet"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["met", "unmet", "withdrawn"], closed_at__isnull=False)
                | Q(state__in=["open", "planned", "partly"], closed_at__isnull=True),
                name="needs_need_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "category"], name="needs_need_place"),
            models.Index(fields=["state", "confirm_by"], name="needs_need_confirm"),
        ]


class NeedVerdict(Record):
    """What staff said of two that look alike: the same, related, or different; so nobody is asked twice."""

    class Verdict(models.TextChoices):
        SAME = "same", _("the same")
        RELATED = "related", _("related")
        DIFFERENT = "different", _("different")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    report = models.ForeignKey("needs.NeedReport", models.CASCADE, related_name="verdicts", db_index=False)
    need = models.ForeignKey(Need, models.CASCADE, related_name="verdicts")
    verdict = models.CharField(max_length=9, choices=Verdict.choices)
    shared_words = models.JSONField(default=list, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "need"], name="needs_verdict_once")]
