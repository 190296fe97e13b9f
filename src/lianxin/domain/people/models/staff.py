"""Which account may act in which role, where, and who stands in for whom."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.rules import roles
from lianxin.platform.models.base import Record


def _role_fits_reach() -> Q:
    """Each role names exactly the kind of place it reaches, taken from the table of roles."""
    filled = {
        roles.DIVISION: "division",
        roles.VENUE: "venue",
        roles.ORGANISATION: "organisation",
        roles.DISTRICT: "",
        roles.NONE: "",
    }
    columns = ("division", "venue", "organisation")
    fits = [
        Q(role__in=codes, **{f"{name}__isnull": name != filled[reach] for name in columns})
        for reach, codes in roles.CODES_BY_REACH.items()
    ]
    return reduce(or_, fits)


class RoleGrant(Record):
    """A role held by an account from a day on; it no longer counts on `until_on`."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.code, role.label) for role in roles.ROLES.values()])
    division = models.ForeignKey(
        "places.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    venue = models.ForeignKey(
        "places.Venue", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants"
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_role_grant_fits_its_reach", condition=_role_fits_reach()),
            models.CheckConstraint(
                name="people_role_grant_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
            models.UniqueConstraint(
                name="people_one_open_administrator_role",
                fields=["account"],
                condition=Q(role__in=sorted(roles.ADMINISTRATORS), until_on__isnull=True),
            ),
            models.UniqueConstraint(
                name="people_role_once_per_division",
                fields=["account", "role", "division"],
                condition=Q(until_on__isnull=True, division__isnull=False),
            ),
            models.UniqueConstraint(
                name="people_role_once_per_venue",
                fields=["account", "role", "venue"],
                condition=Q(until_on__isnull=True, venue__isnull=False),
            ),
            models.UniqueConstraint(
                name="people_role_once_per_organisation",
                fields=["account", "role", "organisation"],
                condition=Q(until_on__isnull=True, organisation__isnull=False),
            ),
            models.UniqueConstraint(
                name="people_district_role_once",
                fields=["account", "role"],
                condition=Q(
                    until_on__isnull=True, division__isnull=True, venue__isnull=True, organisation__isnull=True
                ),
            ),
        ]
        indexes = [models.Index(name="people_grant_by_role", fields=["role", "until_on"])]


class Deputy(Record):
    """Somebody acts in another's roles while that person is away; it no longer counts on `until_on`."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputising")
    roles = models.JSONField(default=list)
    from_on = models.DateField()
    until_on = models.DateField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_deputy_is_somebody_else", condition=~Q(account=F("deputy"))),
            models.CheckConstraint(name="people_deputy_ends_after_beginning", condition=Q(until_on__gte=F("from_on"))),
        ]
        indexes = [models.Index(name="people_deputy_by_day", fields=["deputy", "from_on"])]


class Handover(Record):
    """Open duties and roles passed on to a successor when somebody leaves or moves to another unit."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("Leaves")
        TRANSFER = "transfer", _("Transfers")

    from_account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers_given")
    to_account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handovers_taken")
    reason = models.CharField(max_length=8, choices=Reason)
    on = models.DateField()
    duties_moved = models.PositiveIntegerField(default=0)
    roles_moved = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_handover_to_somebody_else", condition=~Q(from_account=F("to_account")))
        ]


class ResetRequest(Record):
    """A lost password or second factor: one person asks, a different one approves, neither is the holder."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reset_requests")
    password = models.BooleanField(default=True)
    second_factor = models.BooleanField(default=True)
    reason = models.CharField(max_length=200)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_reset_not_asked_by_holder", condition=~Q(account=F("requested_by"))),
            models.CheckConstraint(
                name="people_reset_approved_by_a_third",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("requested_by")) & ~Q(approved_by=F("account"))),
            ),
            models.CheckConstraint(
                name="people_reset_resets_something", condition=Q(password=True) | Q(second_factor=True)
            ),
        ]
