"""Briefings: asked for, made in the background, read, issued under a name and a number, withdrawn with a reason."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.models import Division
from lianxin.domain.reporting import briefing_policy as policy
from lianxin.domain.reporting.models import Briefing, BriefingKind, BriefingTemplate, IssuedBriefing
from lianxin.domain.reporting.rules import briefings as rules
from lianxin.platform import files, locks, tasks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command, digest_of
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

State = Briefing.State
TASK = "insight.make_briefing"
PURPOSE = "reporting.briefing"
DOES_NOT_STAND = (State.DROPPED, State.WITHDRAWN)
LONGEST_REASON = 200


class BriefingPeriod(Invalid):
    """No briefing can be made of these days."""

    title = gettext_lazy("No briefing can be made of this period.")


class NoSuchStep(Refused):
    """The briefing is not in the state that this asks for."""

    title = gettext_lazy("The briefing is not at this step any more. Look at its page again.")


class BriefingStands(Refused):
    """There is one of this period and place already."""

    title = gettext_lazy("There is a briefing of this period and place already. Issue it or throw it away first.")


@command("reporting.ask_briefing")
def ask_briefing(
    *,
    actor: Actor,
    kind: str,
    from_on: date,
    until_on: date,
    area: UUID,
    office: str = "",
    dated_on: date | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Briefing:
    """Have a briefing made of a month, quarter or year that is over; the worker makes it."""
    division = Division.objects.filter(pk=area).first()
    if division is None or not policy.answers_for(actor, division):
        raise Missing
    policy.require(policy.may_make(actor, division))
    today = local_day(at)
    _require_period(kind, from_on, until_on, division, today)
    dated = dated_on or today
    if dated < until_on:
        raise Invalid(fields={"dated_on": [_("The day on the paper comes after the last day of the period.")]})
    if (dated - today).days > 31:
        raise Invalid(fields={"dated_on": [_("The day on the paper is at most a month ahead.")]})
    name = office.strip() or division.official_name
    if len(name) > rules.LONGEST_OFFICE:
        raise Invalid(fields={"office": [_("At most %(most)d characters.") % {"most": rules.LONGEST_OFFICE}]})
    locks.advisory(f"reporting.briefing:{division.pk}")
    same = Briefing.objects.filter(area=division, kind=kind, from_on=from_on)
    if same.exclude(state__in=DOES_NOT_STAND).exists():
        raise BriefingStands
    row = Briefing(
        kind=kind,
        from_on=from_on,
        until_on=until_on,
        area=division,
        number=_next_number(division.pk, dated.year),
        number_year=dated.year,
        office=name,
        dated_on=dated,
        asked_by=actor.account,
        asked_name=actor.name[:40],
        asked_at=at,
    )
    _start(row, first=True)
    act().target(row, "asked for", {"number": [None, rules.printed_number(row.number_year, row.number)]})
    return row


def _require_period(kind: str, from_on: date, until_on: date, division: Division, today: date) -> None:
    if kind not in BriefingKind.values or not rules.is_whole(kind, from_on, until_on):
        raise BriefingPeriod(_("A briefing is made of one whole month, quarter or year of the calendar."))
    if from_on.year < rules.EARLIEST_YEAR:
        raise BriefingPeriod(_("Nothing is kept from before %(year)d.") % {"year": rules.EARLIEST_YEAR})
    if until_on > today:
        raise BriefingPeriod(
            _("This period is not over yet. Its briefing can be made from %(day)s on.") % {"day": until_on.isoformat()}
        )
    if division.ended_on is not None and division.ended_on <= from_on:
        raise BriefingPeriod(_("%(place)s was no more in this period.") % {"place": division.short_name})


def _next_number(area: UUID, year: int) -> int:
    standing = Briefing.objects.filter(area=area, number_year=year).exclude(state=State.DROPPED)
    return int(standing.aggregate(highest=Max("number"))["highest"] or 0) + 1


def _start(row: Briefing, *, first: bool = False) -> None:
    """Take the template in use and put the making in the queue."""
    row.template = BriefingTemplate.objects.filter(kind=row.kind, state=BriefingTemplate.State.IN_USE).first()
    row.template_digest = row.template.digest if row.template else ""
    row.state, row.failure = State.MAKING, ""
    if not first:
        _forget_document(row)
        row.version += 1
    job = tasks.enqueue(TASK, args={"briefing": row.pk}, key=f"{TASK}:{row.pk}:{row.version}")
    row.job_id = job.pk
    row.save(force_insert=first)


def _forget_document(row: Briefing) -> None:
    """Keep no document of a draft that is made again or thrown away."""
    if row.file_id is not None:
        files.forget(ids=[row.file_id])
    row.file_id, row.digest, row.figures, row.made_at = None, "", {}, None


@command("reporting.make_briefing_again")
def make_again(
    *, actor: Actor, briefing: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Briefing:
    """Make a draft anew from the records and the template of now, or try again what failed."""
    row = _locked(actor, briefing, version)
    if row.state not in (State.DRAFT, State.FAILED):
        raise NoSuchStep
    _start(row)
    act().target(row, "asked for again")
    return row


@command("reporting.store_briefing")
def store_made(
    *,
    actor: Actor,
    briefing: UUID,
    file: UUID,
    figures: Mapping[str, Any],
    template_digest: str,
    version: int,
    at: datetime,
) -> Briefing | None:
    """Keep the document that the worker made; None when it was asked for anew or thrown away meanwhile."""
    row = _being_made(actor, briefing, version)
    if row is None:
        return None
    stored = files.find_file(file)
    row.state, row.made_at = State.DRAFT, at
    row.file_id, row.digest, row.figures = stored.pk, stored.digest, dict(figures)
    row.template_digest = template_digest
    row.version += 1
    row.save()
    act().target(row, "made", {"figures": [None, len(row.figures.get("values", ()))]})
    return row


@command("reporting.fail_briefing")
def fail_making(*, actor: Actor, briefing: UUID, failure: str, version: int, at: datetime) -> Briefing | None:
    """Note why a briefing could not be made, for whoever asked."""
    row = _being_made(actor, briefing, version)
    if row is None:
        return None
    row.state, row.failure = State.FAILED, failure[:300]
    row.version += 1
    row.save(update_fields=["state", "failure", "version"])
    act().target(row, "could not be made")
    return row


def _being_made(actor: Actor, briefing: UUID, version: int) -> Briefing | None:
    policy.require(actor.is_system)
    row: Briefing | None = locks.lock_one(Briefing.objects.filter(pk=briefing))
    if row is None or row.state != State.MAKING or row.version != version:
        return None
    return row


@command("reporting.issue_briefing")
def issue(
    *,
    actor: Actor,
    briefing: UUID,
    approved_name: str,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Briefing:
    """Issue a draft exactly as it was read, under the name of whoever approves it; from then on it stays."""
    row = _locked(actor, briefing, version)
    policy.require(policy.may_issue(actor, row.area))
    if row.state != State.DRAFT:
        raise NoSuchStep
    name = approved_name.strip()
    if not name or len(name) > rules.LONGEST_NAME:
        raise Invalid(fields={"approved_name": [_("Enter the name of whoever approves it, at most 40 characters.")]})
    assert row.file_id is not None, "a draft has its file"
    assert actor.account is not None, "a person issues it"
    row.state, row.issued_at, row.approved_name = State.ISSUED, at, name
    row.version += 1
    row.save(update_fields=["state", "issued_at", "approved_name", "version"])
    IssuedBriefing.objects.create(
        briefing=row,
        number=row.number,
        number_year=row.number_year,
        file_id=row.file_id,
        digest=row.digest,
        figures_digest=digest_of(row.figures),
        approved_by=actor.account,
        approved_name=name,
        issued_at=at,
    )
    act().target(row, "issued", {"number": [None, rules.printed_number(row.number_year, row.number)]})
    return row


@command("reporting.withdraw_briefing")
def withdraw(
    *, actor: Actor, briefing: UUID, reason: str, version: int | None = None, at: datetime, key: UUID | None = None
) -> Briefing:
    """Withdraw an issued briefing with a reason; it stays to be read, and another one may take its place."""
    row = _locked(actor, briefing, version)
    policy.require(policy.may_issue(actor, row.area))
    if row.state != State.ISSUED:
        raise NoSuchStep
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say in at most %(most)d characters why.") % {"most": LONGEST_REASON}]})
    row.state, row.withdrawn_at, row.withdrawn_reason = State.WITHDRAWN, at, words
    row.version += 1
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_reason", "version"])
    act().target(row, "withdrawn", {"state": [State.ISSUED, State.WITHDRAWN]})
    act().note(reason=words)
    return row


@command("reporting.drop_briefing")
def drop(
    *, actor: Actor, briefing: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> Briefing:
    """Throw away what was not issued; its number goes to the next one."""
    row = _locked(actor, briefing, version)
    if row.state not in (State.MAKING, State.FAILED, State.DRAFT):
        raise NoSuchStep
    before, row.state = row.state, State.DROPPED
    _forget_document(row)
    row.version += 1
    row.save()
    act().target(row, "thrown away", {"state": [before, State.DROPPED]})
    return row


def _locked(actor: Actor, briefing: UUID, version: int | None) -> Briefing:
    row: Briefing | None = locks.lock_one(policy.visible_to(actor, Briefing.objects.filter(pk=briefing)))
    if row is None:
        raise Missing
    policy.require(policy.may_make(actor, row.area))
    if version is not None and row.version != version:
        raise EditedMeanwhile(current_version=row.version)
    return row
