"""Certificates: a printed statement of hours with a number and a code that anybody can check."""

import secrets
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.models import Attendance, Certificate, Occurrence
from lianxin.domain.activities.queries.certificates import hours_between, hours_of_occurrence
from lianxin.domain.activities.rules import codes
from lianxin.domain.activities.rules import hours as rules
from lianxin.domain.people.models import Person
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused


class NothingToCertify(Refused):
    """No hours, and no attendance, stand in the ledger for that time."""

    title = gettext_lazy("There are no hours in these days, so there is nothing to certify yet.")


class RevokedAlready(Refused):
    """The certificate is no longer valid."""

    title = gettext_lazy("This certificate was withdrawn already.")


@command("activities.issue_certificate")
def issue_certificate(
    *,
    actor: Actor,
    from_on: date,
    until_on: date,
    person: UUID | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Certificate:
    """Certify the hours of a person between two days, both included, in all communities; raises NothingToCertify."""
    who = _person(actor, person)
    if not rules.is_in_order(from_on, until_on):
        raise Invalid(fields={"until_on": [_("The last day has to come after the first one.")]})
    if until_on > local_day(at):
        raise Invalid(fields={"until_on": [_("This day is still to come.")]})
    found = hours_between(person=who.pk, from_on=from_on, until_on=until_on)
    if found.minutes <= 0:
        raise NothingToCertify
    return _issue(who, from_on=from_on, until_on=until_on, minutes=found.minutes, times=found.times, actor=actor, at=at)


@command("activities.certify_occurrence")
def certify_occurrence(
    *, actor: Actor, occurrence: UUID, person: UUID | None = None, at: datetime, key: UUID | None = None
) -> Certificate:
    """Certify that a person did a shift at an occurrence, or came to it; raises NothingToCertify.

    Hours of a shift are those of the ledger; whoever came gets the length of the occurrence.
    """
    who = _person(actor, person)
    with scope.everything():
        date_row = Occurrence.objects.filter(pk=occurrence).first()
        came = Attendance.objects.filter(occurrence=occurrence, person=who, undone_at=None).exists()
    if date_row is None:
        raise Missing
    found = hours_of_occurrence(person=who.pk, occurrence=occurrence)
    minutes = found.minutes
    if minutes <= 0 and came:
        minutes = round((date_row.ends_at - date_row.starts_at).total_seconds() / 60)
    if minutes <= 0 or date_row.ends_at > at:
        raise NothingToCertify
    on = local_day(date_row.starts_at)
    return _issue(
        who,
        from_on=on,
        until_on=max(on, local_day(date_row.ends_at)),
        minutes=minutes,
        times=max(1, found.times),
        occurrence=occurrence,
        actor=actor,
        at=at,
    )


@command("activities.revoke_certificate")
def revoke_certificate(
    *, actor: Actor, certificate: UUID, reason: str, at: datetime, key: UUID | None = None
) -> Certificate:
    """Withdraw a certificate; whoever checks its code sees that."""
    row: Certificate | None = locks.lock_one(Certificate.objects.filter(pk=certificate))
    if row is None:
        raise Missing
    policy.require(policy.may_keep_volunteers(actor, row.community_id))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why.")]})
    if row.revoked_at is not None:
        raise RevokedAlready
    row.revoked_at, row.revoked_reason = at, reason.strip()[:200]
    row.save(update_fields=["revoked_at", "revoked_reason"])
    act().target(row, "withdrawn", {"revoked_at": [None, at]})
    act().note(reason=reason.strip())
    return row


def _person(actor: Actor, person: UUID | None) -> Person:
    pk = person or actor.on_behalf_of or actor.person
    who = Person.objects.filter(pk=pk).exclude(state=Person.State.ERASED).first() if pk else None
    if who is None:
        raise Missing
    policy.require(policy.is_self(actor, who.pk) or policy.may_keep_volunteers(actor, who.community_id))
    return who


def _issue(
    who: Person,
    *,
    from_on: date,
    until_on: date,
    minutes: int,
    times: int,
    actor: Actor,
    at: datetime,
    occurrence: UUID | None = None,
) -> Certificate:
    # The same paper asked for again is the same paper, as long as nothing was corrected since.
    same = Certificate.objects.filter(
        person=who,
        occurrence=occurrence,
        from_on=from_on,
        until_on=until_on,
        minutes=minutes,
        times=times,
        name=who.name,
        revoked_at=None,
    ).first()
    if same is not None:
        return same
    year = local_day(at).year
    row = Certificate.objects.create(
        community_id=who.community_id,
        person=who,
        occurrence_id=occurrence,
        number=_next_number(year),
        code=_new_code(),
        from_on=from_on,
        until_on=until_on,
        minutes=minutes,
        times=times,
        name=who.name,
        issued_at=at,
        issued_by=actor.account,
    )
    act().target(row, "issued", {"number": [None, row.number], "minutes": [None, minutes]})
    return row


def _next_number(year: int) -> str:
    """Give the next number of a year; one after the other waits, so that none is given twice."""
    locks.advisory("activities.certificates")
    with scope.everything():
        last = Certificate.objects.filter(number__startswith=f"V{year}-").aggregate(last=Max("number"))["last"]
    return rules.certificate_number(year, int(last.rpartition("-")[2]) + 1 if last else 1)


def _new_code() -> str:
    while True:
        code = codes.certificate_code(secrets.choice)
        with scope.everything():
            if not Certificate.objects.filter(code=code).exists():
                return code
