"""Surveys: workbooks read where they harm nobody, versions that stay, windows, mappings and quotas."""

from dataclasses import replace

import pytest

from lianxin.domain.needs.commands import surveys, workbooks
from lianxin.domain.needs.commands.surveys import SurveyContent
from lianxin.domain.needs.commands.workbooks import WorkbookRefused
from lianxin.domain.needs.models import Survey, SurveyVersion
from lianxin.domain.needs.queries import surveys as queries
from lianxin.domain.needs.rules import starter_form
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.needs.rules.surveys import QuotaCell
from lianxin.domain.people.tests.factories import staff
from lianxin.domain.places.models import Division, Level
from lianxin.domain.places.queries.divisions import list_communities_below
from lianxin.engines.xforms import Form
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

from .factories import AT, DAY, Place, fresh, make_place
from .survey_factories import cell, drafted, opened, read_here, sent, version_of, workbook


@pytest.fixture
def place(db: None) -> Place:
    return make_place()


def replaced(place: Place, row: Survey, file: bytes) -> SurveyVersion:
    found = read_here(file)
    given = {"workbook": file, "file_name": "two.xlsx", "found": found, "at": AT + DAY}
    return surveys.replace_read(actor=place.keeper, survey=row.pk, **given)


def test_survey_is_drafted_from_a_workbook_and_opened(place: Place) -> None:
    row = surveys.draft(
        actor=place.keeper, community=place.community.pk, title="", workbook=workbook(), file_name="form.xlsx", at=AT
    )
    assert (row.title, row.state, row.form_id) == ("问问大家", "draft", "asking")
    assert queries.open_survey(row.slug, AT) is None

    surveys.publish(actor=place.keeper, survey=row.pk, at=AT)

    found = queries.open_survey(row.slug.upper(), AT)
    assert found is not None
    assert found.state == "open"
    assert [pk for pk, _name in found.communities] == [place.community.pk]
    assert found.form.id == "asking"
    assert version_of(row).mapping == {"need": "/data/wish", "people": "/data/people"} | {
        "age": "/data/age",
        "phone": "/data/phone",
    }


def test_each_wrong_cell_of_a_workbook_has_its_sentence() -> None:
    circle = workbook(["integer", "a", "甲", "", "${b} = 1"], ["integer", "b", "乙", "", "${a} = 1"])
    strange = workbook(["audio", "a", "甲"], ["text", "b", "乙", "", "${nobody} = 1"])

    with pytest.raises(WorkbookRefused) as refused:
        workbooks.read(workbook=circle)
    with pytest.raises(WorkbookRefused) as unknown:
        workbooks.read(workbook=strange)

    assert "circle" in str(refused.value.fields["workbook"])
    assert [(spot.sheet, spot.row) for spot in unknown.value.spots] == [("survey", 2), ("survey", 3)]
    assert unknown.value.fields["workbook"][0] == "sheet survey, row 2, column type: “audio” is not supported."


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0old", b"hello"])
def test_what_is_no_workbook_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(WorkbookRefused) as refused:
        workbooks.read(workbook=data)

    assert len(refused.value.spots) == 1
    assert refused.value.spots[0].words.endswith(".")


def test_reader_without_enough_memory_refuses_and_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.01)

    with pytest.raises(WorkbookRefused) as refused:
        workbooks.read(workbook=workbook())

    assert "memory and time" in refused.value.spots[0].words


def test_form_to_begin_with_is_read_and_its_copies_are_told_apart(place: Place) -> None:
    first = drafted(place, workbook=starter_form.workbook())
    second = drafted(place, workbook=starter_form.workbook())

    assert first.form_id == starter_form.FORM_ID
    assert second.form_id == f"{starter_form.FORM_ID}-{second.pk.hex[-12:]}"
    version = queries.list_versions(second.pk)[0]
    assert f'id="{second.form_id}"' in version.xform
    assert Form.from_json(version.form).id == second.form_id
    made = replaced(place, second, starter_form.workbook())
    assert (made.number, made.form_version) == (2, "1.2")
    assert 'version="1.2"' in made.xform


def test_version_that_was_published_stays_and_another_form_is_refused(place: Place) -> None:
    row = opened(place)
    first = version_of(row)

    made = replaced(place, row, workbook(version="2"))
    assert version_of(row).pk == first.pk
    surveys.publish(actor=place.keeper, survey=row.pk, at=AT + DAY)

    assert version_of(row).pk == made.pk
    assert fresh(first).retired_at == AT + DAY
    assert fresh(first).form == first.form
    assert made.mapping == first.mapping
    with pytest.raises(surveys.NothingToOpen):
        surveys.publish(actor=place.keeper, survey=row.pk, at=AT + DAY)
    with pytest.raises(surveys.OtherFormId):
        replaced(place, row, workbook(form_id="other"))


def test_window_opens_and_ends_a_survey_and_staff_end_it_before(place: Place) -> None:
    window = SurveyContent(title="冬季问卷", opens_at=AT + DAY, closes_at=AT + 3 * DAY)
    row = opened(place, content=window)

    def state(days: int) -> str:
        found = queries.open_survey(row.slug, AT + days * DAY)
        return found.state if found else ""

    assert [state(0), state(1), state(3)] == ["not_yet", "open", "closed"]
    surveys.close(actor=place.keeper, survey=row.pk, at=AT + 2 * DAY)
    assert state(2) == "closed"
    surveys.reopen(actor=place.keeper, survey=row.pk, at=AT + 4 * DAY)
    assert state(9) == "open"
    with pytest.raises(Invalid, match="check") as wrong:
        surveys.change(actor=place.keeper, survey=row.pk, content=replace(window, title="", closes_at=AT), at=AT)
    assert set(wrong.value.fields) == {"closes_at"}


