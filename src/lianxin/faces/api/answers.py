"""What operations answer besides success: RFC 9457 problems, the same everywhere."""

from typing import Any

from ninja import Schema

PROBLEMS = frozenset({400, 401, 403, 404, 409, 410, 413, 422, 429})


class ProblemOut(Schema):
    """A problem (RFC 9457): `detail` is a sentence for a person, `errors` holds sentences by parameter."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: dict[str, list[str]] = {}


def answers(success: Any) -> dict[Any, Any]:
    """Give the answers of an operation whose success has this schema."""
    return {200: success, PROBLEMS: ProblemOut}
