"""Whatever happens in whatever order: no case is left to nobody, and each reporter keeps what is theirs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lianxin.domain.voice.commands import closing, joining, moving
from lianxin.domain.voice.models import CaseReport, CaseStep
from lianxin.domain.voice.queries import case_checks, reports
from lianxin.domain.voice.rules import receipts, states
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Problem

from .case_factories import do
from .tier_factories import AT, DAY, SYSTEM, Place, case_of, fresh, make_place, say

WORDS = ("楼道的灯不亮了", "三楼走廊灯坏了", "楼下晚上太吵")
picks = st.integers(0, 9)
ACTS = [act for act in states.ACTS if act not in ("expire", "mediate", "join", "split")]
KEPT = ("receipt", "words", "heard_at", "how", "channel", "person_id")


class Stories(RuleBasedStateMachine):
    """Residents tell, the office works, joins, splits and closes; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = scope.everything()
        self.scope.__enter__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.place: Place = make_place(homes=3)
        self.told: list[UUID] = []
        self.first: dict[UUID, dict[str, Any]] = {}
        self.answers: dict[UUID, set[UUID]] = {}
        self.sentences: list[str] = []
        self.at = AT

    def teardown(self) -> None:
        """Leave nothing behind."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.scope.__exit__(None, None, None)

    def attempt(self, what: Any) -> Any:
        """Do it, or be refused without leaving anything half done."""
        try:
            with transaction.atomic():
                return what()
        except Problem as problem:
            self.sentences.append(str(problem.detail))
            return None

    def report(self, pick: int) -> CaseReport | None:
        """One of the voices."""
        return CaseReport.objects.get(pk=self.told[pick % len(self.told)]) if self.told else None

    @rule(by=st.integers(0, 2), words=st.sampled_from(WORDS))
    def tell(self, by: int, words: str) -> None:
        """Somebody brings something forward."""
        row = self.attempt(lambda: say(self.place, f"{words}{len(self.told)}", by=by, at=self.at))
        if row is not None:
            self.told.append(row.pk)
            self.first[row.pk] = {name: getattr(row, name) for name in KEPT}

    @rule(pick=picks, act=st.sampled_from(ACTS), who=st.sampled_from(["keeper", "supervisor", "receipt"]))
    def act(self, pick: int, act: str, who: str) -> None:
        """Somebody does one of the acts."""
        row = self.report(pick)
        if row is None:
            return
        anybody = Actor.anonymous().visiting(self.place.community.pk)
        actor = {"keeper": self.place.keeper, "supervisor": self.place.supervisor, "receipt": anybody}[who]
        case = case_of(row)
        before = (case.state, case.version)
        done = self.attempt(lambda: do(act, self.place, case, row, actor, holds_receipt=who == "receipt"))
        if done is None:
            assert (fresh(case).state, fresh(case).version) == before

    @rule(pick=picks, other=picks)
    def join(self, pick: int, other: int) -> None:
        """The office joins two cases."""
        one, two = self.report(pick), self.report(other)
        if one is not None and two is not None:
            self.attempt(lambda: joining.join(actor=self.place.keeper, case=one.case_id, into=two.case_id, at=self.at))

    @rule(pick=picks)
    def split(self, pick: int) -> None:
        """The office takes a voice out again."""
        row = self.report(pick)
        if row is not None:
            self.attempt(lambda: joining.split(actor=self.place.keeper, report=row.pk, at=self.at))

    @rule(days=st.integers(0, 20))
    def wait(self, days: int) -> None:
        """Time passes, and what nobody replied to is closed."""
        self.at += timedelta(days=days)
        closing.expire_silent(actor=SYSTEM, community=self.place.community.pk, at=self.at)

    @invariant()
    def every_case_has_somebody_and_adds_up(self) -> None:
        """Nobody is left out, and steps, counters and states agree."""
        assert list(case_checks.open_cases_have_somebody()) == []
        assert list(case_checks.voices_are_counted()) == []
        assert list(case_checks.steps_lead_to_state()) == []
        assert list(case_checks.joined_cases_name_theirs()) == []

    @invariant()
    def every_refusal_is_a_sentence(self) -> None:
        """Whoever is refused reads why."""
        assert all(one.endswith(".") for one in self.sentences)

    @invariant()
    def every_reporter_keeps_what_is_theirs(self) -> None:
        """Receipt, words and answers stay with the voice, its page opens, and its case is never one that was joined."""
        for row in CaseReport.objects.filter(pk__in=self.told).select_related("case").prefetch_related("answers"):
            assert {name: getattr(row, name) for name in KEPT} == self.first[row.pk]
            known = {one.pk for one in row.answers.all()}  # type: ignore[attr-defined]
            assert self.answers.get(row.pk, set()) <= known
            self.answers[row.pk] = known
            assert row.case.state != "joined"
            token = receipts.token_for(row.pk, row.receipt)
            seen = reports.by_receipt(number=row.receipt, token=token, at=self.at)
            assert {one.id for one in seen.answers} == known
            if row.withdrawn_at is None and row.case.state == "done":
                assert {"confirm", "dispute"} <= set(seen.can)


@pytest.mark.django_db
def test_no_story_loses_a_reporter_or_leaves_a_case_to_nobody() -> None:
    run_state_machine_as_test(
        Stories,
        settings=settings(
            max_examples=4,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A story of the database takes a second: the first that goes wrong is told as it is.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )


@pytest.mark.django_db
def test_moves_are_written_down_with_who_made_them() -> None:
    place = make_place()
    case = case_of(say(place))
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    moving.progress(actor=place.supervisor, case=case.pk, words="明天去看", at=AT + DAY)

    with scope.everything():
        steps = list(CaseStep.objects.filter(case=case).order_by("done_at", "pk"))
    assert [(one.act, one.before, one.after) for one in steps] == [
        ("hear", "", "new"),
        ("assign", "new", "assigned"),
        ("progress", "assigned", "working"),
    ]
    assert (steps[2].by, steps[2].by_role) == (place.supervisor.account, "subdistrict_staff")
    assert fresh(case).first_responder == place.keeper.account
