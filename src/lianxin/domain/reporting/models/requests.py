"""What offices above ask of communities: requests through the gate, answers, and demands that went round it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class OfficeLevel(models.TextChoices):
    """Where the office that asks stands."""

    SUBDISTRICT = "subdistrict", pgettext_lazy("office", "subdistrict")
    DISTRICT = "district", pgettext_lazy("office", "district department")
    CITY = "city", pgettext_lazy("office", "city")
    PROVINCE = "province", pgettext_lazy("office", "province")


class AskedKind(models.TextChoices):
    """What is asked for."""

    FORM = "form", pgettext_lazy("request", "report form")
    MATERIAL = "material", pgettext_lazy("request", "material")
    MEETING = "meeting", pgettext_lazy("request", "meeting")
    INSPECTION = "inspection", pgettext_lazy("request", "inspection")
    OTHER = "other", pgettext_lazy("request", "something else")


class CameBy(models.TextChoices):
    """The way by which it came."""

    SYSTEM = "system", pgettext_lazy("request", "a computer system")
    WECHAT = "wechat", pgettext_lazy("request", "a WeChat group")
    PHONE = "phone", pgettext_lazy("request", "telephone")
    PAPER = "paper", pgettext_lazy("request", "paper")
    MEETING = "meeting", pgettext_lazy("request", "said at a meeting")


class Repeats(models.TextChoices):
    """How often it is asked."""

    ONCE = "once", pgettext_lazy("request", "once")
    MONTHLY = "monthly", pgettext_lazy("request", "every month")
    QUARTERLY = "quarterly", pgettext_lazy("request", "every quarter")
    YEARLY = "yearly", pgettext_lazy("request", "every year")


class UpperRequest(Record):
    """What one office asks: nothing of anybody while a draft, and after its last day nothing any more.

    No column names who of the office wrote it: the burden is the office's, and who did what is in the audit log.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("request", "draft")
        SENT = "sent", pgettext_lazy("request", "being answered")
        CLOSED = "closed", pgettext_lazy("request", "closed")
        EXPIRED = "expired", pgettext_lazy("request", "expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    office_name = models.CharField(max_length=80)
    office_level = models.CharField(max_length=11, choices=OfficeLevel.choices)
    kind = models.CharField(max_length=10, choices=AskedKind.choices)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=500, blank=True, default="")
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    # An office or a post, and the number of its document.
    approver = models.CharField(max_length=80, blank=True, default="")
    approval_number = models.CharField(max_length=60, blank=True, default="")
    came_by = models.CharField(max_length=7, choices=CameBy.choices, default=CameBy.SYSTEM)
    repeats = models.CharField(max_length=9, choices=Repeats.choices, default=Repeats.ONCE)
    due_at = models.DateTimeField()
    expires_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # All of it was known: answered the moment it was sent, and nobody was asked.
    is_known_only = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(default=0)
    next_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_words = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(office_name="") & ~Q(title=""), name="reporting_request_named"),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True) | ~Q(state="draft") & Q(sent_at__isnull=False),
                name="reporting_request_sent",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent"], ended_at__isnull=True)
                | Q(state__in=["closed", "expired", "withdrawn"], ended_at__isnull=False),
                name="reporting_request_ended",
            ),
            # Who asks somebody says what for, who approved it, and until when.
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(is_known_only=True)
                | ~Q(purpose="") & ~Q(approver="") & Q(expires_on__isnull=False),
                name="reporting_request_gate",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "expires_on"], name="reporting_request_state"),
            models.Index(fields=["sent_at"], name="reporting_request_sent_at"),
        ]


