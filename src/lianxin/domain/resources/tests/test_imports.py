"""A workbook of offers: what is taken, what gets a sentence, what is taken back."""

import json
from typing import Any

import pytest

from lianxin.domain.people.models import Organisation, OrganisationCommunity
from lianxin.domain.resources.commands import imports, offers
from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules import offer_cells
from lianxin.domain.resources.rules.offer_columns import NAMES
from lianxin.domain.resources.rules.offer_rows import ReadOffer, packed, unpacked
from lianxin.domain.resources.tests.factories import AT, TODAY, Ground, make_ground
from lianxin.domain.resources.tests.test_promises import differences
from lianxin.platform import runs, scope
from lianxin.platform.commands import command, plain
from lianxin.platform.models import Run

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "法律咨询",
    "kind": "技能",
    "organisation": "明亮律师事务所",
    "categories": "C04:3、矛盾调解",
    "seats": "15",
    "times": "2",
    "every": "每月",
    "reach": "2公里",
    "weekly": "周一 19:00-21:00；周日 9:00-11:30",
    "from_on": "2026年3月1日",
    "until_on": "2026-12-31 00:00:00",
    "cost": "12.50元",
    "assured_on": "2026-02-20",
}


def run_of(ground: Ground) -> Run:
    return Run.objects.create(
        kind=imports.RUN_KIND_NAME,
        title="资源清单.xlsx",
        options={"community": str(ground.community.pk)},
        asked_by=ground.keeper.account,
        actor=ground.keeper.to_json(),
        created_at=AT,
    )


@command("tests.apply_offers")
def apply(*, actor: Any, run: Run, rows: list[ReadOffer], at: Any) -> Any:
    return imports.apply(run=run, rows=rows, actor=actor, at=at)


@command("tests.undo_offers")
def undo(*, actor: Any, run: Run, ids: list[Any], at: Any) -> None:
    imports.undo(run=run, ids=ids, actor=actor, at=at)


def read(ground: Ground, run: Run, *lines: dict[str, str]) -> tuple[list[ReadOffer], list[Any]]:
    reader = imports.reader(run=run, actor=ground.keeper, at=AT)
    rows = [reader.read(number, [line.get(name, "") for name in NAMES]) for number, line in enumerate(lines, start=2)]
    return [row for row in rows if row is not None], reader.problems


def test_rows_become_offers_and_are_taken_back_whole() -> None:
    ground = make_ground()
    run = run_of(ground)
    new = {"title": "义剪", "kind": "人力", "organisation": "剪之家", "categories": "D01 义剪"}

    rows, problems = read(ground, run, GOOD, new)
    made = apply(actor=ground.keeper, run=run, rows=rows, at=AT)

    assert [(row, column, warns) for row, column, _words, warns in problems] == [(3, "organisation", True)]
    with scope.everything():
        first, second = Offer.objects.order_by("pk")
        assert (first.state, first.reach, first.reach_metres, first.cost_fen) == ("active", "radius", 2000, 1250)
        assert (first.organisation_id, first.seats, str(first.until_on)) == (ground.firm.pk, 15, "2026-12-31")
        assert first.weekly_times.count() == 2
        assert (second.state, second.organisation.name) == ("offered", "剪之家")
        link = OrganisationCommunity.objects.filter(organisation=second.organisation, community=ground.community)
        assert link.exists()
    assert differences() == []
    undo(actor=ground.keeper, run=run, ids=made, at=AT)

    with scope.everything():
        assert not Offer.objects.exists()
        assert Organisation.objects.filter(name="剪之家").exists()
    assert differences() == []


def test_what_was_assured_since_is_not_taken_back() -> None:
    ground = make_ground()
    run = run_of(ground)
    rows, _problems = read(ground, run, GOOD)
    made = apply(actor=ground.keeper, run=run, rows=rows, at=AT)
    offers.assure(actor=ground.keeper, offer=made[0], at=AT)

    with pytest.raises(runs.SomethingDepends):
        undo(actor=ground.keeper, run=run, ids=made, at=AT)


def test_second_import_from_the_same_source_changes_instead_of_doubling() -> None:
    ground = make_ground()
    known = GOOD | {"source": "hsds", "source_id": "s-1"}
    rows, _problems = read(ground, run_of(ground), known)
    apply(actor=ground.keeper, run=run_of(ground), rows=rows, at=AT)

    again, problems = read(ground, run_of(ground), known | {"title": "改名"}, known)
    made = apply(actor=ground.keeper, run=run_of(ground), rows=again, at=AT)

    assert [problem[3] for problem in problems] == [True, False]  # told of the change; the third row is a double
    assert made == []
    with scope.everything():
        assert [row.title for row in Offer.objects.all()] == ["改名"]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("title", {"title": ""}),
        ("seats", {"seats": "-5"}),
        ("seats", {"seats": "很多"}),
        ("kind", {"kind": "空气"}),
        ("every", {"every": "每天"}),
        ("categories", {"categories": "Z99"}),
        ("weekly", {"weekly": "天天都行"}),
        ("reach", {"reach": "月球"}),
        ("reach", {"reach": "-3"}),
        ("until_on", {"until_on": "2026-02-01"}),
        ("from_on", {"from_on": "2026-13-01"}),
        ("cost", {"cost": "随缘"}),
        ("assured_on", {"assured_on": "2027-01-01"}),
        ("organisation", {"organisation": ""}),
        ("community", {"community": "别的社区"}),
        ("needs_venue", {"needs_venue": "也许"}),
    ],
)
def test_wrong_cell_gets_one_sentence(column, values) -> None:
    ground = make_ground()

    rows, problems = read(ground, run_of(ground), GOOD | values)

    assert rows == []
    assert [(problem[1], problem[3]) for problem in problems] == [(column, False)]


def test_clean_row_survives_its_json_and_cells_read_back() -> None:
    ground = make_ground()
    rows, _problems = read(ground, run_of(ground), GOOD)
    content = rows[0].content

    assert unpacked(packed(content)) == content
    assert imports.RUN_KIND.unpack(json.loads(json.dumps(plain(list(rows[0]))))) == rows[0]
    assert offer_cells.read_weekly(offer_cells.weekly_words(content.weekly)) == list(content.weekly)
    assert offer_cells.read_reach(offer_cells.reach_words("radius", 1500)) == ("radius", 1500)
    assert offer_cells.read_reach(offer_cells.reach_words("district", None)) == ("district", None)
    assert offer_cells.read_day(str(TODAY)) == TODAY
