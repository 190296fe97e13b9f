"""Criteria, terms and limits as data: which tier they give, why, and what cannot be published."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.domain.voice.commands import tier_rules, tiers
from lianxin.domain.voice.models import TierRules
from lianxin.domain.voice.queries import tier_rules as versions
from lianxin.domain.voice.rules import limits, starter_rules, terms
from lianxin.domain.voice.rules.tiers import check_criteria, classify, condition_words, reasons_in_words
from lianxin.platform.errors import Invalid, Missing, NotAllowed

from .tier_factories import AT, DAY, TODAY, Place, case_of, decisions_of, make_place, say


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def tier_of(words: str, **more: Any) -> tuple[str, list[list[Any]]]:
    given_values: dict[str, Any] = {"subject": "other", "is_danger": False, "voices": 1} | more
    return classify(starter_rules.CRITERIA, words=words, **given_values)


@pytest.mark.parametrize(
    ("words", "more", "tier", "reasons"),
    [
        ("楼道的灯不亮了", {}, "simple", [["otherwise", ""]]),
        ("楼道 漏 电 了", {}, "fast", [["words", "漏电"]]),
        ("有点怕", {"is_danger": True}, "fast", [["danger", ""]]),
        ("昨晚开始停水", {"subject": "water_power"}, "fast", [["subject", "water_power"], ["words", "停水"]]),
        ("昨晚开始停水", {"subject": "noise"}, "simple", [["otherwise", ""]]),
        ("我们想加装电梯", {"subject": "lift"}, "full", [["words", "加装电梯"]]),
        ("路太窄", {"voices": 12}, "full", [["voices", 12]]),
        ("路太窄", {"voices": 9}, "simple", [["otherwise", ""]]),
        ("路太窄", {"asked_parties": 3}, "full", [["parties", 3]]),
    ],
)
def test_first_criterion_that_holds_decides_and_says_why(
    words: str, more: dict[str, Any], tier: str, reasons: list[list[Any]]
) -> None:
    assert tier_of(words, **more) == (tier, reasons)
    assert all(sentence.endswith(".") for sentence in reasons_in_words(reasons))


def test_danger_stands_before_everything_else() -> None:
    tier, _reasons = tier_of("我们想加装电梯", voices=50, is_danger=True)

    assert tier == "fast"


def test_starter_rules_can_be_published_as_they_are() -> None:
    assert check_criteria(starter_rules.CRITERIA) == []
    assert terms.check_terms(starter_rules.TERMS) == []
    assert limits.check_limits(starter_rules.LIMITS) == []
    assert all(condition_words(one["when"]) for one in starter_rules.CRITERIA)


@pytest.mark.parametrize(
    ("criterion", "sentence"),
    [
        ("no dictionary", "It needs a code"),
        ({"code": "Big!", "when": {"danger": True}, "tier": "fast"}, "small letters"),
        ({"code": "a", "when": {"danger": True}, "tier": "soon"}, "Choose simple"),
        ({"code": "a", "when": {}, "tier": "fast"}, "at least one condition"),
        ({"code": "a", "when": {"danger": False}, "tier": "fast"}, "Danger"),
        ({"code": "a", "when": {"subject": ["weather"]}, "tier": "fast"}, "subjects from the list"),
        ({"code": "a", "when": {"voices": True}, "tier": "full"}, "number from 2"),
        ({"code": "a", "when": {"voices": 1}, "tier": "full"}, "number from 2"),
        ({"code": "a", "when": {"words": [" "]}, "tier": "full"}, "1 to 20 characters"),
        ({"code": "a", "when": {"words": []}, "tier": "full"}, "1 to 60 words"),
        ({"code": "a", "when": {"moon": 1}, "tier": "full"}, "not known"),
    ],
)
def test_criterion_that_cannot_hold_is_refused_with_a_sentence(criterion: Any, sentence: str) -> None:
    wrong = check_criteria([criterion])

    assert len(wrong) == 1
    assert sentence in wrong[0]


def test_two_criteria_cannot_share_a_code() -> None:
    same = {"code": "a", "when": {"danger": True}, "tier": "fast"}

    assert "used twice" in check_criteria([same, same])[0]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"simple": None}, "Give a term"),
        ({"fast": {"hours": 0}}, "from 1 to 720"),
        ({"fast": {"hours": 4, "days": 1}}, "either hours or working days"),
        ({"danger": {"days": 1}}, "in hours"),
        ({"danger": {"hours": 48}}, "longer than other fast"),
        ({"slow": {"days": 3}}, "not known"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(changed: dict[str, Any], sentence: str) -> None:
    given_terms = {name: term for name, term in (starter_rules.TERMS | changed).items() if term is not None}

    assert any(sentence in one for one in terms.check_terms(given_terms))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"confirm_days": 0}, "from 1 to 90"),
        ({"urge_most": "5"}, "from 0 to 50"),
        ({"lift_to": {"simple": "simple"}}, "never back"),
        ({"lift_to": {"simple": "fast", "fast": "simple"}}, "never back"),
        ({"lift_to": {"full": "fast"}}, "last tier"),
        ({"lift_to": {"simple": "moon"}}, "goes to"),
        ({"patience": 3}, "not known"),
    ],
)
def test_limits_that_make_no_sense_are_refused(changed: dict[str, Any], sentence: str) -> None:
    assert any(sentence in one for one in limits.check_limits(starter_rules.LIMITS | changed))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "code": st.text(max_size=5),
                "when": st.dictionaries(st.text(max_size=8), st.integers()),
                "tier": st.text(),
            }
        ),
        max_size=5,
    )
)
def test_whatever_is_sent_as_criteria_gets_sentences_and_never_an_error(criteria: list[Any]) -> None:
    assert all(isinstance(sentence, str) for sentence in check_criteria(criteria))


def test_starter_rules_hold_until_somebody_adopts_own(place: Place) -> None:
    first = decisions_of(case_of(say(place)))[0]

    assert first.rules.division_id == place.district.pk
    assert first.rules.valid_from == date(2024, 1, 1)
    assert first.reasons == [["otherwise", ""]]


def test_community_adopts_own_rules_which_hold_from_their_day_on(place: Place) -> None:
    draft = tier_rules.begin_draft(actor=place.keeper, division=place.community.pk, at=AT)
    own = [{"code": "lamps", "when": {"words": ["灯"]}, "tier": "full"}]
    tier_rules.edit_draft(actor=place.keeper, rules=draft.pk, criteria=own, at=AT)
    tier_rules.publish(
        actor=place.keeper, rules=draft.pk, adopted_words="居民会议 4月8日", valid_from=TODAY + DAY, at=AT
    )

    today = decisions_of(case_of(say(place)))[0]
    tomorrow = decisions_of(case_of(say(place, by=1, at=AT + DAY)))[0]

    assert (today.tier, today.rules.division_id) == ("simple", place.district.pk)
    assert (tomorrow.tier, tomorrow.rules_id) == ("full", draft.pk)
    assert tomorrow.reasons == [["words", "灯"]]


def test_subdistricts_rules_stand_between_the_communitys_and_the_districts(place: Place) -> None:
    for actor, division in ((place.department, place.district), (place.supervisor, place.subdistrict)):
        draft = tier_rules.begin_draft(actor=actor, division=division.pk, at=AT)
        tier_rules.publish(actor=actor, rules=draft.pk, adopted_words="会议纪要", valid_from=TODAY, at=AT)

    assert tiers.find_rules(place.community.pk, TODAY).division_id == place.subdistrict.pk  # type: ignore[union-attr]
    assert tiers.find_rules(place.elsewhere.pk, TODAY).division_id == place.district.pk  # type: ignore[union-attr]
    assert tiers.find_rules(place.community.pk, date(2020, 1, 1)) is not None


def test_published_rules_never_change_and_say_where_they_were_adopted(place: Place) -> None:
    draft = tier_rules.begin_draft(actor=place.department, division=place.district.pk, at=AT)
    with pytest.raises(Invalid) as refused:
        tier_rules.publish(actor=place.department, rules=draft.pk, adopted_words=" ", valid_from=TODAY - DAY, at=AT)
    assert set(refused.value.fields) == {"adopted_words", "valid_from"}
    tier_rules.publish(actor=place.department, rules=draft.pk, adopted_words="区政府 12号", valid_from=TODAY, at=AT)

    with pytest.raises(tier_rules.RulesPublished):
        tier_rules.edit_draft(actor=place.department, rules=draft.pk, name="改", at=AT)
    with pytest.raises(tier_rules.RulesPublished):
        tier_rules.discard_draft(actor=place.department, rules=draft.pk, at=AT)


def test_draft_keeps_what_it_was_when_a_change_is_refused(place: Place) -> None:
    draft = tier_rules.begin_draft(actor=place.department, division=place.district.pk, at=AT)
    with pytest.raises(tier_rules.DraftThere):
        tier_rules.begin_draft(actor=place.department, division=place.district.pk, at=AT)

    with pytest.raises(Invalid) as refused:
        tier_rules.edit_draft(actor=place.department, rules=draft.pk, terms={"simple": {"days": 0}}, name=" ", at=AT)

    assert set(refused.value.fields) == {"terms", "name"}
    assert TierRules.objects.get(pk=draft.pk).terms == starter_rules.TERMS
    tier_rules.discard_draft(actor=place.department, rules=draft.pk, at=AT)
    assert not TierRules.objects.filter(pk=draft.pk).exists()


def test_each_office_writes_the_rules_of_its_own_level(place: Place) -> None:
    for actor, division in (
        (place.keeper, place.district),
        (place.keeper, place.subdistrict),
        (place.supervisor, place.district),
        (place.stranger, place.community),
        (place.resident(), place.community),
    ):
        with pytest.raises((NotAllowed, Missing)):
            tier_rules.begin_draft(actor=actor, division=division.pk, at=AT)


def test_a_version_shows_how_it_differs_from_the_one_before(place: Place) -> None:
    say(place)
    draft = tier_rules.begin_draft(actor=place.department, division=place.district.pk, at=AT)
    faster = starter_rules.TERMS | {"simple": {"days": 5}}
    tier_rules.edit_draft(actor=place.department, rules=draft.pk, terms=faster, at=AT)
    tier_rules.publish(
        actor=place.department, rules=draft.pk, adopted_words="区政府 12号", valid_from=TODAY + timedelta(days=7), at=AT
    )
    published = versions.find_version(actor=place.keeper, rules=draft.pk)

    added, gone = versions.differences(published, versions.version_before(published))

    assert added == ["simple: 5 working days"]
    assert gone == ["simple: 7 working days"]
    assert [row.version for row in versions.list_versions(division=place.district.pk)] == [2, 1]


def test_a_draft_is_seen_only_by_who_writes_it(place: Place) -> None:
    draft = tier_rules.begin_draft(actor=place.department, division=place.district.pk, at=AT)

    for actor in (place.keeper, place.supervisor, place.resident()):
        with pytest.raises(Missing):
            versions.find_version(actor=actor, rules=draft.pk)
    assert versions.find_version(actor=place.department, rules=draft.pk).pk == draft.pk
