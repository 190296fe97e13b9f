"""Reads one survey workbook in a process of its own and prints what came of it; a hostile file harms nobody else.

Run as `python -m lianxin.domain.needs.rules.workbook_reader` with the workbook on standard input.
"""

import json
import resource
import sys

MEMORY_LIMIT = 1_200 * 1024 * 1024
CPU_LIMIT_SECONDS = 40
OUT_OF_MEMORY = 3


def main() -> int:
    """Print the form, its XForm and all findings as one JSON object; exit 3 where the memory is not enough."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_SECONDS, CPU_LIMIT_SECONDS))
    from lianxin.engines.xforms import read_workbook

    reading = read_workbook(sys.stdin.buffer.read())
    findings = [
        {
            "sheet": one.sheet,
            "row": one.row,
            "column": one.column,
            "message": one.reason.message,
            "params": dict(one.reason.params),
            "refuses": one.refuses,
        }
        for one in reading.findings
    ]
    form = None if reading.form is None else reading.form.to_json()
    json.dump({"form": form, "xform": reading.xform, "findings": findings}, sys.stdout)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (MemoryError, RecursionError):
        sys.exit(OUT_OF_MEMORY)
