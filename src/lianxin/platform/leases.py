"""A right that one process holds for a while: folding facts, sealing the audit log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lianxin.platform.models import Lease


def take(name: str, *, holder: str, at: datetime, duration: timedelta) -> bool:
    """Take or renew a lease; False when another holder has it until later than `at`."""
    until = at + duration
    with transaction.atomic():
        mine_or_over = Q(holder=holder) | Q(until_at__lte=at)
        if Lease.objects.filter(mine_or_over, name=name).update(holder=holder, until_at=until):
            return True
        return bool(
            Lease.objects.bulk_create([Lease(name=name, holder=holder, until_at=until)], ignore_conflicts=True)
        ) and (Lease.objects.filter(name=name, holder=holder, until_at=until).exists())


def release(name: str, *, holder: str) -> None:
    """Give a lease back early."""
    Lease.objects.filter(name=name, holder=holder).delete()
