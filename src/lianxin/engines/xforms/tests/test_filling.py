"""Answers go in, problems come out, documents are written and read again without loss."""

import json
from datetime import UTC, datetime
from itertools import count

import pytest

from lianxin.engines.xforms import (
    BadForm,
    BadSubmission,
    Form,
    Instance,
    NoSuchQuestion,
    NotSettable,
    OtherForm,
    begin,
    content_digest,
    form_of,
    instance_id_of,
    problems,
    read_sheets,
    read_xform,
    read_xml,
    to_xml,
    view,
)
from lianxin.engines.xforms.evaluation import Evaluator
from lianxin.engines.xforms.grammar import Ast
from lianxin.engines.xforms.nodes import Node
from lianxin.engines.xforms.tests.tables import FORMS, form_file
from lianxin.engines.xforms.tests.test_workbooks import survey

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def form_named(stem: str) -> Form:
    """A sample form."""
    form = read_sheets(form_file(next(path for path in FORMS if path.stem == stem))[0]).form
    assert form is not None
    return form


def fresh(form: Form) -> Instance:
    """A form begun at a fixed noon."""
    numbers = count(1)
    return begin(form, at=NOON, uuid=lambda: f"id-{next(numbers)}")


def read(form: Form, xml: str | bytes) -> Instance:
    """A received document."""
    return read_xml(form, xml, at=NOON, uuid=lambda: "other")


class Counting(Evaluator):
    """Counts the expressions that it is asked for."""

    asked = 0

    def text(self, ast: Ast, node: Node) -> str:
        Counting.asked += 1
        return super().text(ast, node)

    def truth(self, ast: Ast, node: Node) -> bool:
        Counting.asked += 1
        return super().truth(ast, node)


@pytest.mark.parametrize(
    ("path", "typed", "code", "kept"),
    [
        ("/data/weight", "很重", "not_a_number", "很重"),
        ("/data/whole", "3.7", "not_an_integer", "3.7"),
        ("/data/whole", "99999999999", "too_large", "99999999999"),
        ("/data/place", "91 0", "not_a_place", "91 0"),
        ("/data/place", "家里", "not_a_place", "家里"),
    ],
)
def test_what_cannot_be_taken_is_shown_again_with_its_problem(path: str, typed: str, code: str, kept: str) -> None:
    instance = fresh(form_named("14-kinds"))

    instance.set(path, typed)

    (shown,) = [one for one in view(instance) if one.path == path]
    assert (shown.value, shown.problem and shown.problem.code) == (kept, code)
    assert instance.find(path).value == ""


def test_full_width_figures_are_figures() -> None:
    instance = fresh(form_named("14-kinds"))

    instance.set("/data/whole", "８３")
    instance.set("/data/weight", " ６０．５ ")

    assert instance.find("/data/whole").value == "83"
    assert instance.find("/data/weight").value == "60.5"


def test_choice_that_is_not_offered_is_a_problem() -> None:
    instance = fresh(form_named("02-cascade"))
    instance.set("/data/city", "st")

    instance.set("/data/town", "fx")

    assert [(one.path, one.code) for one in problems(instance)] == [("/data/town", "unknown_choice")]


def test_two_of_a_single_choice_are_a_problem() -> None:
    instance = fresh(form_named("02-cascade"))

    instance.set("/data/city", ["st", "cz"])

    assert ("/data/city", "unknown_choice") in [(one.path, one.code) for one in problems(instance)]


def test_wrong_paths_and_calculated_questions_are_refused() -> None:
    instance = fresh(form_named("03-children"))

    for path in ("/data/nobody", "/data/kid[9]/name", "/data/kid[0]/name", "/data/kid[x]/name", "/other", ""):
        with pytest.raises(NoSuchQuestion):
            instance.set(path, "x")
    for path in ("/data/kids", "/data/kid[1]", "/data/told"):
        with pytest.raises(NotSettable):
            instance.set(path, "x")
    for path in ("/data/family", "/data/kid[1]/name"):
        with pytest.raises(NotSettable):
            instance.remove_repetition(path)
    with pytest.raises(NotSettable):
        fresh(form_named("04-counted")).add_repetition("/data/person")


def test_repetitions_end_at_two_hundred() -> None:
    counted, free = fresh(form_named("04-counted")), fresh(form_named("03-children"))

    counted.set("/data/n", "1000000000")
    for _ in range(199):
        free.add_repetition("/data/kid")

    assert len(counted.find("/data").by_name["person"]) == 200
    with pytest.raises(NotSettable):
        free.add_repetition("/data/kid")


def test_document_comes_back_as_it_was_with_rare_characters() -> None:
    form = form_named("03-children")
    instance = fresh(form)
    instance.set("/data/family", "𠮷田 & <林>\r\n「第二行」\t\u0000\ud800")
    instance.add_repetition("/data/kid")
    instance.set("/data/kid[2]/name", "👵🏽𫝆")
    instance.set("/data/kid[2]/age", "7")

    xml = to_xml(instance)
    again = read(form, xml.encode())

    assert again.find("/data/family").value == "𠮷田 & <林>\n「第二行」\t"
    assert again.find("/data/kid[2]/name").value == "👵🏽𫝆"
    assert to_xml(again) == xml
    assert again.unknown == []
    assert content_digest(again) == content_digest(instance)
    assert instance_id_of(xml) == ("uuid:id-1", "")
    assert form_of(xml) == ("children", "3")