class RequestField(Record):
    """One thing that a request wants to know: a known figure, answers given before, or asked by hand."""

    class How(models.TextChoices):
        FIGURE = "figure", pgettext_lazy("request", "a known figure")
        EARLIER = "earlier", pgettext_lazy("request", "answers given before")
        HAND = "hand", pgettext_lazy("request", "asked by hand")

    class AnswerType(models.TextChoices):
        TEXT = "text", pgettext_lazy("answer", "text")
        NUMBER = "number", pgettext_lazy("answer", "number")
        DATE = "date", pgettext_lazy("answer", "day")
        FILE = "file", pgettext_lazy("answer", "file")

    request = models.ForeignKey(UpperRequest, models.CASCADE, related_name="fields", db_index=False)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    why = models.CharField(max_length=300, blank=True, default="")
    how = models.CharField(max_length=7, choices=How.choices)
    # The name of a measure; which days of it is a code of rules/requests_periods.py, or a period as 2024-Q3.
    measure = models.CharField(max_length=60, blank=True, default="")
    period = models.CharField(max_length=20, blank=True, default="")
    source = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    answer_type = models.CharField(max_length=6, choices=AnswerType.choices, blank=True, default="")
    unit = models.CharField(max_length=20, blank=True, default="")
    # By this the same thing is found again, however it is spaced and punctuated.
    label_digest = models.CharField(max_length=64, db_index=True)
    # It looks like what is known or was asked, and why it has to be asked all the same.
    is_again = models.BooleanField(default=False)
    again_words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "position"], name="reporting_field_order"),
            models.CheckConstraint(condition=~Q(label=""), name="reporting_field_named"),
            models.CheckConstraint(
                condition=Q(how="figure", source__isnull=True, answer_type="") & ~Q(measure="") & ~Q(period="")
                | Q(how="earlier", source__isnull=False, measure="", answer_type="")
                | Q(how="hand", source__isnull=True, measure="") & ~Q(answer_type=""),
                name="reporting_field_how",
            ),
            models.CheckConstraint(
                condition=Q(is_again=False) | Q(how="hand") & ~Q(again_words=""), name="reporting_field_again"
            ),
        ]


class RequestPlace(Record):
    """A community that a request is meant for, from the draft on."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    request = models.ForeignKey(UpperRequest, models.CASCADE, related_name="places", db_index=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "community"], name="reporting_place_once")]
        indexes = [models.Index(fields=["community"], name="reporting_place_community")]


class RequestReach(Record):
    """One round of a request as it came to one community; where all is known nothing is asked of it."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("reach", "to be answered")
        ANSWERED = "answered", pgettext_lazy("reach", "answered")
        DELIVERED = "delivered", pgettext_lazy("reach", "answered by what is known")
        LAPSED = "lapsed", pgettext_lazy("reach", "no longer asked")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    request = models.ForeignKey(UpperRequest, models.CASCADE, related_name="reaches", db_index=False)
    round = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField()
    is_out_of_hours = models.BooleanField(default=False)
    is_short_notice = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "community", "round"], name="reporting_reach_once"),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False)
                | ~Q(state="answered") & Q(answered_at__isnull=True),
                name="reporting_reach_answered",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "due_at"], name="reporting_reach_place")]


class RequestAnswer(Record):
    """What a community answered to one field."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    reach = models.ForeignKey(RequestReach, models.CASCADE, related_name="answers", db_index=False)
    field = models.ForeignKey(RequestField, models.CASCADE, related_name="+")
    value = models.CharField(max_length=2000, blank=True, default="")
    file_id = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reach", "field"], name="reporting_answer_once"),
            models.CheckConstraint(
                condition=~Q(value="") | Q(file_id__isnull=False), name="reporting_answer_says_something"
            ),
        ]
        indexes = [models.Index(fields=["community", "answered_at"], name="reporting_answer_place")]


class Demand(Record):
    """A demand that came another way than through the gate, noted by the community that had to meet it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("demand", "to be done")
        DONE = "done", pgettext_lazy("demand", "done")
        TAKEN_BACK = "taken_back", pgettext_lazy("demand", "noted by mistake")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    office_name = models.CharField(max_length=80)
    office_level = models.CharField(max_length=11, choices=OfficeLevel.choices)
    kind = models.CharField(max_length=10, choices=AskedKind.choices)
    title = models.CharField(max_length=120)
    came_by = models.CharField(max_length=7, choices=CameBy.choices)
    field_count = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    is_out_of_hours = models.BooleanField(default=False)
    is_short_notice = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_words = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(office_name="") & ~Q(title=""), name="reporting_demand_named"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True) | ~Q(state="open") & Q(ended_at__isnull=False),
                name="reporting_demand_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "asked_at"], name="reporting_demand_place"),
            models.Index(fields=["asked_at"], name="reporting_demand_asked"),
        ]
