"""Vulnerability facts: recorded sealed, ended, and shown one person at a time with a reason."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people import policy
from lianxin.domain.people.commands import found
from lianxin.domain.people.models import Person, VulnerabilityFact
from lianxin.domain.people.rules.vulnerabilities import review_on
from lianxin.platform import duties
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing
from lianxin.platform.sensitive import digest, seal

KIND_PURPOSE = "people.vulnerabilityfact.kind"
DETAIL_PURPOSE = "people.vulnerabilityfact.detail"
REVIEW = "people.review_vulnerability"


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One vulnerability fact in plain words."""

    id: UUID
    kind: str
    label: str
    detail: str
    since_on: date
    until_on: date | None
    source: str
    review_on: date


@command("people.record_vulnerability")
def record_vulnerability(
    *,
    actor: Actor,
    person: UUID,
    kind: str,
    source: str,
    detail: str = "",
    since_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> VulnerabilityFact:
    """Record why a person may need more help; a duty asks to look at it again."""
    policy.require(policy.may_see_vulnerabilities(actor))
    row = found.living_person(person)
    if kind not in VulnerabilityFact.Kind.values:
        raise Invalid(fields={"kind": [_("Choose what it is.")]})
    if source not in VulnerabilityFact.Source.values:
        raise Invalid(fields={"source": [_("Choose where this is known from.")]})
    today = local_day(at)
    since_on = since_on or today
    if since_on > today:
        raise Invalid(fields={"since_on": [_("The day lies in the future.")]})
    kind_digest = digest(kind, KIND_PURPOSE)
    if VulnerabilityFact.objects.filter(person=row, kind_digest=kind_digest, until_on__isnull=True).exists():
        raise Invalid(fields={"kind": [_("This is on record already. End the old entry first.")]})
    fact = VulnerabilityFact.objects.create(
        community_id=row.community_id,
        person=row,
        kind=seal(kind, KIND_PURPOSE),
        kind_digest=kind_digest,
        detail=seal(detail.strip(), DETAIL_PURPOSE) if detail.strip() else None,
        since_on=since_on,
        source=source,
        recorded_by=actor.account,
        recorded_at=at,
        review_on=review_on(kind, today),
    )
    duties.open(
        kind=REVIEW,
        record=fact,
        community_id=row.community_id,
        title=_("Ask again how somebody is doing"),
        due_at=local_moment(fact.review_on, time(9)),
        assignee_role="community_staff",
        url_name="staff:person",
        url_args={"person": str(row.pk)},
    )
    act().target(row, "vulnerability recorded", {})
    return fact


@command("people.end_vulnerability")
def end_vulnerability(
    *, actor: Actor, fact: UUID, on: date, at: datetime, key: UUID | None = None
) -> VulnerabilityFact:
    """Enter that a vulnerability fact no longer holds."""
    policy.require(policy.may_see_vulnerabilities(actor))
    row = VulnerabilityFact.objects.filter(pk=fact, until_on__isnull=True).first()
    if row is None:
        raise Missing
    if on < row.since_on or on > local_day(at):
        raise Invalid(fields={"on": [_("Choose a day between the beginning and today.")]})
    row.until_on = on
    row.save(update_fields=["until_on"])
    duties.close(kind=REVIEW, record=row)
    act().target(row.person, "vulnerability ended", {})
    return row


@command("people.confirm_vulnerability")
def confirm_vulnerability(*, actor: Actor, fact: UUID, at: datetime, key: UUID | None = None) -> VulnerabilityFact:
    """Enter that somebody asked again and the fact still holds."""
    policy.require(policy.may_see_vulnerabilities(actor))
    row = VulnerabilityFact.objects.filter(pk=fact, until_on__isnull=True).first()
    if row is None:
        raise Missing
    row.review_on = review_on(row.kind.reveal(), local_day(at))
    row.save(update_fields=["review_on"])
    duties.open(
        kind=REVIEW,
        record=row,
        community_id=row.community_id,
        title=_("Ask again how somebody is doing"),
        due_at=local_moment(row.review_on, time(9)),
        assignee_role="community_staff",
        url_name="staff:person",
        url_args={"person": str(row.person_id)},
    )
    act().target(row.person, "vulnerability confirmed", {})
    return row


@command("people.reveal_vulnerabilities")
def reveal_vulnerabilities(*, actor: Actor, person: UUID, reason: str, at: datetime) -> list[ShownFact]:
    """Show one person's vulnerability facts; the look, its reason and its reader are logged."""
    policy.require(policy.may_see_vulnerabilities(actor))
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why you need to see this.")]})
    row = Person.objects.filter(pk=person).exclude(state=Person.State.ERASED).first()
    if row is None:
        raise Missing
    act().target(row, "revealed", {"field": "vulnerabilities"})
    act().note(reason=reason.strip())
    return [shown(fact) for fact in VulnerabilityFact.objects.filter(person=row).order_by("-since_on", "pk")]


def shown(fact: VulnerabilityFact) -> ShownFact:
    """Open one sealed fact; callers have logged the look."""
    kind = fact.kind.reveal()
    return ShownFact(
        id=fact.pk,
        kind=kind,
        label=str(VulnerabilityFact.Kind(kind).label),
        detail="" if fact.detail is None else fact.detail.reveal(),
        since_on=fact.since_on,
        until_on=fact.until_on,
        source=fact.source,
        review_on=fact.review_on,
    )
