"""Reading a survey's workbook where it harms nobody, and giving its form the names under which devices know it."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from lianxin.domain.needs.rules.surveys import forced_evidence
from lianxin.engines.xforms import Form
from lianxin.platform.errors import Invalid, TooLarge

LONGEST_ID = 64
MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 60
_ID = re.compile(r"[\w.:\-]{1,64}")
_ROOT = re.compile(r"(<instance>\s*<[\w:.\-]+)([^>]*?)(/?>)")
_NAMED = re.compile(r"""\s(?:id|version)\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Spot:
    """Something in a workbook that is wrong, or worth a second look, said in the reader's language."""

    sheet: str
    row: int | None
    column: str
    words: str
    refuses: bool = True

    @property
    def place(self) -> str:
        """Say where it stands."""
        parts = [
            _("sheet %(name)s") % {"name": self.sheet} if self.sheet else "",
            _("row %(number)d") % {"number": self.row} if self.row else "",
            _("column %(name)s") % {"name": self.column} if self.column else "",
        ]
        return _(", ").join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """Say where it stands and what it is."""
        place = self.place
        return _("%(place)s: %(words)s") % {"place": place, "words": self.words} if place else self.words


class WorkbookRefused(Invalid):
    """The workbook is no questionnaire that is carried out; `spots` names every cell that is wrong."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.spots = list(spots)
        super().__init__(fields={"workbook": [spot.sentence for spot in self.spots]})


@dataclass(frozen=True, slots=True)
class Read:
    """A workbook that can be carried out: its form, its XForm and what is worth a second look."""

    form: dict[str, Any]
    xform: str
    spots: tuple[Spot, ...] = ()

    @property
    def digest(self) -> str:
        """Give the digest by which devices know whether a form changed; OpenRosa's form list asks for MD5."""
        return hashlib.md5(self.xform.encode(), usedforsecurity=False).hexdigest()


def read(*, workbook: bytes) -> Read:
    """Read a workbook in a process with little memory and time; raises WorkbookRefused, a sentence for each cell."""
    if len(workbook) > MOST_BYTES:
        raise TooLarge(_("The workbook is larger than 10 MB: it cannot be a questionnaire."))
    if not workbook:
        raise WorkbookRefused([Spot("", None, "", _("Choose a workbook."))])
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lianxin.domain.needs.rules.workbook_reader"],
            input=workbook,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_SECONDS,
            check=False,
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        words = _("The workbook cannot be read with the memory and time that a questionnaire may take.")
        raise WorkbookRefused([Spot("", None, "", words)])
    spots = tuple(
        Spot(one["sheet"], one["row"], one["column"], _said(one), one["refuses"]) for one in found["findings"]
    )
    if found["form"] is None:
        raise WorkbookRefused([spot for spot in spots if spot.refuses])
    form = Form.from_json(found["form"])
    if not _ID.fullmatch(form.id):
        words = _("Give a form_id of at most 64 letters, digits, dots, hyphens and underscores.")
        raise WorkbookRefused([Spot("settings", 2, "form_id", words)])
    if len(form.version) > LONGEST_ID:
        words = _("At most %(most)d characters.") % {"most": LONGEST_ID}
        raise WorkbookRefused([Spot("settings", 2, "version", words)])
    if forced := forced_evidence(form):
        words = _("A photo or a position may always be left out. Take “required” away from %(names)s.")
        raise WorkbookRefused([Spot("survey", None, "required", words % {"names": _(", ").join(forced)})])
    return Read(found["form"], found["xform"], spots)


def named(found: Read, *, form_id: str, version: str) -> Read:
    """Give the form under another id and version, in both ways in which it is kept."""
    if (found.form["id"], found.form["version"]) == (form_id, version):
        return found
    told = f" id={quoteattr(form_id)}" + (f" version={quoteattr(version)}" if version else "")
    xform = _ROOT.sub(lambda at: f"{at[1]}{told}{_NAMED.sub('', at[2])}{at[3]}", found.xform, count=1)
    return replace(found, form=found.form | {"id": form_id, "version": version}, xform=xform)


def _said(finding: dict[str, Any]) -> str:
    message: str = finding["message"]
    return _(message) % finding["params"]
