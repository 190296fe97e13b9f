"""Reporting in (双报到): a Party member of a work unit reports in at the community where they live."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.volunteers import ensure_volunteer
from lianxin.domain.activities.models import ReportingIn
from lianxin.domain.people.models import Organisation, Person
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused


class ReportedInAlready(Refused):
    """Somebody is reported in; only one community at a time has them."""

    title = gettext_lazy("This person has reported in already. End that first if they moved.")


@command("activities.report_in")
def report_in(
    *,
    actor: Actor,
    unit_name: str,
    person: UUID | None = None,
    organisation: UUID | None = None,
    offers: str = "",
    on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> ReportingIn:
    """Report in at the community where one lives: oneself, or by the office from a letter of the unit."""
    pk = person or actor.on_behalf_of or actor.person
    who: Person | None = locks.lock_one(Person.objects.filter(pk=pk)) if pk else None
    if who is None:
        raise Missing
    policy.require(policy.is_self(actor, who.pk) or policy.may_keep_volunteers(actor, who.community_id))
    if who.state != Person.State.LIVING:
        raise Refused(_("This person no longer lives here, so nothing new is recorded."))
    today = local_day(at)
    day = on or today
    problems: dict[str, list[str]] = {}
    unit = " ".join(unit_name.split())
    if organisation is not None:
        known = Organisation.objects.filter(pk=organisation).exclude(state__in=["merged", "closed"]).first()
        if known is None:
            problems["organisation"] = [_("This organisation is not on record, or has ended.")]
        else:
            unit = unit or known.name
    if not 0 < len(unit) <= 120:
        problems["unit_name"] = [_("Enter the name of the unit, at most %(most)d characters.") % {"most": 120}]
    if len(offers.strip()) > 200:
        problems["offers"] = [_("At most %(most)d characters.") % {"most": 200}]
    if day > today:
        problems["on"] = [_("This day is still to come.")]
    if problems:
        raise Invalid(fields=problems)
    with scope.everything():
        if ReportingIn.objects.filter(person=who, until_on=None).exists():
            raise ReportedInAlready
    row = ReportingIn.objects.create(
        community_id=who.community_id,
        person=who,
        organisation_id=organisation,
        unit_name=unit,
        reported_on=day,
        offers=offers.strip(),
        recorded_by=actor.account,
    )
    ensure_volunteer(who, on=today)
    act().target(row, "reported in", {"unit_name": [None, unit]})
    return row


@command("activities.end_reporting")
def end_reporting(
    *, actor: Actor, reporting: UUID, on: date | None = None, at: datetime, key: UUID | None = None
) -> ReportingIn:
    """End it: the person moved, changed the unit or does not want it any more."""
    row: ReportingIn | None = locks.lock_one(ReportingIn.objects.filter(pk=reporting, until_on=None))
    if row is None:
        raise Missing
    policy.require(policy.is_self(actor, row.person_id) or policy.may_keep_volunteers(actor, row.community_id))
    day = on or local_day(at)
    if not row.reported_on <= day <= local_day(at):
        raise Invalid(fields={"on": [_("Choose a day between the reporting in and today.")]})
    row.until_on = day
    row.save(update_fields=["until_on"])
    act().target(row, "ended", {"until_on": [None, day]})
    return row
