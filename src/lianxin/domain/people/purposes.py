"""The purpose register and first consent texts that the program ships."""

import json
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parent / "data" / "purposes.json"


def shipped_register() -> dict[str, Any]:
    """Read the shipped purposes and texts, for `commands.consents.load_purposes`."""
    register: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return register
