"""Reads one XLSX in a process of its own and prints its rows as JSON lines; a hostile file harms nobody else.

Run as `python -m lianxin.platform.sheet_reader FILE`. Cells become text; a number of more than 15 digits, whose last
digits the spreadsheet has already lost, is marked with a leading "≈".
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_LIMIT = 1_500 * 1024 * 1024
CPU_LIMIT_SECONDS = 300
LOST_DIGITS = "≈"


def as_text(cell: Any) -> str:
    """Give a cell's value as a person would read it."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float | int):
        if abs(cell) >= 1e15:
            return f"{LOST_DIGITS}{cell:.0f}"
        return str(int(cell)) if float(cell).is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return str(cell)


def main(path: str) -> int:
    """Print the first sheet's rows; exit 3 for a file that is no workbook, 4 for a locked one, 5 for an empty one."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_SECONDS, CPU_LIMIT_SECONDS))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheet = workbook.get_sheet_by_index(0)
    except PasswordError:
        return 4
    except (CalamineError, OSError, MemoryError, IndexError):
        return 3
    write = sys.stdout.write
    rows = 0
    for row in sheet.iter_rows():
        write(json.dumps([cell if type(cell) is str else as_text(cell) for cell in row], ensure_ascii=False) + "\n")
        rows += 1
    return 0 if rows else 5


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1]))
    except MemoryError:
        sys.exit(3)
