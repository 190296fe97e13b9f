"""One object of each kind that the pages of cases name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import deciding, hearing
from lianxin.domain.voice.models import Case, CaseAnswer, CasePicture, CaseReport, Handover, TierDecision
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
SYSTEM = Actor.system(via="cli")


def make_case_object(kind: str, *, community: UUID, household: UUID) -> UUID:
    """Make an object of one kind in a community and give its id."""
    with scope.everything():
        return MAKERS[kind](community, household).pk


def _report(community: UUID, household: UUID) -> CaseReport:
    person = Person.objects.filter(household=household).order_by("pk").first()
    return hearing.hear(
        actor=SYSTEM,
        community=community,
        words=f"楼道的灯不亮了 {new_id().hex[-6:]}",
        how="desk",
        person=person.pk if person else None,
        channel="paper",
        at=NOW,
    )


def _case(community: UUID, household: UUID) -> Case:
    return _report(community, household).case


def _answer(community: UUID, household: UUID) -> CaseAnswer:
    return CaseAnswer.objects.create(
        community_id=community,
        report=_report(community, household),
        kind="progress",
        words="明天来修",
        channel="phone",
        state="to_tell",
        made_at=NOW,
    )


def _picture(community: UUID, household: UUID) -> CasePicture:
    report = _report(community, household)
    return CasePicture.objects.create(community_id=community, report=report, file_id=new_id(), added_at=NOW)


def _decision(community: UUID, household: UUID) -> TierDecision:
    report = _report(community, household)
    decision = deciding.running_decision(report.case)
    TierDecision.objects.filter(pk=decision.pk).update(appeal_words="很急", appealed_at=NOW, appealed_by=report)
    return decision


def _handover(community: UUID, household: UUID) -> Handover:
    return Handover.objects.create(
        community_id=community,
        case=_case(community, household),
        kind="hotline",
        name="12345",
        words="请看一下",
        answer_by=local_day(NOW) + timedelta(days=5),
        handed_at=NOW,
    )


MAKERS: dict[str, Callable[[UUID, UUID], Any]] = {
    "case": _case,
    "other_case": _case,
    "report": _report,
    "case_answer": _answer,
    "case_picture": _picture,
    "decision": _decision,
    "handover": _handover,
}
