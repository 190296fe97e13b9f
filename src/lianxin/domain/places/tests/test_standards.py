"""Versions of the standard, and the scores of venues by them."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.domain.places.commands import standards
from lianxin.domain.places.commands.division_profiles import record_division_profile
from lianxin.domain.places.commands.opening import add_opening_exception
from lianxin.domain.places.commands.rooms import add_rooms, set_amenities
from lianxin.domain.places.models import DivisionProfile, OpeningLog, Standard, StandardItem, VisitCount
from lianxin.domain.places.queries import standards as queries
from lianxin.domain.places.queries.standard_checks import check_published
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed

from .factories import AT, SYSTEM, TODAY, give_office_hours, make_district, make_staff, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_district():
    with scope.everything():
        yield


@pytest.fixture
def district():
    return make_district()


def make_standard(threshold=300, *, name="标准", valid_from=date(2026, 1, 1)):
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name=name)
    put(draft, "floor_area", threshold)
    return standards.publish_standard(actor=SYSTEM, at=AT, standard=draft.pk, valid_from=valid_from)


def put(draft, measure, threshold, **more):
    values = {"group": "small", "label": measure, "comparison": ">=", "weight": 1, **more}
    return standards.put_standard_item(
        actor=SYSTEM, at=AT, standard=draft.pk, code=measure, measure=measure, threshold=threshold, **values
    )


def test_the_reference_file_becomes_version_1_and_a_second_load_changes_nothing():
    data = json.loads((settings.DATA_DIR / "centre_standard.json").read_text())

    first = standards.load_standard(actor=SYSTEM, at=AT, data=data)
    again = standards.load_standard(actor=SYSTEM, at=AT, data=data)

    assert again.pk == first.pk
    assert first.state == Standard.State.IN_FORCE
    assert first.items.get(code="area_per_100_households").threshold == 30
    assert first.items.get(code="rooms_standard").threshold == 6
    assert first.items.get(code="self_service_items").applies_to == "urban"
    assert list(check_published()) == []


def test_a_published_standard_cannot_be_changed():
    standard = make_standard()

    with pytest.raises(standards.StandardPublished):
        put(standard, "floor_area", 100)
    with pytest.raises(standards.StandardPublished):
        standards.remove_standard_item(actor=SYSTEM, at=AT, standard=standard.pk, code="floor_area")
    with pytest.raises(standards.StandardPublished):
        standards.discard_standard_draft(actor=SYSTEM, at=AT, standard=standard.pk)
    assert standard.items.get().threshold == 300


def test_a_change_behind_the_programs_back_is_found_by_verify():
    standard = make_standard()

    StandardItem.objects.filter(standard=standard).update(threshold=1)

    assert [str(standard) in line for line in check_published()] == [True]


def test_a_new_version_is_a_copy_that_holds_from_its_day_while_old_days_keep_the_old_one(district):
    old = make_standard(300)
    make_venue(district["翠英居委会"], area_m2=400)
    copy = standards.draft_standard(actor=SYSTEM, at=AT, name="", copy_of=old.pk)
    put(copy, "floor_area", 500)

    new = standards.publish_standard(actor=SYSTEM, at=AT, standard=copy.pk, valid_from=TODAY + timedelta(days=10))

    old.refresh_from_db()
    assert (new.version, old.valid_until) == (2, TODAY + timedelta(days=10))
    assert queries.score_venues(on=TODAY)[0].score.total == 100
    assert queries.score_venues(on=TODAY + timedelta(days=10))[0].score.total == 0
    assert queries.score_venues(on=TODAY + timedelta(days=10), standard=old.pk)[0].score.total == 100


def test_two_versions_can_be_compared_on_the_same_day_before_the_new_one_is_published(district):
    old = make_standard(300)
    make_venue(district["翠英居委会"], area_m2=400)
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="", copy_of=old.pk)
    put(draft, "floor_area", 500)

    [(before, after)] = queries.compare_standards(on=TODAY, old=old.pk, new=draft.pk)

    assert (before.score.total, after.score.total) == (100, 0)


def test_a_later_version_cannot_rewrite_the_past():
    old = make_standard()
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="", copy_of=old.pk)

    with pytest.raises(Invalid) as refused:
        standards.publish_standard(actor=SYSTEM, at=AT, standard=draft.pk, valid_from=TODAY - timedelta(days=1))

    assert "valid_from" in refused.value.fields


def test_an_empty_draft_is_not_published():
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="空")

    with pytest.raises(Invalid):
        standards.publish_standard(actor=SYSTEM, at=AT, standard=draft.pk, valid_from=TODAY)


@pytest.mark.parametrize("threshold", ["-1", "abc", "", "NaN", "1e30"])
def test_a_threshold_that_is_no_number_is_refused_by_field(threshold):
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="标准")

    with pytest.raises(Invalid) as refused:
        put(draft, "floor_area", threshold)

    assert list(refused.value.fields) == ["threshold"]


def test_a_draft_that_somebody_else_edited_is_not_overwritten():
    draft = standards.draft_standard(actor=SYSTEM, at=AT, name="标准")
    put(draft, "floor_area", 300, revision=1)

    with pytest.raises(EditedMeanwhile):
        put(draft, "floor_area", 200, revision=1)


def test_community_staff_may_not_change_the_standard(district):
    staff = make_staff("community_staff", district["翠英居委会"].pk)

    with pytest.raises(NotAllowed):
        standards.draft_standard(actor=staff, at=AT, name="自定")


def test_the_database_itself_allows_one_open_version_of_a_name():
    make_standard()

    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.create(name="标准", version=9, state="in_force", valid_from=TODAY)


def test_a_standard_can_end_without_a_successor(district):
    standard = make_standard()
    make_venue(district["翠英居委会"], area_m2=400)

    standards.retire_standard(actor=SYSTEM, at=AT, standard=standard.pk, valid_until=TODAY, reason="另行规定")

    assert queries.score_venues(on=TODAY) == []
    assert len(queries.score_venues(on=TODAY - timedelta(days=1))) == 1


def test_households_come_from_the_latest_profile_and_a_count_outweighs_a_declaration(district):
    community = district["翠英居委会"]
    make_venue(community, area_m2=400)
    make_standard()
    for on, households, source in (
        (date(2026, 1, 1), 1000, "declared"),
        (date(2026, 6, 1), 2000, "declared"),
        (date(2026, 6, 1), 1900, "counted"),
    ):
        record_division_profile(
            actor=SYSTEM, at=AT, community=community.pk, on=on, households=households, residents=5000, source=source
        )

    assert queries.score_venues(on=TODAY)[0].seen.observed.households == 1900
    assert queries.score_venues(on=date(2026, 3, 1))[0].seen.observed.households == 1000


def test_a_profile_entered_twice_for_a_day_is_replaced(district):
    entry = {"actor": SYSTEM, "at": AT, "community": district["翠英居委会"].pk, "on": TODAY, "residents": 9}

    record_division_profile(households=3, **entry)
    record_division_profile(households=4, **entry)

    assert [p.households for p in DivisionProfile.objects.all()] == [4]


def test_a_profile_that_cannot_be_is_refused_by_field(district):
    with pytest.raises(Invalid) as refused:
        record_division_profile(
            actor=SYSTEM,
            at=AT,
            community=district["翠英居委会"].pk,
            on=TODAY + timedelta(days=1),
            households=10,
            residents=-1,
            households_beyond_reach=11,
        )

    assert set(refused.value.fields) == {"on", "residents", "households_beyond_reach"}


def test_anothers_community_has_no_profile_to_write(district):
    staff = make_staff("community_staff", district["翠英居委会"].pk)

    with pytest.raises((Missing, NotAllowed)):
        record_division_profile(
            actor=staff, at=AT, community=district["金洲村委会"].pk, on=TODAY, households=1, residents=1
        )


def watch(venue, *days, hours=2, undone=False):
    for day in days:
        opened = local_moment(day, time(9))
        OpeningLog.objects.create(
            community_id=venue.community_id,
            venue=venue,
            opened_at=opened,
            closed_at=opened + timedelta(hours=hours),
            via="desk",
            undone_at=opened if undone else None,
        )


def observe(**more):
    return queries.score_venues(on=TODAY, **more)[0].seen.observed


def test_observed_opening_counts_promised_days_since_the_log_began(district):
    venue = make_venue(district["翠英居委会"])
    give_office_hours(venue)
    make_standard()
    monday = TODAY - timedelta(days=11)  # two weeks of five promised days, less the Friday that is today
    watch(venue, monday, monday + timedelta(days=1), monday + timedelta(days=5))
    watch(venue, monday + timedelta(days=2), undone=True)

    seen = observe()

    assert monday.weekday() == 0
    assert seen.promised_days == 9
    assert seen.opened_days == 2  # the Saturday was not promised, the undone one did not happen
    assert seen.observed_minutes == 360
    assert seen.observed_days == 11


def test_a_day_closed_with_notice_is_no_broken_promise(district):
    venue = make_venue(district["翠英居委会"])
    give_office_hours(venue)
    make_standard()
    add_opening_exception(
        actor=SYSTEM, venue=venue.pk, first_on=TODAY + timedelta(days=1), last_on=TODAY + timedelta(days=3),
        reason="装修", at=AT,
    )  # fmt: skip
    on = TODAY + timedelta(days=8)
    watch(venue, TODAY)

    [row] = queries.score_venues(on=on)

    assert row.seen.observed.promised_days == 1 + 4  # Friday itself, then Tuesday to Friday; Monday had notice


def test_a_venue_that_never_logged_is_not_known_and_one_that_stopped_is_not_open(district):
    silent = make_venue(district["翠英居委会"], name="甲")
    stopped = make_venue(district["华新社区居委会"], name="乙")
    for venue in (silent, stopped):
        give_office_hours(venue)
    watch(stopped, TODAY - timedelta(days=200))
    make_standard()

    seen = {row.seen.name: row.seen.observed for row in queries.score_venues(on=TODAY)}

    assert seen["甲"].opened_days is None
    assert (seen["乙"].opened_days, seen["乙"].promised_days > 60) == (0, True)


def test_visits_are_those_of_the_days_since_counting_began(district):
    venue = make_venue(district["翠英居委会"], area_m2=200)
    make_standard()
    at = local_moment(TODAY - timedelta(days=14), time(10))
    VisitCount.objects.create(community_id=venue.community_id, venue=venue, at=at, count=80, via="desk")
    VisitCount.objects.create(community_id=venue.community_id, venue=venue, at=at, count=9, via="desk", undone_at=at)

    seen = observe()

    assert (seen.visits, seen.counted_days) == (80, 14)


def test_rooms_amenities_and_the_stations_area_are_seen(district):
    community = district["翠英居委会"]
    venue = make_venue(community, area_m2=300)
    make_venue(community, kind="station", station_type="mall", name="站点", area_m2=50)
    add_rooms(actor=SYSTEM, venue=venue.pk, rooms=[{"kind": "hall"}, {"kind": "reading"}], at=AT)
    set_amenities(actor=SYSTEM, venue=venue.pk, amenities=[{"kind": "toilet", "count": 2}], at=AT)
    make_standard()

    seen = observe()

    assert sorted(seen.room_kinds) == ["hall", "reading"]
    assert seen.amenities["toilet"] == 2
    assert seen.community_area_m2 == 350
    assert [row.seen.name for row in queries.score_venues(on=TODAY, kind="station")] == ["站点"]


def test_the_board_filters_by_shortfall_subdistrict_and_standing_and_puts_the_neediest_first(district):
    make_venue(district["翠英居委会"], name="小", area_m2=100)
    make_venue(district["华新社区居委会"], name="大", area_m2=900)
    make_venue(district["金洲村委会"], name="未知")
    make_standard(300)

    def names(**filters):
        return [row.seen.name for row in queries.find_centre_board(on=TODAY, **filters).rows]

    board = queries.find_centre_board(on=TODAY)
    assert names() == ["小", "大", "未知"]
    assert (board.centres, board.short) == (3, {"remote": 0, "small": 1, "weak": 0})
    assert board.standings == {"meets": 1, "short": 1, "unknown": 1}
    assert names(shortfall="small") == names(standing="short") == names(code="floor_area") == ["小"]
    assert names(shortfall="weak") == []
    assert names(standing="unknown") == ["未知"]
    assert names(subdistrict=district["外砂街道"].pk) == ["未知"]
    assert names(state="paused") == []


def test_staff_see_only_the_scores_of_their_community(district):
    make_venue(district["翠英居委会"])
    other = make_venue(district["金洲村委会"])
    make_standard()

    with scope.within([district["翠英居委会"].pk]):
        assert len(queries.score_venues(on=TODAY)) == 1
        with pytest.raises(Missing):
            queries.score_venue(venue=other.pk, on=TODAY)


def test_scores_take_five_queries_for_3_and_for_30_venues(district):
    make_standard()
    community = district["翠英居委会"]

    def count():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            rows = queries.find_centre_board(on=TODAY).rows
        return len(rows), len(caught)

    for number in range(3):
        give_office_hours(make_venue(community, name=f"中心{number}", area_m2=100))
    few = count()
    for number in range(3, 30):
        give_office_hours(make_venue(community, name=f"中心{number}", area_m2=100))
    many = count()

    assert few == (3, 5)
    assert many == (30, 5)


def test_labels_follow_the_readers_language():
    line = StandardItem(
        code="a", group="small", label="面积", label_en="Area", measure="floor_area", threshold=Decimal(1)
    )
    from django.utils.translation import override

    with override("en"):
        assert queries.as_item(line).label == "Area"
    with override("zh-hans"):
        assert queries.as_item(line).label == "面积"


def test_a_day_in_shanghai_and_not_in_utc_decides_what_was_observed(district):
    venue = make_venue(district["翠英居委会"])
    give_office_hours(venue)
    make_standard()
    early = local_moment(TODAY - timedelta(days=1), time(7))
    assert early.date() != (TODAY - timedelta(days=1))
    OpeningLog.objects.create(
        community_id=venue.community_id, venue=venue, opened_at=early, closed_at=early + timedelta(hours=1), via="desk"
    )

    assert observe().opened_days == 1
    assert isinstance(early, datetime)
