"""The sample tells last month's plan: matched, decided, partly carried out, told to the askers, and only once."""

from collections import Counter

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.sample.parts import build_projects
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.domain.projects.models import Edition, MatchRun, Project, ProjectNeed, Proposal
from lianxin.domain.projects.queries import editions
from lianxin.domain.projects.sample.months import months_of
from lianxin.domain.projects.sample.parts import build_matching, build_outcomes
from lianxin.domain.resources.models import Promise
from lianxin.platform import contributions, scope
from lianxin.platform.clock import local_day
from lianxin.platform.deployment import find_deployment
from lianxin.platform.models import Duty
from lianxin.platform.sample import Plan, plan_of
from tests.support.district import SmallDistrict

TOLD = (MatchRun, Proposal, Project, Edition, Activity, Occurrence, Answer, Promise)


def plan_here() -> Plan:
    """The plan by which the small district was built."""
    row = find_deployment()
    assert row is not None
    return plan_of(row)


def test_last_month_was_matched_and_decided_and_the_proof_is_kept(small_district_with_points: SmallDistrict) -> None:
    months = months_of(plan_here())

    with scope.everything():
        runs = list(MatchRun.objects.filter(is_sample=True).order_by("from_on"))
        said = Counter(Proposal.objects.filter(run__in=runs).values_list("state", flat=True))

    assert {(one.kind, one.state) for one in runs} == {("monthly", "done"), ("weekly", "done")}
    assert runs[0].from_on == months.last
    for one in runs:
        assert len(one.inputs_digest) == 64
        assert one.value is not None
        assert one.bound is not None
        assert one.bound >= one.value * (1 - 1e-9) > 0
        assert 0 <= one.metrics["gap"] < 0.1
        assert one.metrics["needs"] > 0
    assert said["accepted"] > 0
    assert said["proposed"] > 0


def test_projects_stand_everywhere_between_draft_and_review(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        rows = list(Project.objects.filter(is_sample=True))
        by_state = Counter(one.state for one in rows)

    assert set(by_state) >= {"draft", "published", "running", "done", "evaluated", "cancelled"}
    assert all(one.approved_by and one.approved_name for one in rows if one.state not in ("draft", "cancelled"))
    assert all(one.state_reason for one in rows if one.state == "cancelled")
    held = [one for one in rows if one.state in ("running", "done", "evaluated")]
    assert all(one.occurrences_held and one.person_times for one in held)
    assert all(one.published_at and local_day(one.published_at) < one.from_on for one in held)


def test_who_asked_was_told_and_spoke_after_it_was_done(small_district_with_points: SmallDistrict) -> None:
    with scope.everything():
        for row in Project.objects.filter(is_sample=True, state__in=["done", "evaluated"]):
            needs = ProjectNeed.objects.filter(project=row).values("need")
            voices = NeedReport.objects.filter(need__in=needs, state="joined")
            told = Answer.objects.filter(record_id=row.pk, kind="done")
            assert set(told.values_list("report", flat=True)) == set(voices.values_list("pk", flat=True))
            assert not voices.filter(heard_at__gt=row.published_at).exists()
            assert all(need.first_served_on == row.from_on for need in Need.objects.filter(pk__in=needs))
        done = Project.objects.filter(is_sample=True, state__in=["done", "evaluated"]).values("pk")
        said = NeedReport.objects.filter(need__in=ProjectNeed.objects.filter(project__in=done).values("need"))
        assert said.exclude(met="").exists()
        cancelled = Project.objects.filter(is_sample=True, state="cancelled").values("pk")
        assert Answer.objects.filter(record_id__in=cancelled, kind="cannot").exists()


def test_lists_of_last_month_are_issued_and_one_of_them_is_overdue(small_district_with_points: SmallDistrict) -> None:
    months = months_of(plan_here())

    with scope.everything():
        issued = list(Edition.objects.filter(state="issued", from_on=months.last))
        late = editions.overdue(actor=small_district_with_points.actor("cuiying1"), on=months.plan.today)
        asked = Duty.objects.filter(kind="projects.edition", closed_at=None, due_at__lt=months.plan.at)

        assert {one.of for one in issued} >= {"needs", "projects"}
        assert all(one.approved_name and one.digest and one.sent_at for one in issued)
        # Each list of a community goes on in number from those of the closed year.
        before = Edition.objects.filter(state="issued", from_on__lt=months.last)
        assert all(one.number == before.filter(community=one.community_id, of=one.of).count() + 1 for one in issued)
        assert [of for _community, of, _period in late] == ["resources"]
        assert asked.filter(community_id=small_district_with_points.cuiying.pk).count() == 1


def test_proofs_hold_and_building_again_adds_nothing(small_district_with_points: SmallDistrict) -> None:
    plan = plan_here()
    with scope.everything():
        before = [model._default_manager.count() for model in TOLD]

    for build in (build_matching, build_projects, build_outcomes):
        build(plan)

    with scope.everything():
        assert [model._default_manager.count() for model in TOLD] == before
        assert before[2] > 0
        found = [sentence for check in contributions.every("checks") for sentence in check.run()]
    assert found == []