def test_mapping_names_questions_that_fit(place: Place) -> None:
    version = version_of(opened(place))

    def why(**mapping: str) -> set[str]:
        try:
            surveys.set_mapping(actor=place.keeper, version=version.pk, mapping=dict(mapping), at=AT)
        except Invalid as wrong:
            return set(wrong.fields)
        return set()

    assert why(need="/data/nobody") == {"need"}
    assert why(need="/data/photo") == {"need"}
    assert why(people="/data/people") == {"need"}
    assert why(need="/data/wish", age="/data/wish") == {"age"}
    assert why(need="/data/wish", people="", sort="x") == {"sort"}
    assert why(need="/data/wish") == set()
    assert fresh(version).mapping == {"need": "/data/wish"}


def test_offices_keep_surveys_only_where_their_scope_reaches(place: Place) -> None:
    row = drafted(place)
    stranger = staff("community_staff", place.elsewhere)

    with pytest.raises(NotAllowed):
        drafted(place, actor=place.resident())
    with pytest.raises(NotAllowed):
        drafted(place, actor=stranger)
    with pytest.raises(Missing):
        surveys.publish(actor=stranger, survey=row.pk, at=AT)
    with pytest.raises(Missing):
        queries.find_survey(actor=stranger, survey=row.pk)
    with scope.everything():
        assert [one.pk for one in queries.list_surveys(actor=place.keeper)] == [row.pk]
        assert list(queries.list_surveys(actor=stranger)) == []


def test_survey_of_a_subdistrict_is_asked_in_the_communities_it_names(place: Place) -> None:
    above = place.community.parent
    assert above is not None
    office = replace(staff("subdistrict_staff", above), communities=frozenset(list_communities_below(above.pk)))
    row = drafted(place, actor=office, community=above.pk)
    assert place.community.pk in dict(queries.asked_in(row))
    content = SurveyContent(title="街道问卷", communities=(place.community.pk,))

    surveys.change(actor=office, survey=row.pk, content=content, at=AT)
    surveys.publish(actor=office, survey=row.pk, at=AT)

    assert [pk for pk, _name in queries.asked_in(row)] == [place.community.pk]
    assert [form.form_id for form in queries.device_forms(place.keeper, AT)] == ["asking"]
    assert queries.device_forms(staff("community_staff", place.elsewhere), AT) == []
    assert queries.forms_for_visits([row.pk])[row.pk].version == version_of(row).pk
    below = list_communities_below(above.pk)
    outside = Division.objects.filter(level=Level.COMMUNITY).exclude(pk__in=below).order_by("pk")[0]
    assert not queries.may_keep(actor=staff("community_staff", place.elsewhere), survey=row)
    with pytest.raises(Invalid):
        surveys.change(actor=office, survey=row.pk, content=replace(content, communities=(outside.pk,)), at=AT)


def test_quotas_that_overlap_or_ask_for_nobody_are_refused(place: Place) -> None:
    row = opened(place)

    def why(*cells: QuotaCell) -> int:
        try:
            surveys.set_quotas(actor=place.keeper, survey=row.pk, cells=cells, at=AT)
        except Invalid as wrong:
            return len(wrong.fields["cells"])
        return 0

    assert why(cell(place, 5, 0, 60), cell(place, 5, 60, 90)) == 1
    assert why(cell(place, 0)) == 1
    assert why(cell(place, 5, 70, 60)) == 1
    assert why(cell(place, 5, community=place.elsewhere.pk)) == 1
    assert why(cell(place, 5, 0, 59), cell(place, 5, 60, 150)) == 0


def test_quotas_set_later_count_what_came_before_and_the_first_ones_first(place: Place) -> None:
    row = opened(place)
    for day, age in enumerate(("65", "30", "80", "70")):
        sent(place, row, {"age": age}, at=AT + day * DAY)

    kept = surveys.set_quotas(
        actor=place.keeper, survey=row.pk, cells=[cell(place, 2, 60, is_limit=True), cell(place, 9, 0, 59)], at=AT
    )

    assert {(one.min_age, one.taken) for one in kept} == {(60, 2), (0, 1)}
    with scope.everything():
        rows = list(queries.list_submissions(actor=place.keeper, survey=row.pk))
    assert [one.counts for one in rows] == [False, True, True, True]


def test_narrowest_quota_takes_an_answer_and_one_for_all_takes_unknown_ages() -> None:
    home, away = new_id(), new_id()
    cells = [QuotaCell(home, 9), QuotaCell(home, 9, 60, 79), QuotaCell(away, 9)]

    assert rules.choose_cell(cells, community=home, age=70) == 1
    assert rules.choose_cell(cells, community=home, age=30) == 0
    assert rules.choose_cell(cells, community=home, age=None) == 0
    assert rules.choose_cell(cells[1:], community=home, age=None) is None


def test_links_are_short_and_hold_no_letters_that_are_mistaken(place: Place) -> None:
    slug = drafted(place).slug

    assert len(slug) == rules.SLUG_SIGNS
    assert not set(slug) & set("01ilo")
    assert rules.read_slug(f" {slug.upper()} ") == slug
    assert rules.read_slug("../etc") == ""


def test_workbook_of_a_draft_is_kept_for_who_wants_it_back(place: Place) -> None:
    row = drafted(place)

    with scope.everything():
        kept = SurveyVersion.objects.get(survey=row)
    from lianxin.platform import files

    assert files.open_file(file=files.find_file(kept.workbook_id)).read(2) == b"PK"
