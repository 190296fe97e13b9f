"""`lianxin demo` builds the same district from the same seed, all of it or nothing, and the worker does the rest."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from lianxin.domain.activities.models import Occurrence
from lianxin.domain.people.models import Organisation, Person
from lianxin.domain.people.queries.counts import count_by_age, count_residents
from lianxin.domain.people.rules import login
from lianxin.domain.people.sample.residents import shares
from lianxin.domain.places.models import BatchMember, Division, ServiceHours, StandingService, Upgrade, Venue
from lianxin.domain.places.queries.programmes import pilot_communities
from lianxin.domain.places.sample.upgrades import OPENING_MARK
from lianxin.domain.points.models import Book, Period
from lianxin.domain.voice.sample.cases import CUIYING
from lianxin.domain.voice.sample.lift import JINTAO
from lianxin.faces.cli import demo
from lianxin.faces.cli.main import main
from lianxin.platform import contributions, deployment, facts, sample, scope, tasks, verification
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import SamplePart, Window
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Deployment, Job
from tests.support import district

TODAY = date(2026, 11, 20)
YEAR = Window(date(2024, 1, 1), date(2025, 1, 1))
SPRING = date(2027, 2, 21)
ARTICLE = {
    "centres": 125,
    "stations": 40,
    "categories": 33,
    "occurrences": 2_032,
    "pilot_communities": 20,
    "pilot_batches": 2,
}
OF_A_YEAR = (
    *("visits", "openings", "upgrades_opened", "room_uses", "study_stays", "offers_made", "promises_kept"),
    *("needs_heard", "answers_given", "visits_done", "projects_published", "projects_done", "editions_issued"),
    *("cases_heard", "cases_in_time", "cases_silent", "cases_declined", "votes_closed", "commitments_kept"),
    *("reception_days_held", "reception_days_missed", "people_received", "mediations_agreed"),
    *("points_awarded", "points_redeemed", "passbooks", "goods_redeemed", "goods_donated", "households"),
)


class Unbuilt(Exception):
    """Takes a build back."""


def build(**values: object) -> None:
    """Build a sample of some size."""
    district.build(**{"today": TODAY, "residents": 120, **values})  # type: ignore[arg-type]


def content() -> str:
    """Give the digest of what a sample says about people and places, ids included."""
    with scope.everything():
        parts = [
            list(Division.objects.order_by("pk").values_list("pk", "code", "official_name")),
            list(Person.objects.order_by("pk").values_list("pk", "name", "birth_on", "relation", "household__number")),
            list(Venue.objects.order_by("pk").values_list("pk", "name", "area_m2", "lng", "host_name", "state")),
            list(StandingService.objects.order_by("pk").values_list("pk", "name", "venue")),
            list(Organisation.objects.order_by("pk").values_list("pk", "name", "uscc")),
        ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def content_of(**values: object) -> str:
    """Build, look and take back."""
    found = ""
    try:
        with transaction.atomic():
            build(**values)
            found = content()
            raise Unbuilt
    except Unbuilt:
        deployment.forget()
    return found


@pytest.mark.django_db
def test_same_seed_and_day_give_the_same_district_and_another_seed_another() -> None:
    first, again, other = content_of(seed=7), content_of(seed=7), content_of(seed=8)

    assert first == again
    assert first != other


@pytest.mark.django_db
def test_half_a_build_leaves_an_empty_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_plan: sample.Plan) -> None:
        raise RuntimeError("the power went")

    parts = [*sample.parts(background=False)[:3], SamplePart("broken", fail, order=99)]
    monkeypatch.setattr(sample, "parts", lambda *, background: [] if background else parts)

    with pytest.raises(RuntimeError, match="the power went"):
        build()

    assert demo.is_empty()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "sentence"), [({"today": date(2020, 5, 1)}, "--today"), ({"communities": 126}, "125")]
)
def test_impossible_wish_is_told_in_a_sentence(values: dict, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        build(**values)

    assert demo.is_empty()


def test_second_sample_is_refused(small_district: district.SmallDistrict) -> None:
    with pytest.raises(deployment.AlreadyFounded):
        build()


@pytest.mark.django_db
def test_background_parts_are_built_by_the_worker_and_pages_say_so(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    built: list[tuple[int, date]] = []
    slow = SamplePart("slow", lambda plan: built.append((plan.seed, plan.today)), background=True)
    ground = sample.parts(background=False)
    monkeypatch.setattr(sample, "parts", lambda *, background: [slow] if background else ground)
    build(seed=11, is_complete=False)
    before = sample.is_being_built()
    page = client.get("/login/").content.decode()

    tasks.run_one(worker="test", lane=tasks.LONG, at=datetime.now(UTC))

    assert before
    assert "sample-building" in page
    assert built == [(11, TODAY)]
    assert not sample.is_being_built()
    assert "sample-building" not in client.get("/login/").content.decode()
    assert Job.objects.get(task=sample.BACKGROUND_TASK).state == "DONE"


def test_printed_code_opens_a_sample_account(
    small_district: district.SmallDistrict, capsys: pytest.CaptureFixture[str]
) -> None:
    account = small_district.account("cuiying1")

    demo._print_code("cuiying1")

    code, secret = capsys.readouterr().out.strip(), account.totp_secret.reveal()
    assert login.matching_step(secret=secret, code=code, at=datetime.now(UTC), last_step=None) is not None


def test_logins_are_printed_for_each_role_and_some_residents(small_district: district.SmallDistrict) -> None:
    text = demo.logins_text("http://localhost:8000")

    assert {one["role"] for one in Deployment.objects.get().logins} == {
        "system_admin",
        "security_admin",
        "audit_admin",
        "district_staff",
        "subdistrict_staff",
        "community_staff",
        "host",
        "volunteer",
        "merchant",
        "partner",
        "resident",
    }
    assert "cuiying1" in text
    assert "http://localhost:8000/login/" in text


def test_residents_are_divided_exactly(small_district: district.SmallDistrict) -> None:
    communities = list(Division.objects.filter(level="community", ended_on=None))

    for residents in (0, 1, 2, 100, 20_001):
        found = shares(sample.Plan(seed=1, today=TODAY, residents=residents), communities)
        assert sum(found) == residents
        assert min(found) >= 0


@pytest.mark.full_build
@pytest.mark.django_db
def test_whole_district_has_what_the_report_counts(capsys: pytest.CaptureFixture[str]) -> None:
    build(communities=None, residents=20_000)

    with scope.everything():
        assert Venue.objects.filter(kind="centre", state__in=["open", "paused"]).count() == 125
        assert Venue.objects.filter(kind="station", state="open").count() == 40
        assert StandingService.objects.values("category").distinct().count() == 33
        assert ServiceHours.objects.exists()
        assert count_residents(on=TODAY) == 20_000
        bands = count_by_age(on=TODAY)
        elders = sum(n for one in bands.values() for band, n in one.items() if band[:2] in ("60", "70", "80", "90"))
        assert 0.13 < elders / 20_000 < 0.22
        assert pilot_communities(Window(TODAY, date(2026, 11, 21))) == 20
        assert set(Upgrade.objects.values_list("state", flat=True)) == {
            "planned",
            "approved",
            "under_way",
            "opened",
            "closed",
            "cancelled",
        }
        late = Upgrade.objects.filter(
            state="under_way", milestones__done_on=None, milestones__due_on__lt=TODAY, planned_opening_on=SPRING
        )
        assert late.exists()
        _prove_the_upgrade_over_spring_festival()
    plan = sample.plan_of(Deployment.objects.get())
    sample.build_background(plan=plan, at=datetime.now(UTC))
    with scope.everything():
        assert Book.objects.filter(state="open").count() == 20
        assert Period.objects.filter(starts_on=date(2024, 1, 1), state="closed").count() == 20
    _prove_the_year_of_activities()
    _prove_the_year_of_the_others()
    _prove_what_the_command_prints(capsys)
    assert [f"{r.name}: {r.differences[0]}" for r in verification.run_all() if r.differences] == []


def _prove_the_upgrade_over_spring_festival() -> None:
    """大衙村's centre was under way when the year closed, and opened once the Spring Festival was over."""
    daya = Upgrade.objects.get(community__official_name="大衙村委会")
    mark = daya.milestones.get(name=OPENING_MARK)
    here = frozenset({daya.community_id})
    year = Window(YEAR.from_on, YEAR.until_on, communities=here)

    assert contributions.measure("upgrades_under_way").query(year) == 1
    assert (daya.planned_opening_on, mark.due_on) == (date(2025, 2, 13), date(2025, 2, 13))
    assert daya.opened_on == mark.done_on == date(2025, 2, 20)
    assert "一厅五室" in daya.title
    assert contributions.measure("upgrades_opened").query(YEAR) == 4


