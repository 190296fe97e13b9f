"""Accounts and everything that opens the door to one."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Account(Record, AbstractBaseUser):
    """Who can log in: a member of staff, a resident, or someone of a partner organisation."""

    class Kind(models.TextChoices):
        STAFF = "staff", _("Staff")
        RESIDENT = "resident", _("Resident")
        PARTNER = "partner", _("Partner")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("In use")
        LOCKED = "locked", _("Locked")
        DISABLED = "disabled", _("Disabled")

    last_login = None  # Django would write it outside a command; last_login_at is written by the login command.

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    login_name = models.CharField(max_length=64, unique=True, null=True, blank=True)
    phone_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, blank=True, related_name="accounts"
    )
    display_name = models.CharField(max_length=64, blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    must_change_password = models.BooleanField(default=False)
    totp_secret = SealedField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    lockouts = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.CheckConstraint(
                name="people_account_login_name_is_lower_case",
                condition=Q(login_name__isnull=True) | Q(login_name=Lower("login_name")),
            ),
            models.CheckConstraint(
                name="people_account_has_a_way_to_log_in",
                condition=(Q(kind="resident") & ~Q(phone_digest=""))
                | Q(login_name__isnull=False)
                | Q(state="disabled"),
            ),
            models.CheckConstraint(
                name="people_account_locked_has_a_time",
                condition=(Q(state="locked") & Q(locked_at__isnull=False))
                | (~Q(state="locked") & Q(locked_at__isnull=True) & Q(locked_until__isnull=True)),
            ),
            models.UniqueConstraint(
                name="people_one_resident_account_per_person",
                fields=["person"],
                condition=Q(kind="resident", person__isnull=False) & ~Q(state="disabled"),
            ),
            models.UniqueConstraint(
                name="people_one_unlinked_account_per_phone",
                fields=["phone_digest"],
                condition=Q(kind="resident", person__isnull=True) & ~Q(state="disabled"),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for "a session of this account goes on"; a lock stops new logins, not the holder's work."""
        return self.state in (self.State.ACTIVE, self.State.LOCKED)


class RecoveryCode(Record):
    """One of ten printed codes that stands in once for the second factor."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    code_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="people_recovery_code_once", fields=["account", "code_digest"])]


class OneTimeCode(Record):
    """A six-digit code sent to a phone; only digests of the phone, the address and the code are kept."""

    phone_digest = models.CharField(max_length=64)
    address_digest = models.CharField(max_length=64, blank=True, default="")
    code_digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(name="people_code_by_phone", fields=["phone_digest", "sent_at"]),
            models.Index(name="people_code_by_address", fields=["address_digest", "sent_at"]),
            models.Index(name="people_code_by_time", fields=["sent_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="people_code_expires_after_sending", condition=Q(expires_at__gt=F("sent_at")))
        ]


class Invitation(Record):
    """A one-time link by which someone sets a password and a second factor, for the first time or again."""

    class Purpose(models.TextChoices):
        JOIN = "join", _("Join")
        RESET = "reset", _("Reset")

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=6, choices=Purpose, default=Purpose.JOIN)
    token_digest = models.CharField(max_length=64, unique=True)
    resets_password = models.BooleanField(default=True)
    resets_second_factor = models.BooleanField(default=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_invitation_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.UniqueConstraint(
                name="people_one_open_invitation_per_account",
                fields=["account"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
