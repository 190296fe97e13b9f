"""Certificates: what can be certified, whose they are, and whether a code is true."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, Certificate, HoursEntry
from lianxin.domain.activities.rules import codes
from lianxin.engines.masking import mask_name
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing

MOST_SHOWN = 500
MOST_ATTENDED = 30


@dataclass(frozen=True, slots=True)
class Counted:
    """Minutes that stand in the ledger, and on how many shifts."""

    minutes: int
    times: int


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One certificate on a list."""

    id: UUID
    number: str
    code: str
    person: UUID
    masked_name: str
    from_on: date
    until_on: date
    minutes: int
    times: int
    occurrence_title: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """A certificate as it is printed, with the name in full."""

    line: CertificateLine
    name: str
    community: UUID
    community_name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody is told about a code: a masked name, and whether the paper still says what the ledger says."""

    number: str
    masked_name: str
    community_name: str
    from_on: date
    until_on: date
    minutes: int
    times: int
    occurrence_title: str
    issued_on: datetime
    revoked_at: datetime | None
    minutes_now: int

    @property
    def is_valid(self) -> bool:
        """Tell whether it was not withdrawn and its hours still stand."""
        return self.revoked_at is None and self.minutes_now >= self.minutes


def hours_between(*, person: UUID, from_on: date, until_on: date) -> Counted:
    """Count a person's hours between two days, both included, in all communities; one query."""
    return _counted(Q(person=person, on__gte=from_on, on__lte=until_on))


def hours_of_occurrence(*, person: UUID, occurrence: UUID) -> Counted:
    """Count a person's hours on the shifts of an occurrence; one query."""
    return _counted(Q(person=person, shift_place__shift__occurrence=occurrence))


def list_attended(*, person: UUID, from_at: datetime, until_at: datetime) -> list[tuple[UUID, str, datetime]]:
    """List the dates of activities that a person came to and that are over, newest first; one query."""
    with scope.everything():
        rows = Attendance.objects.filter(
            person=person,
            undone_at=None,
            occurrence__starts_at__gte=from_at,
            occurrence__ends_at__lt=until_at,
        ).select_related("occurrence__activity")
        found = [row.occurrence for row in rows.order_by("-occurrence__starts_at", "-pk")[:MOST_ATTENDED]]
    return [(row.pk, row.title or row.activity.title, row.starts_at) for row in found]


def list_certificates(
    *, actor: Actor, person: UUID | None = None, community: UUID | None = None
) -> list[CertificateLine]:
    """List certificates, newest first: a person's own from anywhere, or a community's to its office; one query."""
    if person is None:
        policy.require(community is not None and policy.may_read_volunteers(actor, community))
    wanted = Q(community=community) if person is None else Q(person=person)
    own = person is not None and policy.is_self(actor, person)
    with scope.within(None if own else actor.communities):
        found = list(rows_of(Certificate.objects.filter(wanted)))
    return [_line(row) for row in found if policy.is_self(actor, row.person_id) or _may_read(actor, row)]


def find_certificate(*, actor: Actor, certificate: UUID) -> CertificateSheet:
    """Give a certificate to print, to its person and to the office; raises Missing."""
    with scope.within(actor.communities):
        row = rows_of(Certificate.objects.filter(pk=certificate)).first()
        if row is None or not (policy.is_self(actor, row.person_id) or _may_read(actor, row)):
            raise Missing
        return CertificateSheet(_line(row), row.name, row.community_id, row.community.short_name)


def find_own_certificate(*, person: UUID, certificate: UUID) -> CertificateSheet:
    """Give a person's own certificate to print, wherever they lived when it was issued; raises Missing."""
    with scope.everything():
        row = rows_of(Certificate.objects.filter(pk=certificate, person=person)).first()
        if row is None:
            raise Missing
        return CertificateSheet(_line(row), row.name, row.community_id, row.community.short_name)


def check_certificate(code: str) -> Checked | None:
    """Look up the code of a certificate for anybody, with a masked name; None when there is none."""
    text = codes.plain(code)
    if not codes.is_certificate_code(text):
        return None
    with scope.everything():
        row = rows_of(Certificate.objects.filter(code=text)).first()
        if row is None:
            return None
        if row.occurrence_id is not None:
            came = Attendance.objects.filter(
                occurrence=row.occurrence_id, person=row.person_id, undone_at=None
            ).exists()
            done = hours_of_occurrence(person=row.person_id, occurrence=row.occurrence_id).minutes
            now = done or (row.minutes if came else 0)
        else:
            now = hours_between(person=row.person_id, from_on=row.from_on, until_on=row.until_on).minutes
        return Checked(
            number=row.number,
            masked_name=mask_name(row.name),
            community_name=row.community.short_name,
            from_on=row.from_on,
            until_on=row.until_on,
            minutes=row.minutes,
            times=row.times,
            occurrence_title=_title(row),
            issued_on=row.issued_at,
            revoked_at=row.revoked_at,
            minutes_now=now,
        )


def rows_of(rows):  # type: ignore[no-untyped-def]
    """Order certificates and fetch what a line shows."""
    return rows.select_related("community", "occurrence__activity").order_by("-issued_at", "-pk")[:MOST_SHOWN]


def _may_read(actor: Actor, row: Certificate) -> bool:
    return policy.may_read_volunteers(actor, row.community_id)


def _counted(which: Q) -> Counted:
    with scope.everything():
        found = HoursEntry.objects.filter(which).aggregate(
            minutes=Sum("minutes"), times=Count("shift_place", distinct=True), alone=Count("pk", filter=_ALONE)
        )
    return Counted(max(0, found["minutes"] or 0), (found["times"] or 0) + (found["alone"] or 0))


_ALONE = Q(shift_place=None, corrects=None)


def _title(row: Certificate) -> str:
    if row.occurrence is None:
        return ""
    return row.occurrence.title or row.occurrence.activity.title


def _line(row: Certificate) -> CertificateLine:
    return CertificateLine(
        id=row.pk,
        number=row.number,
        code=row.code,
        person=row.person_id,
        masked_name=mask_name(row.name),
        from_on=row.from_on,
        until_on=row.until_on,
        minutes=row.minutes,
        times=row.times,
        occurrence_title=_title(row),
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
    )