def _prove_the_year_of_the_others() -> None:
    """What the report counts beyond activities, and that nothing a year has is empty."""
    cuiying, jintao = (
        frozenset(Division.objects.filter(code=c).values_list("pk", flat=True)) for c in (CUIYING, JINTAO)
    )

    def told(name: str, communities: frozenset[UUID] | None = None) -> int:
        return contributions.measure(name).query(replace(YEAR, communities=communities))

    with scope.everything():
        assert told("cases_confirmed", cuiying) > 40
        assert told("meetings_held", jintao) == 15
        assert (told("pilot_communities"), told("pilot_batches")) == (20, 2)
        assert (told("centres"), told("stations")) == (125, 40)
        assert 295 <= told("pilot_volunteer_occurrences") == told("volunteer_occurrences") <= 299
        assert 1_301 <= told("pilot_volunteer_person_times") == told("volunteer_person_times") <= 1_399
        assert 17_000 <= told("residents") <= 20_000
        empty = [name for name in OF_A_YEAR if not told(name)]
        assert empty == []
        late = BatchMember.objects.filter(joined_on=date(2024, 7, 1)).values("community")
        early = Occurrence.objects.filter(activity__is_volunteering=True, starts_at__lt=local_moment(date(2024, 7, 1)))
        assert not early.filter(community__in=late).exists()


