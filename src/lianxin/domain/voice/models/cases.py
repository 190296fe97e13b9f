"""What somebody brings forward: each voice for itself, and the case that the house works on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Tier(models.TextChoices):
    """Small matters simply, urgent matters fast, hard matters by all."""

    SIMPLE = "simple", _("simple")
    FAST = "fast", _("fast")
    FULL = "full", _("by all")


class Subject(models.TextChoices):
    """What a case is about."""

    PROPERTY = "property", _("property management")
    LIFT = "lift", _("lifts")
    WATER_POWER = "water_power", _("water, power, gas")
    ROAD_LIGHT = "road_light", _("roads and lamps")
    SANITATION = "sanitation", _("refuse and drains")
    NOISE = "noise", _("noise")
    TRAFFIC = "traffic", _("parking and traffic")
    SAFETY = "safety", _("fire and safety")
    BUILDING = "building", _("building and walls")
    DISPUTE = "dispute", _("quarrels between neighbours or in families")
    WELFARE = "welfare", _("hardship and welfare")
    SERVICE = "service", _("services of the centre")
    OTHER = "other", pgettext_lazy("subject", "other")


class How(models.TextChoices):
    """How it was said."""

    PAGE = "page", _("on a page")
    DESK = "desk", _("at the desk")
    PHONE = "phone", _("by phone")
    VISIT = "visit", _("on a visit")
    PAPER = "paper", pgettext_lazy("heard", "on paper")
    RECEPTION = "reception", _("on a reception day")
    OPEN311 = "open311", _("from another program")


class Channel(models.TextChoices):
    """How somebody wants to be told."""

    SMS = "sms", _("text message")
    WECHAT = "wechat", "WeChat"
    PHONE = "phone", _("phone call")
    PAPER = "paper", pgettext_lazy("told", "on paper")
    NONE = "none", _("no answer wanted")


class Confidentiality(models.TextChoices):
    """Who may know of a case, and of who brought it."""

    OPEN = "open", pgettext_lazy("confidentiality", "open")
    CONFIDENTIAL = "confidential", _("confidential: only those who work on it see who it is")
    ANONYMOUS = "anonymous", _("anonymous: nobody is kept with it")


class Case(Record):
    """What the house works on; `rules/states.py` holds the one table of its moves."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("case", "new")
        ASSIGNED = "assigned", _("somebody looks after it")
        WORKING = "working", _("being worked on")
        WAITING = "waiting", pgettext_lazy("case", "waiting")
        HANDED = "handed", _("handed over")
        DONE = "done", _("done, says the office")
        CONFIRMED = "confirmed", _("confirmed by the resident")
        SILENT = "silent", _("closed without a reply")
        DECLINED = "declined", _("cannot be done")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")
        JOINED = "joined", _("joined into another case")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    # For staff; what the board shows is `public_title`.
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=11, choices=Subject.choices, default=Subject.OTHER)
    confidentiality = models.CharField(max_length=12, choices=Confidentiality.choices, default=Confidentiality.OPEN)
    is_danger = models.BooleanField(default=False)
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    # WGS 84.
    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    place_words = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.NEW)
    tier = models.CharField(max_length=6, choices=Tier.choices, default=Tier.SIMPLE)
    # From its running decision; null while its clock stands still.
    due_at = models.DateTimeField(null=True, blank=True)
    # A year without a published list of working days is in it.
    is_due_assumed = models.BooleanField(default=False)
    # Who must take the next step: an account, or everybody of a role in the community.
    responsible = models.UUIDField(null=True, blank=True)
    responsible_role = models.CharField(max_length=30, blank=True, default="community_staff")
    responsible_name = models.CharField(max_length=40, blank=True, default="")
    # Stays with it whoever it is handed to.
    first_responder = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField()
    first_answer_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # By then the reporters may say whether it is solved; after it, silence closes.
    confirm_by = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Counters moved by the commands and recounted by verify.
    voices = models.PositiveIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)
    urged_at = models.DateTimeField(null=True, blank=True)
    lifted = models.PositiveSmallIntegerField(default=0)
    # Without names, streets' numbers or illnesses: written by staff before it is shown.
    public_title = models.CharField(max_length=80, blank=True, default="")
    public_answer = models.CharField(max_length=500, blank=True, default="")
    is_public = models.BooleanField(default=False)
    hidden_reason = models.CharField(max_length=200, blank=True, default="")
    # Settled by a mediator: nothing of it but tier and outcome ever leaves.
    is_mediated = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_case_number"),
            models.CheckConstraint(condition=~Q(title=""), name="voice_case_titled"),
            models.CheckConstraint(
                condition=Q(lng__isnull=True, lat__isnull=True) | Q(lng__range=(-180, 180), lat__range=(-90, 90)),
                name="voice_case_position",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["confirmed", "silent", "declined", "withdrawn", "joined"], ended_at__isnull=False
                )
                | Q(state__in=["new", "assigned", "working", "waiting", "handed", "done"], ended_at__isnull=True),
                name="voice_case_ended",
            ),
            # No case without a next responsible one.
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(responsible__isnull=False) | ~Q(responsible_role=""),
                name="voice_case_responsible",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False, confirm_by__isnull=False),
                name="voice_case_done",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False)
                | ~Q(public_title="") & Q(is_mediated=False, confidentiality="open", hidden_reason=""),
                name="voice_case_public",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "due_at"], name="voice_case_queue"),
            # Newest first: earlier years are taken over community by community, so no key is in this order.
            models.Index(fields=["community", "opened_at"], name="voice_case_home"),
            models.Index(fields=["opened_at"], name="voice_case_time"),
            models.Index(fields=["community", "changed_at"], name="voice_case_board", condition=Q(is_public=True)),
            models.Index(fields=["opened_at"], name="voice_case_window", condition=Q(is_public=True)),
            models.Index(fields=["responsible", "due_at"], name="voice_case_mine", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["due_at"], name="voice_case_due", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["confirm_by"], name="voice_case_confirm", condition=Q(state="done")),
        ]


