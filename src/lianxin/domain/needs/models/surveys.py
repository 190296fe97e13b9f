"""Surveys: a workbook, its versions, where it is asked and how many answers are wanted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Survey(Record):
    """A questionnaire of a community, a subdistrict or the district; its questions are in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "draft")
        OPEN = "open", pgettext_lazy("survey", "open")
        CLOSED = "closed", pgettext_lazy("survey", "closed")

    class AskedBy(models.TextChoices):
        LINK = "link", _("anybody with the link")
        VISIT = "visit", _("staff on visits")

    # The division that asks: a community, or one above it, which names communities in SurveyCommunity.
    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    # The form's own id (form_id of the workbook), by which devices know it.
    form_id = models.SlugField(max_length=64, unique=True, allow_unicode=True)
    # The word in its link.
    slug = models.CharField(max_length=16, unique=True)
    purpose = models.CharField(max_length=200, blank=True, default="")
    asked_by = models.CharField(max_length=5, choices=AskedBy.choices, default=AskedBy.LINK)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    one_per_person = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="needs_survey_titled"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="needs_survey_window",
            ),
        ]


class SurveyCommunity(Record):
    """A community in which a survey of a higher division is asked."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="communities", db_index=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "community"], name="needs_surveycommunity_once")]


class SurveyVersion(Record):
    """The questions as one workbook has them; published, they never change."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    # The version that the workbook names itself, as devices ask for it.
    form_version = models.CharField(max_length=64, blank=True, default="")
    workbook_id = models.UUIDField()
    # The form as our evaluator takes it (engines/xforms), and as devices fetch it (an XForm with its digest).
    form = models.JSONField()
    xform = models.TextField()
    xform_digest = models.CharField(max_length=64)
    # {"need": "/data/wish", "people": "/data/n", …}: which answers become reports of needs, and how.
    mapping = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = scope.tenant_manager("survey__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="needs_surveyversion_number"),
            models.UniqueConstraint(
                fields=["survey"],
                condition=Q(published_at__isnull=False, retired_at__isnull=True),
                name="needs_surveyversion_one_live",
            ),
        ]


class SurveyQuota(Record):
    """How many answers are wanted from an age band of a community; `taken` moves with each answer."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="quotas", db_index=False)
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=150)
    wanted = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    # Once reached, further answers of this cell are thanked for and not counted.
    is_limit = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "community", "min_age"], name="needs_quota_once"),
            models.CheckConstraint(condition=Q(max_age__gte=F("min_age")), name="needs_quota_ages"),
            models.CheckConstraint(condition=Q(is_limit=False) | Q(taken__lte=F("wanted")), name="needs_quota_limit"),
        ]


class SurveyPicture(Record):
    """A picture that questions or choices of a survey show, by the name that its workbook gives it."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="pictures", db_index=False)
    name = models.CharField(max_length=120)
    file_id = models.UUIDField()
    # Devices compare pictures by it.
    md5 = models.CharField(max_length=32)
    made_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "name"], name="needs_surveypicture_once")]


class SurveyDevice(Record):
    """A phone on which another program (ODK Collect) fills the forms of a community: its password, until when."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    login = models.CharField(max_length=20, unique=True)
    # Of the password as it stands in an address; and what HTTP Digest makes of it, which opens as much as it does.
    token_digest = models.CharField(max_length=64, unique=True)
    ha1 = SealedField()
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    # Only on the row that was just made: it is shown once and kept nowhere.
    secret = ""

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="needs_surveydevice_expires"),
            models.CheckConstraint(condition=~Q(name=""), name="needs_surveydevice_named"),
        ]
