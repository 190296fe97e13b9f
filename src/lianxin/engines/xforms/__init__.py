"""Questionnaires written as XLSForm workbooks: read, checked, filled, written and read again as XML.

Pure: the clock, identifiers and chance are handed in. pyxform is loaded only by `read_workbook`.

    reading = read_workbook(data)                 # Reading(form, xform, findings); form is None if something is refused
    form = Form.from_json(reading.form.to_json()) # plain data: what a SurveyVersion keeps and what a phone is given
    filled = begin(form, at=now, uuid=make_uuid, language="中文 (zh)")
    filled.set("/data/age", "83")                 # what cannot be taken is kept and shown as a problem
    filled.add_repetition("/data/child"); filled.remove_repetition("/data/child[1]")
    view(filled)                                  # what is shown now: Shown(path, label, value, choices, problem, …)
    problems(filled)                              # Problem(path, code, message), all of them
    filled.finish(at=now); to_xml(filled)         # the document that an ODK client would send
    read_xml(form, xml, at=now, uuid=make_uuid)   # raises BadSubmission or OtherForm
    content_digest(filled)                        # of what is said, not of how it is written

Expressions are trees of plain lists inside the form (`grammar`), with the order of calculation worked out beforehand
(`dependencies`), so that `faces/kit/static/lianxin/xforms.js` evaluates the same form offline.

Where ODK's own programs disagree with one another or with XPath, this engine does as follows:
- a regular expression may match any part of the answer, as in ODK Web Forms (Collect compares the whole: noted);
- a number that is none is written as nothing, `and`/`or` give a truth, positions in brackets count below each parent;
- letters are counted as people count them, also those beyond the Basic Multilingual Plane;
- dates lie at one fixed distance from UTC, so that differences of dates are whole days in every year;
- a calculation that refers to itself is refused, except through `.` or `once()`.
"""

from lianxin.engines.xforms.definitions import Form
from lianxin.engines.xforms.findings import Finding
from lianxin.engines.xforms.instance import Instance, NoSuchQuestion, NotSettable, begin
from lianxin.engines.xforms.submission import (
    BadSubmission,
    OtherForm,
    content_digest,
    form_of,
    instance_id_of,
    read_xml,
    to_xml,
)
from lianxin.engines.xforms.view import Choice, Problem, Shown, problems, view
from lianxin.engines.xforms.workbook import Reading, read_sheets, read_workbook
from lianxin.engines.xforms.xform import BadForm, read_xform

__all__ = [
    "BadForm",
    "BadSubmission",
    "Choice",
    "Finding",
    "Form",
    "Instance",
    "NoSuchQuestion",
    "NotSettable",
    "OtherForm",
    "Problem",
    "Reading",
    "Shown",
    "begin",
    "content_digest",
    "form_of",
    "instance_id_of",
    "problems",
    "read_sheets",
    "read_workbook",
    "read_xform",
    "read_xml",
    "to_xml",
    "view",
]
