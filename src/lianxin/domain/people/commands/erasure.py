"""Erasing a person's record: what a person may ask for, and what the law lets us keep."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people import events, policy
from lianxin.domain.people.commands import found, searching
from lianxin.domain.people.commands.leaving import end_what_belongs_to
from lianxin.domain.people.models import (
    Card,
    ConsentReceipt,
    ConsentWithdrawal,
    Erasure,
    Person,
    ProxyLink,
    VulnerabilityFact,
)
from lianxin.platform import contributions, duties, scope, search
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused


class MustStay(Refused):
    """Something is not finished, so the record cannot be erased yet."""

    title = gettext_lazy("This record cannot be erased yet.")


@command("people.erase_person")
def erase_person(*, actor: Actor, person: UUID, ground: str, at: datetime, key: UUID | None = None) -> Erasure:
    """Erase a record down to its id and a tombstone; refused, with reasons, while something has to stay."""
    policy.require(policy.may_write_people(actor))
    row = found.person(person)
    if not ground.strip():
        raise Invalid(fields={"ground": [_("Say why the record is erased, for example: asked for by the person.")]})
    reasons = why_it_must_stay(row)
    if reasons:
        raise MustStay(" ".join(reasons), reasons=reasons)
    kept: list[str] = []
    duties.close(kind="people.answer_erasure_request", record=row)
    contributions.follow(events.PersonErased(row.pk, row.household_id, row.community_id), actor=actor, at=at)
    for part in contributions.every("personal_data"):
        said = part.erase(row.pk, actor, at)
        kept += [said] if isinstance(said, str) else list(said or ())
    tombstone = Erasure.objects.create(
        community_id=row.community_id, person_id=row.pk, erased_at=at, ground=ground.strip()[:200], kept=kept
    )
    act().target(row, "erased", {})
    act().note(reason=ground.strip())
    return tombstone


def why_it_must_stay(person: Person) -> list[str]:
    """Give the reasons, in sentences, for which a record cannot be erased now; within an active scope."""
    if person.state == Person.State.LIVING:
        if ProxyLink.objects.filter(agent_person=person, kind="guardian", revoked_at__isnull=True).exists():
            return [_("This person is a child's guardian. Record another guardian first.")]
        if person.relation == Person.Relation.HEAD and (
            Person.objects.filter(household=person.household_id, state=Person.State.LIVING).exclude(pk=person.pk)
        ):
            return [_("This person is head of a household. Choose another head first.")]
        if person.residence == Person.Residence.REGISTERED:
            return [
                _(
                    "The person is registered and lives here, and the community keeps the household register by law. "
                    "Enter the move out first, or withdraw the consents one by one."
                )
            ]
    return []


def preview_erasure(*, actor: Actor, person: UUID) -> tuple[list[str], list[str]]:
    """Give (why not, what follows) for erasing a record."""
    with scope.within(actor.communities):
        policy.require(policy.may_write_people(actor))
        row = Person.objects.filter(pk=person).exclude(state=Person.State.ERASED).first()
        if row is None:
            raise Missing
        event = events.PersonErased(row.pk, row.household_id, row.community_id)
        return why_it_must_stay(row), contributions.preview(event)


def erase_rows(person_id: UUID, actor: Actor, at: datetime) -> list[str]:
    """Erase what this module holds about a person; give what stays and why."""
    row = Person.objects.get(pk=person_id)
    end_what_belongs_to(row, actor=actor, at=at, reason=Card.Reason.ERASED)
    for fact in VulnerabilityFact.objects.filter(person=row):
        duties.close(kind="people.review_vulnerability", record=fact)
        fact.delete()
    ProxyLink.objects.filter(principal=row).delete()
    ProxyLink.objects.filter(agent_person=row).delete()
    Card.objects.filter(person=row).delete()
    ConsentWithdrawal.objects.filter(receipt__person=row).delete()
    ConsentReceipt.objects.filter(person=row).delete()
    row.memberships.filter(until_on__isnull=True).update(until_on=max(local_day(at), row.registered_on))
    for field, value in _EMPTY.items():
        setattr(row, field, value)
    row.version += 1
    row.save()
    search.drop(searching.PERSON, [row.pk])
    return [_("The days in the household, without a name, because earlier counts of residents rest on them.")]


_EMPTY: dict[str, Any] = {
    "name": "",
    "name_latin": "",
    "sex": "",
    "birth_on": None,
    "id_number": None,
    "id_digest": None,
    "phone": None,
    "phone_digest": None,
    "phone_last4": "",
    "prefers_teochew": False,
    "prefers_large_print": False,
    "no_phone": False,
    "died_on": None,
    "moved_on": None,
    "state": Person.State.ERASED,
}
