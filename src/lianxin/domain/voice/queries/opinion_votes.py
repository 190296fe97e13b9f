"""The votes of an opinion map that count: of each voter on each statement that is shown, the latest."""

from uuid import UUID

from lianxin.domain.voice.models import Opinion, Statement


def latest_of(opinion_map: UUID) -> dict[tuple[int, int], int]:
    """Give (number of the voter, number of the statement) to 1, 0 or -1; what moderators took out is not in it."""
    rows = Opinion.objects.filter(statement__map=opinion_map, statement__state=Statement.State.SHOWN)
    found: dict[tuple[int, int], int] = {}
    ordered = rows.order_by("said_at", "pk").values_list("voter__number", "statement__number", "value")
    for voter, statement, value in ordered.iterator(chunk_size=5000):
        found[voter, statement] = value
    return found
