"""The sample says what a district needs: counted right, said in many ways, and only once."""

from collections import Counter
from datetime import date, timedelta

from lianxin.domain.needs.models import Need, NeedReport
from lianxin.domain.needs.queries import checks, measures
from lianxin.domain.needs.sample.parts import build_needs
from lianxin.domain.needs.sample.sentences import WISHES
from lianxin.domain.places.models import ServiceCategory
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.sample import Plan

from .factories import TODAY, make_place


def test_communities_say_what_they_need_once_and_the_list_counts_their_voices(db: None) -> None:
    make_place()
    for code in WISHES:
        ServiceCategory.objects.get_or_create(code=code, defaults={"name": code})
    plan = Plan(seed=7, today=TODAY)

    build_needs(plan)
    with scope.everything():
        before = (NeedReport.objects.count(), Need.objects.count())
    build_needs(plan)

    with scope.everything():
        assert (NeedReport.objects.count(), Need.objects.count()) == before
        assert before[0] >= 18
        states = Counter(NeedReport.objects.values_list("state", flat=True))
        assert set(states) == {"new", "joined"}
        assert all(row.is_sample for row in Need.objects.all())
        span = (date(2025, 1, 1), TODAY + timedelta(days=1))
        assert facts.figure("needs_heard", from_on=span[0], until_on=span[1]) == before[0]
        assert measures.needs_heard(Window(*span)) == before[0]
        told = facts.figure("answers_given", from_on=span[0], until_on=span[1])
        assert told == measures.answers_given(Window(*span)) > 0
        assert NeedReport.objects.filter(state="new").exclude(suggestions=[]).exists()
        for check in (checks.counts_are_those_of_voices, checks.voices_are_at_home, checks.waiting_answers_are_duties):
            assert list(check()) == []
