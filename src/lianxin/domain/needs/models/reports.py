"""One voice: what somebody said, in their own words, and what they were told."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class NeedReport(Record):
    """A need as one person said it; `words` never change, whatever becomes of the need."""

    class How(models.TextChoices):
        PAGE = "page", _("on a page")
        DESK = "desk", _("at the desk")
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("on a visit")
        SURVEY = "survey", _("in a survey")
        PAPER = "paper", pgettext_lazy("heard", "on paper")
        IMPORT = "import", _("from a sheet")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("report", "new")
        JOINED = "joined", _("on the needs list")
        NOT_A_NEED = "not_a_need", _("not a need")
        REFERRED = "referred", _("handed to another office")
        WITHDRAWN = "withdrawn", pgettext_lazy("report", "withdrawn")

    class Channel(models.TextChoices):
        SMS = "sms", _("text message")
        WECHAT = "wechat", "WeChat"
        PHONE = "phone", _("phone call")
        PAPER = "paper", pgettext_lazy("told", "on paper")
        NONE = "none", _("no answer wanted")

    class Met(models.TextChoices):
        YES = "yes", pgettext_lazy("met", "yes")
        PARTLY = "partly", pgettext_lazy("met", "partly")
        NO = "no", pgettext_lazy("met", "no")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    # Eight digits on the slip that the resident keeps; no two in the district are alike, as slips outlive borders.
    receipt = models.CharField(max_length=12)
    words = models.TextField()
    # What is left when its letters' width, digits and marks are evened out: exact repeats have the same digest.
    words_digest = models.CharField(max_length=64)
    how = models.CharField(max_length=6, choices=How.choices)
    language = models.CharField(max_length=10, blank=True, default="")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    # Of somebody who is not on record.
    guest_name = models.CharField(max_length=40, blank=True, default="")
    guest_phone = SealedField(null=True, blank=True)
    is_anonymous = models.BooleanField(default=False)
    # Who wrote it down for them, and how they were known.
    taken_by = models.UUIDField(null=True, blank=True)
    helper_name = models.CharField(max_length=40, blank=True, default="")
    heard_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=1)
    # Bits of weekday halves that suit them: bit 2d morning, 2d+1 afternoon, evenings at 14+d; 0: any time.
    times_mask = models.PositiveIntegerField(default=0)
    is_urgent = models.BooleanField(default=False)
    # [["A03", 7.1], …]: the best five when it was read, and by which examples.
    suggestions = models.JSONField(default=list, blank=True)
    suggested_by = models.CharField(max_length=20, blank=True, default="")
    is_sure = models.BooleanField(default=False)
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, null=True, blank=True, related_name="+")
    category_by = models.UUIDField(null=True, blank=True)
    need = models.ForeignKey(
        "needs.Need", models.PROTECT, null=True, blank=True, related_name="reports", db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    state_reason = models.CharField(max_length=300, blank=True, default="")
    referred_to = models.CharField(max_length=80, blank=True, default="")
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.NONE)
    met = models.CharField(max_length=6, choices=Met.choices, blank=True, default="")
    met_words = models.CharField(max_length=300, blank=True, default="")
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    submission = models.ForeignKey("needs.Submission", models.PROTECT, null=True, blank=True, related_name="reports")
    visit = models.ForeignKey("needs.Visit", models.PROTECT, null=True, blank=True, related_name="reports")
    source_run = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="needs_report_worded"),
            models.UniqueConstraint(fields=["receipt"], name="needs_report_receipt"),
            models.CheckConstraint(
                condition=Q(state="joined", need__isnull=False) | ~Q(state="joined") & Q(need__isnull=True),
                name="needs_report_joined",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["not_a_need", "referred"]) | ~Q(state_reason=""),
                name="needs_report_reasoned",
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(person__isnull=True, household__isnull=True, guest_name=""),
                name="needs_report_anonymous",
            ),
            models.CheckConstraint(
                condition=Q(met="", met_at__isnull=True) | ~Q(met="") & Q(met_at__isnull=False),
                name="needs_report_met",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "heard_at"], name="needs_report_place"),
            models.Index(fields=["need"], name="needs_report_need", condition=Q(need__isnull=False)),
            models.Index(fields=["community", "words_digest"], name="needs_report_digest"),
        ]


class Answer(Record):
    """What an asker was told: "you asked, we did", "we cannot, because"; append-only but for how it reached them."""

    class Kind(models.TextChoices):
        HEARD = "heard", _("we heard you")
        PLANNED = "planned", _("it is arranged")
        DONE = "done", _("you asked, we did")
        CANNOT = "cannot", _("we cannot, because")
        REFERRED = "referred", _("handed to another office")
        NOT_A_NEED = "not_a_need", _("answered")

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("answer", "sent")
        TO_TELL = "to_tell", _("to be told by phone")
        TO_HAND = "to_hand", _("to be handed over on paper")
        TOLD = "told", pgettext_lazy("answer", "told")
        SHOWN = "shown", _("shown on the receipt's page")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    report = models.ForeignKey(NeedReport, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField()
    channel = models.CharField(max_length=6, choices=NeedReport.Channel.choices)
    state = models.CharField(max_length=7, choices=State.choices)
    # The project that it tells of.
    record_kind = models.CharField(max_length=60, blank=True, default="")
    record_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="needs_answer_worded"),
            models.UniqueConstraint(
                fields=["report", "kind", "record_id"],
                condition=Q(record_id__isnull=False),
                name="needs_answer_once",
            ),
        ]
        indexes = [models.Index(fields=["community", "state"], name="needs_answer_place")]
