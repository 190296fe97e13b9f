"""What this deployment is: a real district, or a sample."""

from uuid import UUID

from django.db import models
from django.db.models import Q

THE_ONE = UUID("00000000-0000-7000-8000-000000000001")


class Deployment(models.Model):
    """The one row that says whose data this is, and whether it was made up."""

    id = models.UUIDField(primary_key=True, default=THE_ONE, editable=False)
    is_sample = models.BooleanField()
    seed = models.BigIntegerField(null=True)
    sample_on = models.DateField(null=True)
    residents = models.PositiveIntegerField(null=True)
    communities = models.PositiveSmallIntegerField(null=True)
    # Login names and telephones of a sample that everybody may see.
    logins = models.JSONField(default=list)
    district_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="platform_deployment_is_one", condition=Q(id=THE_ONE)),
            models.CheckConstraint(
                name="platform_deployment_sample_is_told",
                condition=Q(is_sample=False) | Q(seed__isnull=False, sample_on__isnull=False, residents__isnull=False),
            ),
        ]
