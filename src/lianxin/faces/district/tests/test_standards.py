"""Versions of the standard through the pages: copy, change, look at what would change, publish."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from lianxin.domain.places.models import Standard, StandardItem
from lianxin.platform.ids import new_id


@pytest.fixture
def draft(department, small_district):
    held = Standard.objects.get(state="in_force")
    answer = department.post(reverse("district:standard", args=[held.pk]), {"key": new_id()})
    return Standard.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[1])


def item_values(**more):
    return {
        "code": "area",
        "label": "建筑面积",
        "measure": "floor_area",
        "comparison": ">=",
        "threshold": "900",
        "group": "small",
        "weight": "3",
        "kind": "must",
        "applies_to": "centre",
        **more,
    }


def test_a_copy_is_a_draft_with_the_same_items(draft):
    held = Standard.objects.get(state="in_force")

    assert draft.state == "draft"
    assert draft.items.count() == held.items.count() > 0


def test_an_item_is_added_and_the_preview_shows_what_changes(draft, department):
    department.post(reverse("district:item_new", args=[draft.pk]), item_values(threshold="999999", weight="50"))

    preview = department.get(reverse("district:standard_preview", args=[draft.pk]))

    assert preview.context["worse"] == 3
    assert all(row.newly_short for row in preview.context["table"].rows)


def test_a_code_in_use_overwrites_nothing(draft, department):
    code = draft.items.first().code

    answer = department.post(reverse("district:item_new", args=[draft.pk]), item_values(code=code))

    assert answer.status_code == 422
    assert draft.items.get(code=code).threshold != 900


def test_a_threshold_that_is_no_number_keeps_what_was_typed(draft, department):
    answer = department.post(reverse("district:item_new", args=[draft.pk]), item_values(threshold="九百"))

    assert answer.status_code == 422
    assert "九百" in answer.content.decode()


def test_an_item_is_changed_and_taken_out(draft, department):
    item = draft.items.first()
    values = item_values(label=item.label, measure=item.measure, comparison=item.comparison, threshold="7")
    values |= {"group": item.group, "kind": item.kind, "applies_to": item.applies_to, "source": item.source}

    department.post(reverse("district:item", args=[draft.pk, item.code]), values)
    assert StandardItem.objects.get(pk=item.pk).threshold == 7
    assert StandardItem.objects.get(pk=item.pk).parameters == item.parameters

    department.post(reverse("district:item_remove", args=[draft.pk, item.code]))
    assert not StandardItem.objects.filter(pk=item.pk).exists()


def test_a_new_source_is_shown_in_every_language(draft, department):
    item = draft.items.first()
    with override("en"):
        assert item.spoken_source != item.source
    values = item_values(label=item.label, measure=item.measure, comparison=item.comparison)
    values |= {"group": item.group, "kind": item.kind, "applies_to": item.applies_to, "source": "区委会议纪要"}

    department.post(reverse("district:item", args=[draft.pk, item.code]), values)

    with override("en"):
        assert StandardItem.objects.get(pk=item.pk).spoken_source == "区委会议纪要"


def test_publishing_ends_the_version_before(draft, department, small_district):
    tomorrow = small_district.today + timedelta(days=1)

    answer = department.post(
        reverse("district:standard_publish", args=[draft.pk]),
        {"valid_from": tomorrow.isoformat(), "adopted_by": "区委组织部", "key": new_id()},
    )

    assert answer.status_code == 302
    assert Standard.objects.get(pk=draft.pk).state == "in_force"
    assert Standard.objects.get(version=draft.version - 1).valid_until == tomorrow


def test_a_day_in_the_past_is_refused_with_a_sentence(draft, department, small_district):
    answer = department.post(
        reverse("district:standard_publish", args=[draft.pk]), {"valid_from": "2020-01-01", "key": new_id()}
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["valid_from"]


def test_a_published_version_has_no_form_to_change_it(draft, department):
    held = Standard.objects.get(state="in_force")
    pages = [reverse(f"district:{name}", args=[held.pk]) for name in ("standard_edit", "standard_publish", "item_new")]

    assert [department.get(page).status_code for page in pages] == [404, 404, 404]


def test_a_draft_is_thrown_away_after_a_question(draft, department):
    page = reverse("district:standard_discard", args=[draft.pk])

    assert department.get(page).status_code == 200
    assert department.post(page).url == reverse("district:standards")
    assert not Standard.objects.filter(pk=draft.pk).exists()


def test_the_page_of_a_centre_shows_every_item_with_number_threshold_and_source(department, small_district):
    page = department.get(reverse("district:venue", args=[small_district.centre.pk]))

    outcomes = page.context["score"].outcomes
    shown = [row for _label, rows in page.context["groups"] for row in rows]
    assert len(shown) == len(outcomes) > 0
    assert all(row.threshold for row in shown)
    assert page.context["versions"][0][1].total == page.context["score"].total


def test_a_day_before_any_standard_has_no_score(department, small_district):
    page = department.get(reverse("district:venue", args=[small_district.centre.pk]), {"on": "2020-01-01"})

    assert page.status_code == 200
    assert page.context["score"] is None
