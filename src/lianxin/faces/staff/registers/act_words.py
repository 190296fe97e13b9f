"""What the acts of registers are called in the audit log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy as _

ACTS: dict[str, Any] = {
    "insight.ask_for_registers": _("act", "Asked for registers as a workbook"),
}
