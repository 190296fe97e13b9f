"""`lianxin demo` builds the same district from the same seed, all of it or nothing, and the worker does the rest."""

import hashlib
from datetime import UTC, date, datetime

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
from lianxin.domain.points.models import Book, Period
from lianxin.faces.cli import demo
from lianxin.platform import contributions, deployment, facts, sample, scope, tasks, verification
from lianxin.platform.clock import local_moment
from lianxin.platform.contributions import SamplePart, Window
from lianxin.platform.errors import Invalid
from lianxin.platform.models import Deployment, Job
from tests.support import district

TODAY = date(2026, 11, 20)


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
def test_whole_district_has_what_the_report_counts() -> None:
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
        daya = Upgrade.objects.get(community__official_name="大衙村委会")
        assert (daya.state, daya.planned_opening_on) == ("under_way", date(2027, 2, 21))
        assert daya.milestones.filter(done_on=None, due_on__lt=TODAY).exists()
    plan = sample.plan_of(Deployment.objects.get())
    for part in sample.parts(background=True):
        part.build(plan)
    sample.settle(at=datetime.now(UTC))
    with scope.everything():
        assert Book.objects.filter(state="open").count() == 20
        assert Period.objects.filter(starts_on=date(2024, 1, 1), state="closed").count() == 20
    _prove_the_year_of_activities()
    assert [f"{r.name}: {r.differences[0]}" for r in verification.run_all() if r.differences] == []


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
