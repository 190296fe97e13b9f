"""Whether an entry is met, by what its askers say of it."""

from collections.abc import Iterable

YES, PARTLY, NO = "yes", "partly", "no"


def judge(says: Iterable[str], *, now: str) -> str:
    """Give the state that an entry has after somebody said whether it was met; what nobody spoke of stays.

    More than half of those who said something say yes, and nobody says no: it is met. Somebody says no: it is open
    again, or partly met where others have something of it. What is planned stays planned until all is met.
    """
    said = [one for one in says if one]
    if not said or now == "withdrawn":
        return now
    if NO in said:
        kept = "partly" if YES in said or PARTLY in said else "open"
        return "planned" if now == "planned" else kept
    if 2 * said.count(YES) > len(said):
        return "met"
    return "planned" if now == "planned" else "partly"
