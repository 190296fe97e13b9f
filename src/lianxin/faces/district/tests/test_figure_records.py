"""The list of records behind a figure that has very many: the newest, said so, and the rest one step narrower."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from lianxin.insight import opening
from lianxin.platform import scope
from lianxin.platform.clock import local_moment
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact, FactPending

pytestmark = pytest.mark.django_db
FIGURE, MOST, DAYS = "goods_redeemed", 60, 70


@pytest.fixture
def many(small_district, monkeypatch):
    """A figure of more records than can be paged through: one on each of the last days, counting for two."""
    monkeypatch.setattr(opening, "MOST", MOST)
    today = small_district.today - timedelta(days=2000)
    with scope.everything():
        for n in range(DAYS):
            on = today - timedelta(days=n)
            fact = Fact.objects.create(
                occurred_on=on, recorded_at=local_moment(on), community_id=small_district.cuiying.pk, measure=FIGURE,
                category="", quantity=2, record_kind="shop.redemption", record_id=new_id(),
            )  # fmt: skip
            FactPending.objects.create(fact_id=fact.pk)
    return f"{today - timedelta(days=DAYS)}..{today}", today


def test_of_very_many_records_the_newest_are_listed_and_the_rest_is_one_step_narrower(small_district, client, many):
    period, last = many
    small_district.log_in(client, "district")
    address = reverse("district:figure_records", args=[FIGURE])

    first = client.get(address, {"period": period})
    second = client.get(address, {"period": period, "page": 2})
    oldest = client.get(address, {"period": f"{last - timedelta(days=DAYS)}..{last - timedelta(days=MOST)}"})
    book = client.get(reverse("district:figure_records_export", args=[FIGURE]), {"period": period})

    assert (first.context["opened"].total, first.context["table"].count) == (2 * DAYS, MOST)
    assert [row.on for row in first.context["table"].rows][:2] == [last, last - timedelta(days=1)]
    assert len(second.context["table"].rows) == MOST - 50
    assert "多于 60 条" in first.content.decode()
    assert oldest.context["table"].count == DAYS - MOST
    assert "多于" not in oldest.content.decode()
    assert book.status_code == 200