def _prove_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The article's figures, as anybody can have them printed."""

    def printed(*arguments: str) -> dict[str, int]:
        capsys.readouterr()
        assert main(["figures", "--year", "2024", "--json", *arguments]) == 0
        found: dict[str, int] = json.loads(capsys.readouterr().out)
        return found

    whole = printed()
    assert {name: whole[name] for name in ARTICLE} == ARTICLE
    assert 67_500 <= whole["person_times"] <= 68_499
    assert 295 <= whole["pilot_volunteer_occurrences"] <= 299
    assert 1_301 <= whole["pilot_volunteer_person_times"] <= 1_399
    assert 560 <= whole["activities"] <= 640
    assert printed("--place", "翠英")["cases_solved"] > 40
    assert printed("--place", "金涛")["meetings_held"] == 15
    assert printed("--place", "大衙")["upgrades_under_way"] == 1


def _prove_the_year_of_activities() -> None:
    """What the report counts of activities, from facts and from the records themselves."""
    year = Window(date(2024, 1, 1), date(2025, 1, 1))
    with scope.everything():
        pilots = frozenset(BatchMember.objects.filter(left_on=None).values_list("community", flat=True))
        held = Occurrence.objects.filter(state="held", starts_at__lt=local_moment(year.until_on))
        said = {
            name: facts.figure(name, from_on=year.from_on, until_on=year.until_on, communities=where)
            for name, where in {
                "occurrences_held": None,
                "person_times": None,
                "volunteer_occurrences": pilots,
                "volunteer_person_times": pilots,
            }.items()
        }
        assert said["occurrences_held"] == contributions.measure("occurrences_held").query(year) == 2_032
        assert 67_500 <= said["person_times"] <= 68_499
        assert said["person_times"] == contributions.measure("person_times").query(year)
        assert 295 <= said["volunteer_occurrences"] <= 299
        assert 1_301 <= said["volunteer_person_times"] <= 1_399
        assert held.values("activity__category").distinct().count() == 33
        assert held.filter(venue__kind="centre").values("venue").distinct().count() == 125
        assert held.filter(venue__kind="station").values("venue").distinct().count() == 40
        assert 560 <= held.values("activity").distinct().count() <= 640
