"""Briefings as records: who may, which periods, numbers, what is frozen, and what `verify` sees."""

import io
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from lianxin.domain.places.queries.divisions import find_district
from lianxin.domain.reporting.commands import briefing_templates, briefings
from lianxin.domain.reporting.models import Briefing, BriefingTemplate, IssuedBriefing
from lianxin.domain.reporting.queries import briefings as queries
from lianxin.domain.reporting.rules import briefings as rules
from lianxin.platform import documents, files
from lianxin.platform.actors import Actor
from lianxin.platform.clock import now
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed

pytestmark = pytest.mark.django_db
OCTOBER = {"kind": "month", "from_on": date(2026, 10, 1), "until_on": date(2026, 11, 1)}
State = Briefing.State


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def mine(small_district):
    return small_district.actor("cuiying1")


@pytest.fixture
def cuiying(small_district):
    return small_district.cuiying.pk


def ask(actor, area, **more):
    return briefings.ask_briefing(actor=actor, area=area, at=now(), **(OCTOBER | more))


def stored(words="x", purpose=briefings.PURPOSE):
    body = documents.write_document(title=words, parts=[])
    return files.store(
        fileobj=io.BytesIO(body), name="a.docx", purpose=purpose, limit_bytes=10**6, at=now(), accept=files.PAPERS
    )


def drafted(actor, area, **more):
    row = ask(actor, area, **more)
    figures = {"values": [["visits", "2026-10-01", "2026-11-01", "", 3]]}
    return briefings.store_made(
        actor=Actor.system(),
        briefing=row.pk,
        file=stored(str(row.pk)).pk,
        figures=figures,
        template_digest="0" * 64,
        version=row.version,
        at=now(),
    )


def issued(actor, area, **more):
    return briefings.issue(actor=actor, briefing=drafted(actor, area, **more).pk, approved_name="林主任", at=now())


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"kind": "month", "from_on": date(2026, 11, 1), "until_on": date(2026, 12, 1)}, "not over yet"),
        ({"kind": "month", "from_on": date(2026, 10, 2), "until_on": date(2026, 11, 1)}, "one whole month"),
        ({"kind": "quarter", "from_on": date(2026, 8, 1), "until_on": date(2026, 11, 1)}, "one whole month"),
        ({"kind": "week", "from_on": date(2026, 10, 5), "until_on": date(2026, 10, 12)}, "one whole month"),
        ({"kind": "year", "from_on": date(1980, 1, 1), "until_on": date(1981, 1, 1)}, "from before 1990"),
    ],
)
def test_a_period_that_cannot_be_told_of_is_refused_with_a_sentence(mine, cuiying, days, sentence):
    with pytest.raises(Invalid) as refused:
        ask(mine, cuiying, **days)

    assert sentence in str(refused.value.detail)


def test_the_day_on_the_paper_lies_after_the_period(mine, cuiying):
    with pytest.raises(Invalid) as refused:
        ask(mine, cuiying, dated_on=date(2026, 10, 20))

    assert "dated_on" in refused.value.fields


def test_numbers_count_within_a_place_and_year_and_a_thrown_away_one_goes_on(mine, cuiying):
    first, second = (
        ask(mine, cuiying),
        ask(mine, cuiying, kind="year", from_on=date(2025, 1, 1), until_on=date(2026, 1, 1)),
    )
    assert [one.number for one in (first, second)] == [1, 2]

    briefings.drop(actor=mine, briefing=second.pk, at=now())

    assert ask(mine, cuiying, kind="quarter", from_on=date(2026, 7, 1), until_on=date(2026, 10, 1)).number == 2
    assert rules.printed_number(2026, 2) == "〔2026〕2号"


def test_a_period_has_one_standing_briefing(mine, cuiying):
    row = issued(mine, cuiying)
    with pytest.raises(briefings.BriefingStands):
        ask(mine, cuiying)

    briefings.withdraw(actor=mine, briefing=row.pk, reason="少算了一个站点", at=now())

    assert ask(mine, cuiying).number == row.number + 1