class CaseReport(Record):
    """One voice: its words, receipt, answers and its own say; it never moves when cases are joined."""

    class Said(models.TextChoices):
        SOLVED = "solved", _("solved")
        NOT_SOLVED = "not_solved", _("not solved")

    class SaidHow(models.TextChoices):
        PAGE = "page", _("by themselves, on a page")
        DESK = "desk", _("at the desk")
        PHONE = "phone", _("by phone")
        PAPER = "paper", pgettext_lazy("said", "on paper")
        VISIT = "visit", _("on a visit")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    # The case under which it was opened first: what it was before it was joined.
    first_case = models.UUIDField()
    # Eight digits on the slip; no two in the district are alike.
    receipt = models.CharField(max_length=12)
    words = models.TextField()
    words_digest = models.CharField(max_length=64)
    how = models.CharField(max_length=9, choices=How.choices)
    language = models.CharField(max_length=10, blank=True, default="")
    confidentiality = models.CharField(max_length=12, choices=Confidentiality.choices, default=Confidentiality.OPEN)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    guest_name = models.CharField(max_length=40, blank=True, default="")
    guest_phone = SealedField(null=True, blank=True)
    # Who wrote it down, how they were helped, and that it was read back to them.
    taken_by = models.UUIDField(null=True, blank=True)
    helper_name = models.CharField(max_length=40, blank=True, default="")
    read_back_at = models.DateTimeField(null=True, blank=True)
    # A spoken note (audio) for those who would rather speak.
    voice_file = models.UUIDField(null=True, blank=True)
    heard_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.NONE)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    said = models.CharField(max_length=10, choices=Said.choices, blank=True, default="")
    said_words = models.CharField(max_length=300, blank=True, default="")
    said_at = models.DateTimeField(null=True, blank=True)
    said_how = models.CharField(max_length=5, choices=SaidHow.choices, blank=True, default="")
    # Who wrote the say down; empty when they said it themselves.
    said_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    # Of another program (Open311): its account id there and its client-made key.
    client_key = models.CharField(max_length=80, blank=True, default="")
    is_sample = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words="") | Q(voice_file__isnull=False), name="voice_report_worded"),
            models.UniqueConstraint(fields=["receipt"], name="voice_report_receipt"),
            models.CheckConstraint(
                condition=~Q(confidentiality="anonymous")
                | Q(person__isnull=True, household__isnull=True, guest_name="", guest_phone__isnull=True),
                name="voice_report_anonymous",
            ),
            models.CheckConstraint(
                condition=Q(said="", said_at__isnull=True, said_how="")
                | ~Q(said="") & Q(said_at__isnull=False) & ~Q(said_how=""),
                name="voice_report_said",
            ),
            models.UniqueConstraint(fields=["client_key"], condition=~Q(client_key=""), name="voice_report_client"),
        ]
        indexes = [
            models.Index(fields=["community", "recorded_at"], name="voice_report_place"),
            models.Index(fields=["community", "words_digest"], name="voice_report_digest"),
        ]


