"""The State Council's yearly list of holidays and make-up workdays, editable."""

from django.db import models


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up workday."""

    day_on = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=120, blank=True)
