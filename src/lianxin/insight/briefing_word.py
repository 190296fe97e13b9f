"""Reads and fills Word templates in a process of its own, and puts into words what cannot be taken."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.insight.briefing_names import wrong_names
from lianxin.platform.errors import Invalid

READ_SECONDS, FILL_SECONDS = 30, 180
MODULE = "lianxin.insight.word"
MOST_SAID = 8
SHIPPED = "briefing_templates"
FEWEST_BYTES = 100


class TemplateUnfit(Invalid):
    """A template that cannot be taken, with a sentence for each reason."""


class FillingFailed(RuntimeError):
    """The process that fills ended without a document."""


@dataclass(frozen=True)
class TemplateRead:
    """What a template asks for."""

    names: tuple[str, ...]
    rows: tuple[str, ...]

    def as_json(self) -> dict[str, list[str]]:
        """Give it as it is kept."""
        return {"names": list(self.names), "rows": list(self.rows)}


def shipped_template(kind: str) -> Path:
    """Give where the program's own template of a kind lies."""
    return Path(settings.DATA_DIR) / SHIPPED / f"{kind}.docx"


def read_template(path: Path) -> TemplateRead:
    """Read a template and try it out; raises TemplateUnfit with a sentence for each thing that is wrong."""
    said = _answer(_run("read", str(path), seconds=READ_SECONDS))
    if "unfit" in said:
        raise TemplateUnfit(_sentence(said))
    found = TemplateRead(tuple(said["names"]), tuple(said["rows"]))
    wrong = wrong_names(found.names, found.rows)
    if wrong:
        more = [_("… and %(n)d more.") % {"n": len(wrong) - MOST_SAID}] if len(wrong) > MOST_SAID else []
        sentences = [*wrong[:MOST_SAID], *more]
        raise TemplateUnfit(" ".join(sentences), fields={"file": sentences})
    return found


def fill_template(
    path: Path, content: Mapping[str, Any], *, told: Callable[[int, int], None] = lambda done, total: None
) -> bytes:
    """Fill a template with composed content; raises TemplateUnfit or FillingFailed."""
    with tempfile.TemporaryDirectory(prefix="lianxin-briefing-") as folder:
        asked, made = Path(folder) / "content.json", Path(folder) / "made.docx"
        asked.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        said = _answer(_run("fill", str(path), str(asked), str(made), seconds=FILL_SECONDS, told=told))
        if "unfit" in said:
            raise TemplateUnfit(_sentence(said))
        return made.read_bytes()


def _run(*words: str, seconds: int, told: Callable[[int, int], None] = lambda done, total: None) -> str:
    """Run the process, pass on how far it is, and give its last line."""
    # What the process needs is found where this one found it, whatever folder it was started in.
    paths = {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONUTF8": "1", "PATH": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=paths,
    )
    last = ""
    try:
        assert process.stdout is not None
        for line in process.stdout:
            last = line
            done, _space, total = line.strip().partition(" ")
            if done.isdigit() and total.isdigit():
                told(int(done), int(total))
        _out, error = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise FillingFailed(_("It took too long.")) from None
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if process.returncode or not last.startswith("{"):
        raise FillingFailed(error.strip().splitlines()[-1][:200] if error.strip() else str(process.returncode))
    return last


def _answer(line: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)
    return found


def _sentence(said: Mapping[str, str]) -> str:
    """Say why a template cannot be taken."""
    code = said["unfit"]
    plain = {
        "damaged": _("The file is damaged or locked with a password. Open it in Word and save it again as .docx."),
        "not_word": _("This is not a Word document. Save the template as .docx."),
        "not_docx": _("Save the template as an ordinary .docx document, not as .docm, .dotx or .doc."),
        "too_large": _("The template is too large when unpacked. Take large pictures out of it."),
        "macros": _("The template holds macros or embedded objects. Take them out and save it as .docx."),
        "outside": _("The template fetches pictures or other parts from elsewhere. Put them into the document itself."),
        "nested": _(
            "A loop of rows stands inside another one, or chooses among rows. Use one plain loop in each table."
        ),
        "layout": _(
            "The template could not be filled in a trial: a loop or condition begins and ends in different places. "
            "Put {%tr for … %} and {%tr endfor %} into rows of their own, {%p if … %} and {%p endif %} into "
            "paragraphs of their own."
        ),
    }
    worded = {
        "field": _("The template holds the field %(name)s, which fetches something from elsewhere. Take it out."),
        "wide": _("Placeholders stand in {{ and }} of the narrow kind. Look near “%(near)s”."),
        "syntax": _("A placeholder is not closed or is written wrong near “%(near)s”."),
        "loop": _("{%% for … in %(name)s %%} is not known; rows are repeated over one of: %(loops)s."),
        "not_taken": _("Placeholders here are plain names; %(name)s is not taken. Write {{ figure.person_times }}."),
    }
    if code in worded:
        return worded[code] % {name: said.get(name, "") for name in ("name", "near", "loops")}
    return plain.get(code) or plain["damaged"]
