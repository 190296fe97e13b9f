"""Questionnaires as tables in text files: a sheet's name alone in a row, its rows below; `steps` fill it."""

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"
FORMS = sorted((FIXTURES / "forms").glob("*.md"))

Sheets = dict[str, list[list[str]]]


def sheets_of(text: str) -> Sheets:
    """Give the sheets of a table."""
    sheets: Sheets = {}
    rows: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith("|"):
            continue
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if cells[0]:
            rows = sheets.setdefault(cells[0], [])
        else:
            rows.append(cells[1:])
    return sheets


def form_file(path: Path) -> tuple[Sheets, list[list[str]]]:
    """Give a sample form's sheets and the steps of filling it."""
    sheets = sheets_of(path.read_text("utf-8"))
    return sheets, sheets.pop("steps", [])


def fixture(name: str) -> Any:
    """Read a fixture."""
    return json.loads((FIXTURES / name).read_text("utf-8"))