class CasePicture(Record):
    """A photo of the matter, never required; without its EXIF data."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    report = models.ForeignKey(CaseReport, models.CASCADE, related_name="pictures")
    file_id = models.UUIDField()
    caption = models.CharField(max_length=100, blank=True, default="")
    # Set by staff after looking: nobody can be recognised.
    is_public = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    objects = scope.tenant_manager()


class CaseStep(Record):
    """One move of a case: what was done, by whom, what the reporters may read of it; append-only."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps", db_index=False)
    act = models.CharField(max_length=20)
    before = models.CharField(max_length=9, blank=True, default="")
    after = models.CharField(max_length=9, blank=True, default="")
    words = models.CharField(max_length=1000, blank=True, default="")
    # Shown to the reporters (and on the board where the case is public).
    is_public = models.BooleanField(default=False)
    by = models.UUIDField(null=True, blank=True)
    by_role = models.CharField(max_length=30, blank=True, default="")
    # `changed_at` would be another thing: when it was done.
    done_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "done_at"], name="voice_step_case")]


class CaseAnswer(Record):
    """What one reporter was told, by the way they chose."""

    class Kind(models.TextChoices):
        HEARD = "heard", _("we heard you")
        PROGRESS = "progress", _("how it stands")
        WAITING = "waiting", pgettext_lazy("answer", "it waits, because")
        HANDED = "handed", _("handed over")
        LIFTED = "lifted", _("treated as a harder matter now")
        DONE = "done", _("you asked, we did")
        DECLINED = "declined", _("we cannot, because")
        CLOSED = "closed", pgettext_lazy("answer", "closed")

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("answer", "sent")
        TO_TELL = "to_tell", _("to be told by phone")
        TO_HAND = "to_hand", _("to be handed over on paper")
        TOLD = "told", pgettext_lazy("answer", "told")
        SHOWN = "shown", _("shown on the receipt's page")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    report = models.ForeignKey(CaseReport, models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.TextField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    state = models.CharField(max_length=7, choices=State.choices)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.UUIDField(null=True, blank=True)
    # What they said when they were told.
    reply = models.CharField(max_length=300, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="voice_answer_worded")]
        indexes = [models.Index(fields=["community", "state"], name="voice_answer_place")]


class CaseLink(Record):
    """What became of a case: a need, a room booking, an activity, a deliberated matter, a mediation."""

    class Kind(models.TextChoices):
        NEED = "need", _("on the needs list")
        BOOKING = "booking", _("a room booking")
        ACTIVITY = "activity", pgettext_lazy("link", "an activity")
        MATTER = "matter", _("deliberated by all")
        MEDIATION = "mediation", pgettext_lazy("link", "mediated")
        DUPLICATE = "duplicate", _("joined into another case")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="links", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    record_id = models.UUIDField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "record_id"], name="voice_link_once")]
        indexes = [models.Index(fields=["kind", "record_id"], name="voice_link_record")]
