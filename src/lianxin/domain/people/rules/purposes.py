"""The purposes and consent texts that the program ships."""

import json
from pathlib import Path
from typing import Any

REGISTER = Path(__file__).resolve().parents[1] / "data" / "purposes.json"


def read_register() -> dict[str, Any]:
    """Give the purposes and the first version of their texts."""
    register: dict[str, Any] = json.loads(REGISTER.read_text(encoding="utf-8"))
    return register
