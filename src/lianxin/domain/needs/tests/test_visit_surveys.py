"""Questionnaires filled in on visits: planned, taken along, counted once, and kept when they come too late."""

import pytest

from lianxin.domain.needs.commands import devices, syncing, visit_conflicts
from lianxin.domain.needs.models import NeedReport, Submission, Survey, SurveyQuota, SurveyVersion, VisitConflict
from lianxin.domain.needs.queries.visits_due import list_due
from lianxin.platform import scope
from tests.support.survey_forms import filled_xml, make_survey

from .factories import AT, DAY, TODAY, Place, fresh, make_place
from .visit_factories import ENDED, differences, planned, sent, worker_of


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


@pytest.fixture
def version(place: Place) -> SurveyVersion:
    return make_survey(place.community.pk, at=AT - 30 * DAY, asked_by="visit")


def filled(version: SurveyVersion, **answers: str) -> dict[str, str]:
    return {"version": str(version.pk), "xml": filled_xml(at=ENDED, **answers)}


def take(place: Place, *records: object, at=AT) -> list[syncing.Answer]:
    return syncing.take_sent(actor=place.keeper, sent=list(records), at=at)


def test_questionnaire_goes_along_and_comes_back_once(place: Place, version: SurveyVersion) -> None:
    worker = worker_of(place)
    [row] = planned(place, reason="survey", survey=version.survey_id, worker=worker)
    taken = devices.take_along(actor=worker, name="", at=AT)
    record = sent(row, submission=filled(version))

    states = [take(place, record)[0].state for _turn in range(2)]

    assert taken.content["visits"][0]["survey"] == str(version.survey_id)
    form = taken.content["forms"][str(version.survey_id)]
    assert (form["version"], form["title"]) == (str(version.pk), "秋天的心愿")
    assert states == ["taken", "again"]
    with scope.everything():
        kept = Submission.objects.get()
        assert NeedReport.objects.get().submission_id == kept.pk
    assert (kept.how, kept.household_id, kept.finished_at) == ("visit", row.household_id, ENDED)
    assert fresh(row).submission_id == kept.pk


def test_answer_from_before_the_end_counts_though_it_comes_after(place: Place, version: SurveyVersion) -> None:
    [row] = planned(place, survey=version.survey_id)
    with scope.everything():
        Survey.objects.filter(pk=version.survey_id).update(closes_at=AT)

    [answer] = take(place, sent(row, submission=filled(version)), at=AT + 3 * DAY)

    assert answer.state == "taken"


def test_form_with_mistakes_is_kept_and_taken_without_it_by_the_office(place: Place, version: SurveyVersion) -> None:
    [row] = planned(place, survey=version.survey_id)

    [answer] = take(place, sent(row, note="门口很干净", submission=filled(version, age="200")))
    with scope.everything():
        kept = VisitConflict.objects.get()
    visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=True, without_form=True, at=AT)

    assert answer.state == "refused"
    assert "年龄要在0到120之间" in answer.words
    assert (fresh(row).note.reveal(), fresh(row).submission_id) == ("门口很干净", None)
    assert visit_conflicts.content_of(fresh(kept))["record"]["submission"]["xml"]
    assert differences() == []


def test_household_answers_once_when_another_phones_record_is_taken(place: Place, version: SurveyVersion) -> None:
    [row] = planned(place, survey=version.survey_id)
    take(place, sent(row, submission=filled(version)))
    take(place, sent(row, submission=filled(version, wish="想有人陪着散步")))
    with scope.everything():
        kept = VisitConflict.objects.get()

    visit_conflicts.decide(actor=place.keeper, conflict=kept.pk, take=True, at=AT)

    with scope.everything():
        assert sorted(Submission.objects.values_list("state", flat=True)) == ["received", "rejected"]
        assert Submission.objects.get(state="received").pk == fresh(row).submission_id


def test_households_of_wanted_ages_that_were_not_asked_are_due(place: Place, version: SurveyVersion) -> None:
    with scope.everything():
        SurveyQuota.objects.create(
            community=place.community, survey=version.survey, min_age=60, max_age=150, wanted=2, taken=0
        )
    [row] = planned(place, survey=version.survey_id)
    take(place, sent(row, submission=filled(version, age="70")))

    def due() -> set[object]:
        with scope.everything():
            given = {"actor": place.keeper, "community": place.community.pk, "on": TODAY}
            return {one.household for one in list_due(survey=version.survey_id, **given)}

    assert due() == {home.pk for home in place.homes[1:]}
    with scope.everything():
        SurveyQuota.objects.update(taken=2)
    assert due() == set()
