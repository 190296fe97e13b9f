"""What those who came thought of it, and pictures of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Feedback(Record):
    """A face, a few words, and whether the need was met."""

    class Face(models.IntegerChoices):
        GLAD = 3, _("good")
        SO_SO = 2, _("so-so")
        SAD = 1, _("not good")

    class How(models.TextChoices):
        SELF = "self", _("themselves")
        PHONE = "phone", _("asked by phone")
        PAPER = "paper", _("on paper")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="feedback")
    attendance = models.OneToOneField("activities.Attendance", models.PROTECT, related_name="feedback")
    face = models.PositiveSmallIntegerField(choices=Face.choices)
    words = models.CharField(max_length=500, blank=True, default="")
    met_need = models.BooleanField(null=True, blank=True)
    how = models.CharField(max_length=5, choices=How.choices, default=How.SELF)
    given_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(face__range=(1, 3)), name="activities_feedback_face")]


class OccurrencePicture(Record):
    """A picture of an occurrence; without its EXIF data, never searched for faces, shown only when all agreed."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="pictures")
    file_id = models.UUIDField()
    caption = models.CharField(max_length=100, blank=True, default="")
    # That whoever can be recognised agreed, or that nobody can be.
    consent_note = models.CharField(max_length=200)
    is_public = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(consent_note=""), name="activities_picture_consent")]
