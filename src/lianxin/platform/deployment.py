"""Whether this deployment is a sample, whether its parts are still being built, and how that is entered."""

import time
from datetime import date, datetime
from uuid import UUID

from django.db import Error
from django.utils.translation import gettext as _

from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import NotAllowed, Refused
from lianxin.platform.models import Deployment

ASK_AGAIN_AFTER_SECONDS = 60.0
_known: Deployment | None = None
_asked_at: float | None = None


class AlreadyFounded(Refused):
    """This database belongs to a district already."""


@command("platform.found_deployment")
def found_deployment(
    *,
    actor: Actor,
    at: datetime,
    is_sample: bool,
    seed: int | None = None,
    sample_on: date | None = None,
    residents: int | None = None,
    communities: int | None = None,
    district: UUID | None = None,
) -> Deployment:
    """Enter once what this deployment is."""
    if not actor.is_system:
        raise NotAllowed
    if Deployment.objects.exists():
        raise AlreadyFounded(_("This database already belongs to a district."))
    return Deployment.objects.create(
        is_sample=is_sample,
        seed=seed,
        sample_on=sample_on,
        residents=residents,
        communities=communities,
        district_id=district,
        created_at=at,
    )


@command("platform.show_sample_logins")
def show_sample_logins(*, actor: Actor, at: datetime, logins: list[dict[str, str]], district: UUID) -> None:
    """Keep what is printed about the ways into a sample, and which division is the district."""
    if not actor.is_system:
        raise NotAllowed
    Deployment.objects.filter(is_sample=True).update(logins=logins, district_id=district)


@command("platform.finish_deployment")
def finish_deployment(*, actor: Actor, at: datetime) -> None:
    """Enter that all parts are built."""
    if not actor.is_system:
        raise NotAllowed
    Deployment.objects.filter(ready_at=None).update(ready_at=at)
    forget()


def find_deployment() -> Deployment | None:
    """Give the row, read anew."""
    return Deployment.objects.first()


def current() -> Deployment | None:
    """Give the row for pages: kept for good once everything is built, and "none" for a minute."""
    global _known, _asked_at
    if _known is not None:
        return _known
    if _asked_at is not None and time.monotonic() - _asked_at < ASK_AGAIN_AFTER_SECONDS:
        return None
    try:
        found = Deployment.objects.first()
    except Error:
        # The page that says that the database is away must not fail for want of a footer.
        return None
    if found is None:
        _asked_at = time.monotonic()
    elif found.ready_at is not None:
        _known = found
    return found


def is_sample() -> bool:
    """Tell whether the data of this deployment was made up."""
    found = current()
    return found is not None and found.is_sample


def forget() -> None:
    """Read the row anew at the next question."""
    global _known, _asked_at
    _known = _asked_at = None
