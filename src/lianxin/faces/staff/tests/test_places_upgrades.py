"""Upgrades and produce on the office's pages."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.models import Produce, Upgrade
from lianxin.platform import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    return client


def act(upgrade: Upgrade, name: str, line: object = None) -> str:
    if line is None:
        return reverse("staff:upgrade_act", kwargs={"upgrade": upgrade.pk, "act": name})
    return reverse("staff:upgrade_line", kwargs={"upgrade": upgrade.pk, "act": name, "line": line.pk})


def page_of(client: Client, upgrade: Upgrade) -> str:
    return client.get(reverse("staff:upgrade", kwargs={"upgrade": upgrade.pk})).content.decode()


@pytest.fixture
def upgrade(small_district, office: Client) -> Upgrade:
    """An upgrade of 翠英's centre, planned through the page."""
    url = f"{reverse('staff:upgrade_new')}?venue={small_district.centre.pk}"
    answer = office.post(url, {"title": "翠英中心提升", "template": "one_hall_five_rooms"})
    assert answer.status_code == 302
    with scope.everything():
        return Upgrade.objects.get(title="翠英中心提升")


def fresh(upgrade: Upgrade) -> Upgrade:
    with scope.everything():
        return Upgrade.objects.get(pk=upgrade.pk)


def test_a_plan_begins_with_one_hall_and_five_rooms(office: Client, upgrade: Upgrade) -> None:
    with scope.everything():
        assert upgrade.planned_rooms.count() == 6
    assert "图书阅览室" in page_of(office, upgrade)


def test_the_plan_names_what_the_venue_lacks(small_district, client: Client) -> None:
    small_district.log_in(client, "jinzhou.waisha1")
    with scope.everything():
        running = Upgrade.objects.filter(venue=small_district.foreign_centre).first()
    assert running is not None

    page = page_of(client, running)

    assert all(one["sentence"].split("：")[0][:6] in page for one in running.shortfalls_at_start)


def test_another_offices_upgrade_does_not_exist(small_district, office: Client) -> None:
    with scope.everything():
        foreign = Upgrade.objects.filter(venue=small_district.foreign_centre).first()
    assert foreign is not None

    pages = ["upgrade", "upgrade_edit"]
    answers = [office.get(reverse(f"staff:{name}", kwargs={"upgrade": foreign.pk})).status_code for name in pages]
    answers.append(office.post(act(foreign, "add_milestone"), {"name": "x", "due_on": "2027-01-01"}).status_code)

    assert answers == [404, 404, 404]


def test_a_host_has_no_upgrades(small_district, client: Client) -> None:
    small_district.log_in(client, "host")

    assert client.get(reverse("staff:upgrades")).status_code == 404


def test_a_late_milestone_is_marked_and_reached(small_district, office: Client, upgrade: Upgrade) -> None:
    due = small_district.today - timedelta(days=3)
    office.post(act(upgrade, "add_milestone"), {"name": "图纸", "due_on": str(due)})
    late = page_of(office, upgrade)
    with scope.everything():
        milestone = upgrade.milestones.get(name="图纸")

    office.post(act(upgrade, "finish_milestone", milestone), {"done_on": str(small_district.today)})

    with scope.everything():
        milestone.refresh_from_db()
    assert "晚了 3 天" in late
    assert milestone.done_on == small_district.today


def test_money_is_typed_in_yuan_and_kept_in_fen(office: Client, upgrade: Upgrade) -> None:
    answer = office.post(act(upgrade, "add_funding"), {"source": "district", "fen": "120000.50"})

    with scope.everything():
        assert upgrade.fundings.get().fen == 12_000_050
    assert answer.status_code == 302
    assert "120,000.50 元" in page_of(office, upgrade)


