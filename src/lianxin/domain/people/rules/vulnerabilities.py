"""When a vulnerability fact has to be looked at again."""

from datetime import date, timedelta

REVIEW_DAYS = {
    "low_income": 183,
    "chronic_illness": 365,
    "dementia": 365,
    "bedridden": 183,
    "disabled": 730,
    "bereaved": 365,
}
OTHERWISE_DAYS = 365


def review_on(kind: str, on: date) -> date:
    """Give the day by which somebody should ask whether the fact still holds."""
    return on + timedelta(days=REVIEW_DAYS.get(kind, OTHERWISE_DAYS))
