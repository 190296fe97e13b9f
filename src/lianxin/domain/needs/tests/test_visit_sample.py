"""The sample district visits its households: once, with promises owed and kept, counted right."""

from collections import Counter
from datetime import date, timedelta

from lianxin.domain.needs.models import Visit, VisitPromise
from lianxin.domain.needs.queries import visit_checks
from lianxin.domain.needs.sample.visits import build_visits
from lianxin.domain.people.tests.factories import make_household, new_person
from lianxin.platform import facts, scope
from lianxin.platform.contributions import Window
from lianxin.platform.sample import Plan

from .factories import TODAY, make_place
from .visit_factories import differences, worker_of


def test_each_community_visits_some_households_once(db: None) -> None:
    place = make_place(homes=4)
    for number, letter in enumerate("子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"):
        make_household(place.community, new_person(f"林{letter}", birth_on=TODAY - timedelta(days=366 * (30 + number))))
    worker = worker_of(place)
    plan = Plan(seed=7, today=TODAY)

    build_visits(plan)
    build_visits(plan)

    with scope.everything():
        states = Counter(Visit.objects.values_list("state", flat=True))
        assert states["done"] >= 2
        assert states["planned"] >= 5
        assert set(Visit.objects.exclude(worker=None).values_list("worker", flat=True)) == {worker.account}
        late = Visit.objects.filter(state="planned", due_on__lt=TODAY)
        assert late.count() >= 1
        assert VisitPromise.objects.exists()
        span = (date(plan.told_year, 1, 1), TODAY + timedelta(days=1))
        assert Visit.objects.filter(state="done", due_on__year=plan.told_year).exists()
        assert facts.figure("visits_done", from_on=span[0], until_on=span[1]) == states["done"]
        assert visit_checks.visits_done(Window(*span)) == states["done"]
    assert differences() == []
