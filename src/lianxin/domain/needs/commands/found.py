"""Finding and locking the rows that a command acts on: entries before voices; what is outside the scope is missing."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.rules.groups import GROUPS
from lianxin.domain.places.models import Division, Level, ServiceCategory
from lianxin.platform import locks
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

GROUP_LONGEST = 60


class VoiceClosed(Refused):
    """The voice was withdrawn by whoever said it."""

    title = gettext_lazy("This was taken back by the one who said it. It stays as it is.")


class EntryClosed(Refused):
    """The entry left the list."""

    title = gettext_lazy("This entry is no longer on the list. Choose another one, or begin a new one.")


def community(pk: UUID) -> Division:
    """Give a community that exists; raises Missing."""
    row = Division.objects.filter(pk=pk, level=Level.COMMUNITY, ended_on=None).first()
    if row is None:
        raise Missing
    return row


def needs(pks: Iterable[UUID], *, rank: int = locks.RECORD) -> list[Need]:
    """Lock entries in scope, in key order; raises Missing when one is not there.

    What follows when homes change asks for them at the rank of households: no command locks both the other way round.
    """
    wanted = set(pks)
    rows = locks.lock(Need.objects.filter(pk__in=wanted).select_related("category"), rank=rank)
    if len(rows) != len(wanted):
        raise Missing
    return rows


def need(pk: UUID) -> Need:
    """Lock one entry in scope; raises Missing."""
    return needs([pk])[0]


def report(pk: UUID) -> tuple[NeedReport, Need | None]:
    """Lock a voice in scope with the entry that it is joined to, the entry first; raises Missing."""
    rows, entries = reports([pk])
    return rows[0], next(iter(entries.values()), None)


def reports(pks: Iterable[UUID], *more: UUID) -> tuple[list[NeedReport], dict[UUID, Need]]:
    """Lock voices in scope with their entries and these further ones, entries first; raises Missing."""
    wanted = set(pks)
    joined = NeedReport.objects.filter(pk__in=wanted, need__isnull=False).values_list("need_id", flat=True)
    named = {one for one in joined if one} | set(more)
    entries = {row.pk: row for row in needs(named)} if named else {}
    rows = locks.lock(NeedReport.objects.filter(pk__in=wanted))
    if len(rows) != len(wanted):
        raise Missing
    if any(row.need_id is not None and row.need_id not in entries for row in rows):
        # Joined to another entry between the look and the lock.
        raise EditedMeanwhile
    return rows, entries


def category(code: str) -> ServiceCategory:
    """Give one of the categories by its code; raises Invalid."""
    row = ServiceCategory.objects.filter(code=code.strip().upper()).first()
    if row is None:
        raise Invalid(fields={"category": [_("There is no category “%(code)s”.") % {"code": code[:10]}]})
    return row


def group(text: str) -> str:
    """Give a target group as it is kept: a known code, or own words; raises Invalid."""
    plain = " ".join(text.split())
    if len(plain) > GROUP_LONGEST:
        raise Invalid(fields={"target_group": [_("At most %(most)d characters.") % {"most": GROUP_LONGEST}]})
    known = {str(label): code for code, label in GROUPS.items()}
    return known.get(plain, plain)


def require_version(row: Need | NeedReport, version: int | None) -> None:
    """Refuse when somebody else saved since the form was opened; None asks for no comparison."""
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