@pytest.mark.parametrize("amount", ["-1", "0", "a lot", "1.234"])
def test_an_impossible_amount_comes_back_as_it_was_typed(office: Client, upgrade: Upgrade, amount: str) -> None:
    answer = office.post(act(upgrade, "add_funding"), {"source": "district", "fen": amount, "giver": "区委组织部"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{amount}"' in page
    assert 'value="区委组织部"' in page


def test_nobody_approves_their_own_offices_plan(office: Client, upgrade: Upgrade) -> None:
    answer = office.post(act(upgrade, "approve"), {})

    assert answer.status_code == 403
    assert fresh(upgrade).state == Upgrade.State.PLANNED


def test_an_upgrade_goes_from_plan_to_payment_to_opening_day(small_district, office: Client, upgrade: Upgrade) -> None:
    today = small_district.today
    edit = reverse("staff:upgrade_edit", kwargs={"upgrade": upgrade.pk})
    office.post(edit, {"title": upgrade.title, "planned_opening_on": str(today + timedelta(days=60))})
    office.post(act(upgrade, "add_funding"), {"source": "district", "fen": "1000"})
    with scope.everything():
        funding = upgrade.fundings.get()
    district = Client()
    small_district.log_in(district, "district")

    approved = district.post(act(upgrade, "approve"), {"note": "同意"})
    payment = {"fen": "400", "spent_on": str(today), "what": "设计费"}
    paid = office.post(act(upgrade, "record_spending", funding), payment)
    too_much = office.post(act(upgrade, "record_spending", funding), payment | {"fen": "601"})
    office.post(act(upgrade, "start"), {"temporary_arrangement": "到隔壁站点办事"})
    opened = office.post(act(upgrade, "open"), {"on": str(today), "area_m2": "800"})

    assert [one.status_code for one in (approved, paid, too_much, opened)] == [302, 302, 422, 302]
    assert 'value="设计费"' in too_much.content.decode()
    now = fresh(upgrade)
    assert (now.state, now.opened_on) == (Upgrade.State.OPENED, today)


def test_an_act_that_does_not_exist_or_lacks_its_line_is_not_found(office: Client, upgrade: Upgrade) -> None:
    assert office.get(act(upgrade, "explode")).status_code == 404
    assert office.get(act(upgrade, "finish_milestone")).status_code == 404


def test_a_line_of_another_upgrade_is_not_found_here(small_district, office: Client, upgrade: Upgrade) -> None:
    foreign = small_district.first("places.Milestone")

    answer = office.get(act(upgrade, "finish_milestone", foreign))

    assert foreign.upgrade_id != upgrade.pk
    assert answer.status_code == 404


def test_who_edits_an_old_version_sees_both(office: Client, upgrade: Upgrade) -> None:
    edit = reverse("staff:upgrade_edit", kwargs={"upgrade": upgrade.pk})
    old = str(upgrade.version)
    office.post(edit, {"title": "别人的标题", "version": old})

    answer = office.post(edit, {"title": "我的标题", "version": old})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "别人的标题" in page
    assert 'value="我的标题"' in page


def test_what_is_no_picture_is_refused(office: Client, upgrade: Upgrade) -> None:
    file = SimpleUploadedFile("before.jpg", b"not a picture at all", content_type="image/jpeg")

    answer = office.post(act(upgrade, "add_picture"), {"picture": file, "moment": "before", "caption": "大厅"})

    assert answer.status_code == 422
    assert 'value="大厅"' in answer.content.decode()


@pytest.fixture
def lychee(small_district, office: Client) -> Produce:
    """Produce of 翠英, entered through the page."""
    answer = office.post(
        reverse("staff:produce_new"),
        {
            "community": str(small_district.cuiying.pk),
            "name": "荔枝",
            "grower_name": "陈伯",
            "grower_phone": "138 0000 0000",
            "season_months": ["6", "7"],
        },
    )
    assert answer.status_code == 302
    with scope.everything():
        return Produce.objects.get(name="荔枝", grower_name="陈伯")


def produce(name: str, row: Produce) -> str:
    return reverse(f"staff:{name}", kwargs={"produce": row.pk})


def test_produce_is_shown_only_with_a_consent(office: Client, lychee: Produce) -> None:
    refused = office.post(produce("produce_show", lychee), {})
    shown = office.post(produce("produce_show", lychee), {"consent_reference": "2026-17"})

    with scope.everything():
        lychee.refresh_from_db()
    assert refused.status_code == 422
    assert shown.status_code == 302
    assert lychee.state == Produce.State.SHOWN


def test_the_growers_phone_is_never_on_the_page(office: Client, lychee: Produce) -> None:
    pages = [office.get(produce(name, lychee)).content.decode() for name in ("produce", "produce_edit")]

    assert not any("13800000000" in page or "138 0000 0000" in page for page in pages)


def test_an_empty_phone_keeps_the_number(office: Client, lychee: Produce) -> None:
    office.post(produce("produce_edit", lychee), {"name": "桂味荔枝", "grower_name": "陈伯", "grower_phone": ""})

    with scope.everything():
        now = Produce.objects.get(pk=lychee.pk)
    assert now.name == "桂味荔枝"
    assert now.grower_phone is not None
    assert now.grower_phone.reveal() == "13800000000"


def test_a_consent_taken_back_hides_at_once(office: Client, lychee: Produce) -> None:
    office.post(produce("produce_show", lychee), {"consent_reference": "2026-17"})

    office.post(produce("produce_withdraw", lychee))

    with scope.everything():
        now = Produce.objects.get(pk=lychee.pk)
    assert (now.state, now.grower_phone, now.consent_reference) == (Produce.State.HIDDEN, None, "")


def test_another_offices_produce_does_not_exist(small_district, client: Client, lychee: Produce) -> None:
    small_district.log_in(client, "jinzhou.waisha1")

    answers = [client.get(produce(n, lychee)).status_code for n in ("produce", "produce_edit", "produce_show")]
    answers += [client.post(produce(n, lychee)).status_code for n in ("produce_withdraw", "produce_remove")]

    assert set(answers) == {404}


def test_consents_that_end_soon_are_found(small_district, office: Client, lychee: Produce) -> None:
    soon = small_district.today + timedelta(days=9)
    office.post(
        produce("produce_show", lychee),
        {"consent_reference": "2026-17", "consent_on": str(small_district.today), "consent_until": str(soon)},
    )

    page = office.get(reverse("staff:produce"), {"expiring": "on"}).content.decode()

    assert "荔枝" in page
    assert "快到期" in page
