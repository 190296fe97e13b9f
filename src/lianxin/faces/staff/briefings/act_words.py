"""What the acts of briefings are called in the audit log; the district's pages say the same."""

from __future__ import annotations

from lianxin.faces.kit.briefing_acts import ACTS

__all__ = ["ACTS"]
