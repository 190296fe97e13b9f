"""The sample district's partners, offers and promises: there once, whole, and the same for the same seed."""

from datetime import date, timedelta

import pytest

from lianxin.domain.places.models import ServiceCategory
from lianxin.domain.resources.models import Agreement, Offer, Partnership, Promise
from lianxin.domain.resources.queries.offers import for_matching
from lianxin.domain.resources.rules.contents import problems_of
from lianxin.domain.resources.sample import parts, words
from lianxin.domain.resources.tests.factories import make_ground
from lianxin.domain.resources.tests.test_promises import differences
from lianxin.platform import scope
from lianxin.platform.sample import Plan

DAY = date(2026, 3, 2)


@pytest.mark.django_db
def test_sample_is_built_once_and_can_be_planned_with() -> None:
    make_ground()
    for position, code in enumerate(words.OFFERED):
        ServiceCategory.objects.get_or_create(code=code, defaults={"name": code, "position": position})
    plan = Plan(seed=7, today=DAY)

    parts.build_resources(plan)
    with scope.everything():
        made = list(Offer.objects.order_by("pk").values_list("pk", "title"))
        promised = Promise.objects.count()
        assert len(made) == 2 * parts.SMALL_OFFERS
        assert Agreement.objects.filter(state="signed").count() == 2
        assert Partnership.objects.count() >= 8
    parts.build_resources(plan)

    with scope.everything():
        assert list(Offer.objects.order_by("pk").values_list("pk", "title")) == made
        assert Promise.objects.count() == promised
    assert for_matching(communities=None, from_on=DAY, until_on=DAY + timedelta(days=30))
    assert differences() == []


def test_what_the_sample_offers_could_have_been_entered() -> None:
    plan = Plan(seed=7, today=DAY)
    dice = plan.random("test")
    firm = "01a1eccf-cb33-72db-b14c-56e5f6683d5e"

    for group in "ABCDEF":
        for _turn in range(30):
            content = parts._offer(plan, (firm, group), dice).content
            assert problems_of(content, categories=set(words.OFFERED)) == {}
