"""Single rows that the office's pages of cases name: each only to who reads the cases of its community."""

from datetime import date
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.staff import list_roster
from lianxin.domain.voice import policy
from lianxin.domain.voice.models import Case, CasePicture, CaseReport, Handover, TierDecision
from lianxin.domain.voice.queries.reports import may_see
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


def find_row(*, actor: Actor, case: UUID) -> Case:
    """Give a case in scope; raises Missing."""
    row: Case = _readable(actor, Case.objects.select_related("community", "venue").filter(pk=case).first())
    return row


def find_picture(*, actor: Actor, picture: UUID) -> CasePicture:
    """Give a photo to who may see who sent it in; raises Missing or NotAllowed."""
    found = CasePicture.objects.select_related("report__case").filter(pk=picture).first()
    row: CasePicture = _readable(actor, found)
    policy.require(may_see(actor, row.report, row.report.case))
    return row


def find_decision(*, actor: Actor, decision: UUID) -> TierDecision:
    """Give a decision on how a case is treated; raises Missing."""
    row: TierDecision = _readable(actor, TierDecision.objects.filter(pk=decision).first())
    return row


def find_handover(*, actor: Actor, handover: UUID) -> Handover:
    """Give a hand-over; raises Missing."""
    row: Handover = _readable(actor, Handover.objects.filter(pk=handover).first())
    return row


def find_written_down(*, actor: Actor, report: UUID) -> CaseReport:
    """Give a voice to who wrote it down, and to who may see who said it; raises Missing or NotAllowed."""
    rows = CaseReport.objects.select_related("case", "community", "person", "household")
    row = rows.filter(pk=report).first()
    if row is None:
        raise Missing
    if actor.account is not None and row.taken_by == actor.account and policy.may_take_down(actor, row.community_id):
        return row
    if not policy.may_read(actor, row.community_id):
        raise Missing
    policy.require(may_see(actor, row, row.case))
    return row


def list_workers(*, actor: Actor, community: UUID, on: date) -> list[tuple[UUID, str]]:
    """Give who may look after a community's cases, by name, to its offices and those above."""
    if not (policy.may_keep(actor, community) or policy.may_supervise(actor, community)):
        return []
    found: dict[UUID, str] = {}
    for line in list_roster(on=on, communities=frozenset({community})):
        if line.role in policy.KEEPERS and line.state == Account.State.ACTIVE:
            found.setdefault(line.account, line.display_name or line.login_name)
    return sorted(found.items(), key=lambda one: one[1])


def _readable(actor: Actor, row: Any) -> Any:
    if row is None or not policy.may_read(actor, row.community_id):
        raise Missing
    return row
