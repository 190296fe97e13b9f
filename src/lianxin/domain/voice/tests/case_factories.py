"""Cases in every state, as the commands lead to them, for the tests of cases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lianxin.domain.voice.commands import closing, handovers, joining, lifting, moving, pausing, tiers, urging
from lianxin.domain.voice.models import Case, CaseReport, Handover
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day

from .tier_factories import AT, DAY, SYSTEM, TODAY, Place, case_of, fresh, say

LATER = AT + timedelta(hours=1)
AFTER_CONFIRM = AT + 30 * DAY
OUT = {"kind": "property", "name": "好邻居物业", "words": "请修灯", "answer_by": TODAY + 7 * DAY}


def case_in(place: Place, state: str, *, words: str = "楼道的灯不亮了") -> tuple[Case, CaseReport]:
    """A case of one resident that the commands led to this state, and its voice."""
    report = say(place, words)
    case = case_of(report)
    lead(place, case, state)
    return case_of(report) if state != "joined" else fresh(case), fresh(report)


def lead(place: Place, case: Case, state: str) -> None:
    """Lead a new case to a state."""
    keeper, pk = place.keeper, case.pk
    with scope.everything():
        report = CaseReport.objects.filter(case=case).order_by("pk")[0]
    steps: dict[str, Callable[[], Any]] = {
        "assigned": lambda: moving.assign(actor=keeper, case=pk, account=keeper.account, at=AT),
        "working": lambda: moving.start(actor=keeper, case=pk, at=AT),
        "waiting": lambda: pausing.pause(
            actor=keeper, case=pk, reason="parts", words="等配件", look_again_by=TODAY + 5 * DAY, at=AT
        ),
        "handed": lambda: handovers.hand_over(actor=keeper, case=pk, at=AT, **OUT),
        "done": lambda: closing.finish(actor=keeper, case=pk, words="灯修好了", at=AT),
        "confirmed": lambda: closing.say(actor=place.resident(), report=report.pk, solved=True, at=AT),
        "silent": lambda: closing.expire_silent(actor=SYSTEM, community=place.community.pk, at=AFTER_CONFIRM),
        "declined": lambda: closing.decline(actor=keeper, case=pk, words="这不归社区管", at=AT),
        "withdrawn": lambda: closing.withdraw(actor=place.resident(), report=report.pk, at=AT),
        "joined": lambda: joining.join(
            actor=keeper, case=pk, into=case_of(say(place, "三楼那个路灯坏了", by=1)).pk, at=AT
        ),
    }
    way = {
        "working": ("assigned",),
        "waiting": ("assigned",),
        "confirmed": ("done",),
        "silent": ("done",),
    }.get(state, ())
    for name in (*way, *([] if state == "new" else [state])):
        steps[name]()


def do(act: str, place: Place, case: Case, report: CaseReport, actor: Actor, *, holds_receipt: bool = False) -> Any:
    """Do an act of the table through its command, as one of the pages would."""
    at = max(LATER, case.changed_at + timedelta(hours=1))
    pk, keeps = case.pk, {"actor": actor, "at": at}
    told = {"actor": actor, "report": report.pk, "holds_receipt": holds_receipt, "at": at}
    how = "page" if holds_receipt else "phone"
    with scope.everything():
        out = Handover.objects.filter(case=case).order_by("-handed_at").first()
    commands: dict[str, Callable[[], Any]] = {
        "assign": lambda: moving.assign(case=pk, role="community_staff", **keeps),
        "start": lambda: moving.start(case=pk, **keeps),
        "progress": lambda: moving.progress(case=pk, words="在修", **keeps),
        "pause": lambda: pausing.pause(
            case=pk, reason="parts", words="等配件", look_again_by=local_day(at) + 5 * DAY, **keeps
        ),
        "resume": lambda: pausing.resume(case=pk, **keeps),
        "hand_over": lambda: handovers.hand_over(case=pk, **OUT | {"answer_by": local_day(at) + 7 * DAY}, **keeps),
        "take_back": lambda: handovers.take_back(handover=out.pk if out else pk, **keeps),
        "finish": lambda: closing.finish(case=pk, words="修好了", **keeps),
        "decline": lambda: closing.decline(case=pk, words="办不了", **keeps),
        "confirm": lambda: closing.say(solved=True, how=how, **told),
        "dispute": lambda: closing.say(solved=False, words="还是黑的", how=how, **told),
        "reopen": lambda: closing.reopen(words="又坏了", how=how, **told),
        "withdraw": lambda: closing.withdraw(**told),
        "decide_tier": lambda: tiers.decide(case=pk, tier="full", words="很多人关心", **keeps),
        "lift": lambda: lifting.lift(case=pk, words="拖久了", **keeps),
        "appeal": lambda: tiers.appeal(words="很急", **told),
        "urge": lambda: urging.urge(how=how, **told),
        "join": lambda: joining.join(case=pk, into=case_of(say(place, "另一件路灯的事", by=1)).pk, **keeps),
        "split": lambda: joining.split(report=report.pk, **keeps),
    }
    return commands[act]()
