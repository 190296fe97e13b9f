"""The file format: read, refused in sentences, written, and described by a schema."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from bench.matching_districts import monthly_district, weekly_district
from lianxin.engines.matching.fields import BadFile
from lianxin.engines.matching.measures import digest
from lianxin.engines.matching.model.plan import UNSERVED_REASONS
from lianxin.engines.matching.model.problem import Parameters
from lianxin.engines.matching.reading import problem_from, read_problem
from lianxin.engines.matching.runs import match
from lianxin.engines.matching.tests.small import Clock, content, need, offer, room
from lianxin.engines.matching.writing import write_result

ROOT = Path(__file__).resolve().parents[5]
SCHEMA = json.loads((ROOT / "data/matching.schema.json").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs/matching-format.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("drawn", [weekly_district, monthly_district])
def test_drawn_districts_keep_to_the_schema_and_come_out_alike(drawn) -> None:
    first, second = (drawn(5, communities=9, needs=60, offers=25) for _ in range(2))

    assert first == second != drawn(6, communities=9, needs=60, offers=25)
    jsonschema_rs.validator_for(SCHEMA).validate(first)
    assert len(problem_from(first).needs) == 60


def test_the_schema_and_the_guide_name_every_parameter_and_reason() -> None:
    names = set(Parameters.__dataclass_fields__)

    assert set(SCHEMA["properties"]["parameters"]["properties"]) == names
    assert [name for name in [*names, *UNSERVED_REASONS] if f"`{name}`" not in GUIDE] == []


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("capacity must be a whole number from 0 to 1000000000, not -3", {"offers": [offer("o", capacity=-3)]}),
        ("Need a: the category 'Z99' is not in this file", {"needs": [need("a", category="Z99")]}),
        ("Need a: the community 'c9' is not in this file", {"needs": [need("a", "c9")]}),
        ("needs: the id a stands 2 times", {"needs": [need("a"), need("a", "c1")]}),
        ("'capasity' is not a field of this format", {"offers": [offer("o", capasity=3)]}),
        ("'need' is not a part of this format", {"need": []}),
        ("people must be a whole number from 1 to 1000000000, not 1.5", {"needs": [need("a", people=1.5)]}),
        ("people must be a whole number from 1 to 1000000000, not True", {"needs": [need("a", people=True)]}),
        ("lat must be a number from -90 to 90, not 116.7", {"communities": [{"id": "c", "lng": 23, "lat": 116.7}]}),
        ("kept 3 of 2 promised", {"offers": [offer("o", kept=3, promised=2)]}),
        ("its minimum of 5 is more than its capacity of 1", {"offers": [offer("o", minimum=5)]}),
        ("the time 'noon' is not in this file", {"needs": [need("a", times=["noon"])]}),
        ("would forbid everything", {"forbidden": [{}]}),
        ("kind must be weekly or monthly, not 'yearly'", {"kind": "yearly"}),
        ("reads version 1 of the format; the file says 7", {"version": 7}),
        ("it must say \"format\"", {"format": "else"}),
        ("needs must be a list", {"needs": {}}),
        ("needs[0] must be an object", {"needs": [3]}),
        ("neighbours[0] must be a pair of two different communities", {"neighbours": [["c0", "c0"]]}),
        ("fairness_tiers must be a whole number from 1", {"parameters": {"fairness_tiers": 0}}),
        ("level_fit must be three numbers", {"parameters": {"level_fit": [1, 2]}}),
        (
            "Locks give offer o 2 people; it takes 1",
            {
                "needs": [need("a"), need("b")],
                "offers": [offer("o")],
                "locks": [{"offer": "o", "need": "a"}, {"offer": "o", "need": "b"}],
            },
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(sentence: str, changed: dict) -> None:
    with pytest.raises(BadFile) as caught:
        read_problem(json.dumps(content(**changed)))

    assert any(sentence in line for line in caught.value.sentences), caught.value.sentences


LOCK = {"offer": "o", "category": "D01", "community": "c0", "slot": "sat1"}


@pytest.mark.parametrize(
    ("sentence", "locks"),
    [
        ("the slot 'never' is not in this file", [LOCK | {"slot": "never"}]),
        ("does not do 'C04'", [LOCK | {"category": "C04"}]),
        ("is not there in slot sun1", [LOCK | {"slot": "sun1"}]),
        ("in 2 places at once", [LOCK, LOCK | {"community": "c1"}]),
        ("holds offer o 2 times; it comes 1 times", [LOCK, LOCK | {"community": "c1"}]),
        ("venue r0 is not in community c1", [LOCK | {"community": "c1", "venue": "r0"}]),
        ("need 1 venues in community c2 in slot sat1; 0 are free", [LOCK | {"community": "c2"}]),
    ],
)
def test_locks_that_cannot_be_kept_are_said_in_a_sentence(sentence: str, locks: list) -> None:
    given = content(
        "monthly",
        offers=[offer("o", needs_venue=True, times=["sat"])],
        venues=[room("r0"), room("r1", "c1")],
        locks=locks,
    )

    with pytest.raises(BadFile, match=sentence.replace("holds", "hold")):
        problem_from(given)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("not a JSON file: line 1", "{"),
        ("bytes are not UTF-8", b'{"\xff": 1}'),
        ("holds NaN, which is no number", '{"a": NaN}'),
        ("holds Infinity", '{"a": [Infinity]}'),
        ("'a' stands twice", '{"a": 1, "a": 2}'),
        ("outermost value must be an object", "[]"),
        ("nested too deeply", "[" * 200_000),
    ],
)  # fmt: skip
def test_what_is_no_matching_file_is_said_in_a_sentence(sentence: str, text: str | bytes) -> None:
    with pytest.raises(BadFile, match=sentence):
        read_problem(text)


def test_a_thousand_faults_do_not_bury_the_reader() -> None:
    with pytest.raises(BadFile) as caught:
        problem_from(content(needs=[need(f"n{n}", people=0) for n in range(1000)]))

    assert len(caught.value.sentences) == 51
    assert "950 more" in caught.value.sentences[-1]


def test_the_digest_is_that_of_the_content_and_not_of_its_order() -> None:
    needs = [need("a"), need("b", "c1")]
    one, other = (problem_from(content(needs=listed)) for listed in (needs, needs[::-1]))

    assert digest(one) == digest(other)
    assert digest(one) != digest(problem_from(content(needs=needs[:1])))


def test_a_result_is_written_alike_each_time_and_holds_a_reason_for_everybody() -> None:
    given = monthly_district(2, communities=9, needs=60, offers=25)

    first, second = (write_result(match(problem_from(given), cpu=Clock(0.0), seconds=0)) for _ in range(2))

    assert first == second
    written = json.loads(first)
    served = sum(sum(p["served"].values()) for p in written["proposals"])
    assert served + sum(u["people"] for u in written["unserved"]) == written["metrics"]["after"]["asked"]
    assert sum(written["metrics"]["unserved_people"].values()) == sum(u["people"] for u in written["unserved"])
    assert len(written["inputs_sha256"]) == 64
    assert written["bound"] is None