def test_who_does_not_answer_for_the_whole_place_makes_none_of_it(small_district, mine):
    for area in (small_district.jinzhou_village.pk, small_district.cuiying.parent_id, find_district().pk):
        with pytest.raises(Missing):
            ask(mine, area)


def test_others_do_not_find_a_briefing_and_offices_above_do(small_district, mine, cuiying):
    row = drafted(mine, cuiying)

    assert queries.find_briefing(actor=small_district.actor("district"), briefing=row.pk) == row
    for name in ("jinzhou1", "host", "system"):
        with pytest.raises(Missing):
            queries.find_briefing(actor=small_district.actor(name), briefing=row.pk)


def test_a_name_is_needed_to_issue_and_the_version_that_was_read(mine, cuiying):
    row = drafted(mine, cuiying)

    with pytest.raises(Invalid):
        briefings.issue(actor=mine, briefing=row.pk, approved_name="  ", at=now())
    with pytest.raises(EditedMeanwhile):
        briefings.issue(actor=mine, briefing=row.pk, approved_name="林主任", version=row.version - 1, at=now())


def test_what_was_issued_is_neither_made_again_nor_thrown_away(mine, cuiying):
    row = issued(mine, cuiying)

    for act in (briefings.make_again, briefings.drop):
        with pytest.raises(briefings.NoSuchStep):
            act(actor=mine, briefing=row.pk, at=now())


def test_the_record_of_an_issue_only_grows(mine, cuiying):
    row = issued(mine, cuiying)

    for change in (
        lambda: IssuedBriefing.objects.filter(briefing=row).update(digest="0" * 64),
        lambda: IssuedBriefing.objects.filter(briefing=row).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("field", ["digest", "number", "figures", "approved_name"])
def test_verify_names_an_issued_briefing_that_was_changed(mine, cuiying, field):
    row = issued(mine, cuiying)
    assert list(queries.check_issued()) == []
    other = {"digest": "1" * 64, "number": 99, "figures": {"values": []}, "approved_name": "别人"}[field]

    Briefing.objects.filter(pk=row.pk).update(**{field: other})

    (said,) = queries.check_issued()
    assert str(row.pk) in said


def test_verify_names_an_issued_briefing_whose_bytes_were_changed(mine, cuiying):
    row = issued(mine, cuiying)
    path = files.path_of(file=queries.file_of(row))
    path.write_bytes(path.read_bytes() + b" ")

    assert any(row.digest in said for said in files.check())


def template(actor, kind="month"):
    return briefing_templates.upload_template(
        actor=actor,
        kind=kind,
        file=stored("t", briefing_templates.PURPOSE).pk,
        asks_for={"names": ["period"], "rows": []},
        at=now(),
    )


def test_one_version_of_a_template_is_in_use_and_a_briefing_keeps_which(small_district, mine, cuiying):
    department = small_district.actor("district")
    first, second = template(department), template(department)
    for row in (first, second):
        briefing_templates.put_in_use(actor=department, template=row.pk, at=now())

    assert [one.state for one in queries.list_templates(kind="month")] == ["in_use", "retired"]
    assert ask(mine, cuiying).template == second
    with pytest.raises(briefing_templates.TemplateNotDraft):
        briefing_templates.put_in_use(actor=department, template=first.pk, at=now())


def test_templates_are_kept_by_the_department(mine):
    with pytest.raises(NotAllowed):
        template(mine)

    assert not BriefingTemplate.objects.exists()


def test_whole_months_quarters_and_years_are_told_from_other_days():
    assert rules.days_of("quarter", 2026, 4) == (date(2026, 10, 1), date(2027, 1, 1))
    assert rules.last_whole("quarter", date(2026, 1, 1)) == (2025, 4)
    assert rules.last_whole("month", date(2026, 12, 31)) == (2026, 11)
    assert rules.is_whole("year", date(2024, 1, 1), date(2025, 1, 1))
    assert not rules.is_whole("year", date(2024, 2, 1), date(2025, 2, 1))
    with pytest.raises(ValueError, match="5"):
        rules.days_of("quarter", 2026, 5)
    assert rules.last_on(date(2025, 1, 1)) == date(2025, 1, 1) - timedelta(days=1)
