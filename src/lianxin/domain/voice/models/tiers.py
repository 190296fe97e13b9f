"""How hard a case is, as versioned rules, with its reasons, its clock and its hand-overs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.cases import Case, CaseReport, Tier
from lianxin.platform import scope
from lianxin.platform.models.base import Record


class TierRules(Record):
    """A version of the criteria and terms, of the district or of one community; a published one never changes.

    `criteria` is a list of {"code", "when": {"subject": [...], "danger": bool, "voices": n, "words": [...]}, "tier"};
    the first that holds decides. `terms`: {"simple": {"days": 7}, "fast": {"hours": 24}, "full": {"days": 15},
    "danger": {"hours": 2}}. `limits`: {"confirm_days", "reopen_days", "urge_every_days", "urge_most",
    "lift_to": {"simple": "fast", ...}}.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("rules", "draft")
        PUBLISHED = "published", pgettext_lazy("rules", "published")

    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    # Where it was adopted: minutes, a notice, a rule of the province.
    adopted_words = models.CharField(max_length=300, blank=True, default="")
    criteria = models.JSONField(default=list)
    terms = models.JSONField(default=dict)
    limits = models.JSONField(default=dict)
    valid_from = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    published_by = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["division", "version"], name="voice_tierrules_version"),
            models.CheckConstraint(condition=~Q(name=""), name="voice_tierrules_named"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, valid_from__isnull=False),
                name="voice_tierrules_published",
            ),
        ]


class TierDecision(Record):
    """Why a case has its tier and until when; the latest one runs. A lift because it was late is one as well."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions", db_index=False)
    position = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=6, choices=Tier.choices)
    rules = models.ForeignKey(TierRules, models.PROTECT, related_name="+")
    # [["danger", ""], ["voices", 12], …]: which criteria held.
    reasons = models.JSONField(default=list, blank=True)
    words = models.CharField(max_length=300, blank=True, default="")
    is_lift = models.BooleanField(default=False)
    # The clock runs from here; a term has hours or working days.
    runs_from = models.DateTimeField()
    term_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    term_days = models.PositiveSmallIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField()
    appeal_words = models.CharField(max_length=500, blank=True, default="")
    appealed_at = models.DateTimeField(null=True, blank=True)
    appealed_by = models.ForeignKey(CaseReport, models.PROTECT, null=True, blank=True, related_name="+")
    appeal_answer = models.CharField(max_length=500, blank=True, default="")
    appeal_decided_at = models.DateTimeField(null=True, blank=True)
    appeal_decided_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="voice_decision_order"),
            models.CheckConstraint(
                condition=Q(term_hours__isnull=False, term_days__isnull=True)
                | Q(term_hours__isnull=True, term_days__isnull=False),
                name="voice_decision_term",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_at__isnull=True) | Q(appealed_at__isnull=False) & ~Q(appeal_answer=""),
                name="voice_decision_appeal",
            ),
        ]


class CasePause(Record):
    """A time in which a case's clock stood still, with the reason that everybody may read."""

    class Reason(models.TextChoices):
        RESIDENT = "resident", _("waiting for what the resident will bring or say")
        OWNERS = "owners", _("waiting for the owners' vote")
        OTHER_OFFICE = "other_office", _("waiting for another office")
        WEATHER = "weather", _("weather")
        PARTS = "parts", _("waiting for parts or a builder")
        COURT = "court", _("waiting for a court or an expert")
        OTHER = "other", pgettext_lazy("pause", "other")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses", db_index=False)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.CharField(max_length=300)
    paused_at = models.DateTimeField()
    # Looked at again by then, so that nothing waits for ever.
    look_again_by = models.DateField()
    resumed_at = models.DateTimeField(null=True, blank=True)
    made_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="voice_pause_worded"),
            models.CheckConstraint(
                condition=Q(resumed_at__isnull=True) | Q(resumed_at__gte=F("paused_at")), name="voice_pause_order"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(resumed_at__isnull=True), name="voice_pause_one_open"),
        ]
        indexes = [models.Index(fields=["case"], name="voice_pause_case")]


class Handover(Record):
    """A case given to somebody outside; the centre stays the first responder and tells what they answer."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("an office")
        PROPERTY = "property", _("the property company")
        HOTLINE = "hotline", "12345"
        POLICE = "police", _("the police")
        OTHER = "other", pgettext_lazy("handover", "somebody else")

    class State(models.TextChoices):
        OUT = "out", pgettext_lazy("handover", "with them")
        ANSWERED = "answered", pgettext_lazy("handover", "answered")
        TAKEN_BACK = "taken_back", _("taken back")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="handovers", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    # Their number for it, as 12345 gives.
    their_number = models.CharField(max_length=40, blank=True, default="")
    words = models.CharField(max_length=500)
    answer_by = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OUT)
    answer = models.CharField(max_length=1000, blank=True, default="")
    reminded = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField()
    handed_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(words=""), name="voice_handover_worded"),
            models.CheckConstraint(
                condition=Q(state="out", ended_at__isnull=True) | ~Q(state="out") & Q(ended_at__isnull=False),
                name="voice_handover_ended",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="out"), name="voice_handover_one_out"),
        ]
        indexes = [
            models.Index(fields=["community", "state", "answer_by"], name="voice_handover_place"),
            models.Index(fields=["case"], name="voice_handover_case"),
        ]