def test_digest_is_of_what_is_said() -> None:
    form = form_named("03-children")
    instance = fresh(form)
    instance.set("/data/family", "林")
    xml = to_xml(instance)
    other_writing = (
        xml.replace("><", ">\n  <")
        .replace("<data ", "<d:data xmlns:d='http://x' ")
        .replace("</data>", "</d:data>")
        .replace("uuid:id-1", "uuid:other")
    )
    instance.set("/data/family", "陈")

    assert content_digest(read(form, other_writing)) == content_digest(read(form, xml))
    assert content_digest(instance) != content_digest(read(form, xml))


def test_edited_document_names_the_one_it_replaces() -> None:
    instance = fresh(form_named("03-children"))

    xml = to_xml(instance, instance_id="uuid:new", deprecated_id="uuid:old")

    assert instance_id_of(xml) == ("uuid:new", "uuid:old")


def test_received_values_are_kept_and_checked() -> None:
    form = form_named("03-children")
    xml = (
        '<data id="children" version="3"><family>林</family><kid><name/><age>二十</age><number>7</number></kid>'
        "<kids>99</kids><strange>x</strange><meta><instanceID>uuid:a</instanceID><userID>w</userID></meta></data>"
    )

    instance = read(form, xml)

    assert instance.find("/data/kids").value == "99"
    assert instance.find("/data/kid[1]/number").value == "7"
    assert instance.unknown == ["/data/strange"]
    assert [(one.path, one.code) for one in problems(instance)] == [
        ("/data/kid[1]/name", "required"),
        ("/data/kid[1]/age", "not_an_integer"),
    ]


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<data",
        f'{BOMB}<data id="children">&b;</data>',
        '<!DOCTYPE d SYSTEM "file:///etc/passwd"><data id="children"/>',
        b"\xff\xfe\x00",
        f'<data id="children">{"<a>" * 50}{"</a>" * 50}</data>',
        f'<data id="children">{"x" * (6 << 20)}</data>',
    ],
    ids=["empty", "broken", "entities", "outside", "bytes", "deep", "large"],
)
def test_hostile_documents_are_refused(xml: str | bytes) -> None:
    with pytest.raises(BadSubmission):
        read(form_named("03-children"), xml)


def test_hostile_forms_are_refused() -> None:
    for xml in (f"{BOMB}<html>&b;</html>", "<html/>", "nothing"):
        with pytest.raises(BadForm):
            read_xform(xml)


def test_document_of_another_form_or_version_is_refused() -> None:
    form = form_named("03-children")

    for head in ('id="visit" version="3"', 'id="children" version="2"', 'id="children"'):
        with pytest.raises(OtherForm):
            read(form, f"<data {head}><family/></data>")


def test_start_end_and_device_are_noted() -> None:
    form = form_named("01-visit")
    instance = begin(form, at=NOON, uuid=lambda: "1", device="phone-7")

    instance.finish(datetime(2026, 11, 23, 4, 30, tzinfo=UTC))

    values = [instance.find(f"/data/{name}").value for name in ("start", "end", "today", "deviceid")]
    assert values == ["2026-11-23T12:00:00.000+08:00", "2026-11-23T12:30:00.000+08:00", "2026-11-23", "phone-7"]


def test_view_nests_groups_and_repetitions() -> None:
    instance = fresh(form_named("05-nested"))

    (house,) = view(instance)
    (first,) = house.children
    door, people = first.children

    assert (house.kind, house.can_add, first.kind, first.can_remove, first.path) == (
        "repeat",
        True,
        "repetition",
        True,
        "/data/house[1]",
    )
    assert (door.path, door.depth, people.path) == ("/data/house[1]/door", 2, "/data/house[1]/person")


def test_form_survives_as_json() -> None:
    for path in FORMS:
        form = read_sheets(form_file(path)[0]).form
        assert form is not None

        again = Form.from_json(json.loads(json.dumps(form.to_json(), ensure_ascii=False)))

        assert again == form


def test_form_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 99"):
        Form.from_json(form_named("01-visit").to_json() | {"format": 99})


def test_answer_costs_only_what_depends_on_it() -> None:
    rows = [{"type": "integer", "name": "q0", "label": "问"}]
    for number in range(1, 1000):
        relevant = f"${{q{number - 1}}} > 0 or {number} > 0"
        rows.append({"type": "integer", "name": f"q{number}", "label": f"问{number}", "relevant": relevant})
    rows.append({"type": "calculate", "name": "sum", "calculation": "${q0} + ${q999}"})
    form = read_sheets(survey(*rows)).form
    assert form is not None
    assert len(view(fresh(form))) == 1000

    instance = fresh(form)
    instance.evaluator = Counting(instance.world, form.documents, instance.name_of_choice)

    instance.set("/data/q500", "2")
    after_the_first = Counting.asked
    instance.set("/data/q999", "2")

    assert (after_the_first, Counting.asked) == (1, 2)
