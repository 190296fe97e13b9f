"""What staff's corrections taught: sentences whose category a person decided."""

from django.db import models
from django.db.models import Q

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class CategoryExample(Record):
    """A sentence and its category, decided by a person; it joins the shipped examples."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    # What the machine had said first.
    was_suggested = models.CharField(max_length=3, blank=True, default="")
    report = models.ForeignKey("needs.NeedReport", models.CASCADE, null=True, blank=True, related_name="+")
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="needs_example_worded"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(retired_at__isnull=True, report__isnull=False), name="needs_example_once"
            ),
        ]
