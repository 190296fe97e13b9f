"""Writes the sample forms as XForms, with their steps and the table of expressions, for `answers.mjs`.

How the fixture is made anew (needs Node 20 or later; no test needs it):

    cp -r scripts/xforms_fixture /tmp/fixture && (cd /tmp/fixture && npm install)
    PYTHONPATH=src python scripts/xforms_fixture/prepare.py > /tmp/fixture/questions.json
    (cd /tmp/fixture && node answers.mjs questions.json) > src/lianxin/engines/xforms/tests/fixtures/answers.json

Left out of the table, because the engine of that version differs from the specifications of XPath or ODK, or from ODK
Collect, and ours keeps to those: two minus signs in a row and unions (it reads neither), `and` and `or` of what is no
truth used as text, a position in brackets after more than one parent, `normalize-space` with a single tab,
`substring-after` with more than one letter, Sundays in `format-date`, lengths of characters beyond the Basic
Multilingual Plane, hexadecimal numbers, text of blanks as the number 0, `format-date` of a number, and years with
summer time.
"""

import json
import sys

from lianxin.engines.xforms.tests.tables import FIXTURES, FORMS, form_file
from lianxin.engines.xforms.workbook import convert, read_sheets

NOW = "2026-11-23T09:30:15.257+08:00"


def main() -> None:
    """Print the questions."""
    forms = {}
    for path in [*FORMS, FIXTURES / "table.md"]:
        sheets, steps = form_file(path)
        if refused := [str(finding) for finding in read_sheets(sheets).findings if finding.refuses]:
            sys.exit(f"{path.name}: {refused}")
        forms[path.stem] = {"xform": convert(sheets), "steps": [[*step, "", ""][:3] for step in steps]}
    lines = (FIXTURES / "expressions.txt").read_text("utf-8").splitlines()
    expressions = [line.split("\t") for line in lines if line]
    print(json.dumps({"now": NOW, "forms": forms, "expressions": expressions}, ensure_ascii=False))


main()
