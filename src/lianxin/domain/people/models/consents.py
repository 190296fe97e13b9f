"""What personal data is used for, the texts people agreed to, and what they agreed to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Purpose(models.Model):
    """One entry of the purpose register: why, on what legal basis, which fields, for how long, shared with whom."""

    class Basis(models.TextChoices):
        STATUTORY_DUTY = "statutory_duty", _("statutory duty")
        CONSENT = "consent", _("consent")
        CONTRACT = "contract", _("contract")

    code = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=14, choices=Basis.choices)
    basis_text = models.CharField(max_length=200, blank=True, default="")
    field_groups = models.JSONField(default=list)
    retention_days = models.PositiveIntegerField()
    shared_with = models.JSONField(default=list)
    sensitive = models.BooleanField(default=False)
    assessed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(retention_days__gt=0), name="people_purpose_retention"),
            models.CheckConstraint(
                condition=Q(sensitive=False) | Q(assessed_on__isnull=False), name="people_purpose_assessed"
            ),
        ]


class ConsentText(Record):
    """A published version of what people are asked; never changed, only followed by the next version."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="texts")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="zh-hans")
    text = models.TextField()
    valid_from = models.DateField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "language", "version"], name="people_consent_text_version"),
            models.CheckConstraint(condition=~Q(text=""), name="people_consent_text_not_empty"),
        ]


class ConsentReceipt(Record):
    """That a person agreed to a text, through whom and how."""

    class By(models.TextChoices):
        SELF = "self", _("the person")
        GUARDIAN = "guardian", _("the guardian")
        PROXY = "proxy", _("a proxy")

    class How(models.TextChoices):
        SCREEN = "screen", _("on a screen")
        PAPER = "paper", _("signed on paper")
        PHONE = "phone", _("read out on the phone and confirmed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="receipts")
    given_at = models.DateTimeField()
    by = models.CharField(max_length=8, choices=By.choices)
    by_person_id = models.UUIDField(null=True, blank=True)
    how = models.CharField(max_length=6, choices=How.choices)
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by="self") | Q(by_person_id__isnull=False), name="people_consent_names_who"
            )
        ]
        indexes = [models.Index(fields=["person", "given_at"], name="people_consent_person")]


class ConsentWithdrawal(Record):
    """That a receipt no longer counts from a moment on; the receipt itself stays as it was."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    receipt = models.OneToOneField(ConsentReceipt, models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField()
    by = models.CharField(max_length=8, choices=ConsentReceipt.By.choices)
    how = models.CharField(max_length=6, choices=ConsentReceipt.How.choices)
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()
