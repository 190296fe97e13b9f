"""Reads or fills a template in a process of its own: what this needs to load is not kept by servers and workers.

python -m lianxin.insight.word read TEMPLATE            → {"names": […], "rows": […]} or {"unfit": CODE, …}
python -m lianxin.insight.word fill TEMPLATE CONTENT OUT → lines "DONE TOTAL", then the same
"""

import json
import resource
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lianxin.insight.word.filling import fill
from lianxin.insight.word.templates import Unfit
from lianxin.insight.word.trial import try_template

CPU_SECONDS, MEMORY_BYTES = 120, 2 * 1024**3


def answer(words: Sequence[str], told: Callable[[int, int], None]) -> dict[str, Any]:
    """Read or fill, and give what there is to say."""
    template = Path(words[1]).read_bytes()
    try:
        if words[0] == "read":
            asked = try_template(template)
            return {"names": sorted(asked.names), "rows": sorted(asked.rows)}
        content = json.loads(Path(words[2]).read_text(encoding="utf-8"))
        Path(words[3]).write_bytes(fill(template, content, told=told))
    except Unfit as unfit:
        return {"unfit": unfit.code, **unfit.values}
    return {}


def _tell(done: int, total: int) -> None:
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


def main() -> None:
    """Do what the command line asks for."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    sys.stdout.write(json.dumps(answer(sys.argv[1:], _tell), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
