"""What the search calls a case: its title, its subject once it is mediated, nothing once it was joined."""

import pytest

from lianxin.domain.voice.commands import closing, hearing, joining, mediations, moving
from lianxin.domain.voice.commands.hearing import Voice
from lianxin.domain.voice.models import Case, TierDecision
from lianxin.platform import scope, search

from .tier_factories import AT, DAY, Place, case_of, make_place, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def found(words: str) -> list[str]:
    with scope.everything():
        return [one.title for one in search.find(words, kinds=["case"])]


def test_a_case_is_found_by_its_title_in_every_state_but_not_once_it_was_joined(place: Place) -> None:
    case, other = case_of(say(place, "河边的栏杆断了")), case_of(say(place, "又是栏杆断了", by=1))

    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    moving.start(actor=place.keeper, case=case.pk, at=AT)
    assert len(found("栏杆")) == 2
    joining.join(actor=place.keeper, case=other.pk, into=case.pk, at=AT)
    assert len(found("栏杆")) == 1
    closing.finish(actor=place.keeper, case=case.pk, words="修好了", at=AT)
    assert len(found("栏杆")) == 1


def test_a_case_that_is_mediated_is_called_by_its_subject_at_once(place: Place) -> None:
    case = case_of(say(place, "隔壁的空调滴水"))
    moving.assign(actor=place.keeper, case=case.pk, account=place.keeper.account, at=AT)
    assert found("空调") != []

    mediations.ask(actor=place.keeper, community=place.community.pk, case=case.pk, subject_words="两家争执", at=AT)

    assert found("空调") == []


def test_many_cases_heard_at_once_each_go_by_the_rules_of_their_day(place: Place) -> None:
    voices = [Voice(words=f"{number}号楼下的灯不亮", how="desk", heard_at=AT - number * DAY) for number in range(1, 4)]

    hearing.hear_many(actor=place.keeper, community=place.community.pk, voices=voices, at=AT)

    with scope.everything():
        cases = list(Case.objects.order_by("opened_at"))
        decided = dict(TierDecision.objects.values_list("case", "due_at"))
    assert [one.opened_at for one in cases] == [AT - number * DAY for number in (3, 2, 1)]
    assert [one.due_at for one in cases] == [decided[one.pk] for one in cases]
    assert len({one.due_at for one in cases}) >= 2
