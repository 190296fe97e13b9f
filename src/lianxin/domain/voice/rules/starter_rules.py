"""The rules that hold where nobody has adopted any: small matters simply, urgent ones fast, hard ones by all."""

from datetime import date
from typing import Any

NAME = "起步规则：小事简议、快事快议、难事众议"
ADOPTED = "系统自带，供尚未通过自己规则的地方使用"
VALID_FROM = date(2024, 1, 1)

# The first that holds decides. Words are those that people here say, so they are Chinese.
CRITERIA: list[dict[str, Any]] = [
    {"code": "danger", "when": {"danger": True}, "tier": "fast"},
    {
        "code": "danger_words",
        "when": {
            "words": ["漏电", "触电", "起火", "冒烟", "煤气味", "燃气泄漏", "漏煤气", "困在电梯", "塌", "井盖没了"]
        },
        "tier": "fast",
    },
    {
        "code": "cut_off",
        "when": {"subject": ["water_power", "lift"], "words": ["停水", "停电", "没水", "没电", "爆管", "停运", "困人"]},
        "tier": "fast",
    },
    {
        "code": "owners_decide",
        "when": {"words": ["加装电梯", "装电梯", "维修资金", "更换物业", "换物业", "业主大会", "拆除重建"]},
        "tier": "full",
    },
    {"code": "several_sides", "when": {"parties": 3}, "tier": "full"},
    {"code": "many_voices", "when": {"voices": 10}, "tier": "full"},
]
TERMS: dict[str, dict[str, int]] = {
    "simple": {"days": 7},
    "fast": {"hours": 24},
    "full": {"days": 15},
    "danger": {"hours": 2},
}
LIMITS: dict[str, Any] = {
    "confirm_days": 7,
    "reopen_days": 30,
    "urge_every_days": 3,
    "urge_most": 5,
    "lift_to": {"simple": "full", "fast": "full"},
}
