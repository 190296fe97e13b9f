"""Who the caller is to the program."""

from uuid import UUID

from ninja import Router, Schema

from lianxin.faces.api.answers import answers
from lianxin.faces.api.security import logged_in

router = Router()


class Me(Schema):
    """The actor as the program sees it; `communities` is null for the whole district."""

    account: UUID
    name: str
    role: str
    roles: list[str]
    communities: list[UUID] | None


@router.get("/", response=answers(Me), auth=logged_in, summary="Who am I")
def whoami(request):  # type: ignore[no-untyped-def]
    """Give the caller's roles and communities."""
    actor = request.actor
    return Me(
        account=actor.account,
        name=actor.name,
        role=actor.role,
        roles=sorted(actor.roles),
        communities=None if actor.communities is None else sorted(actor.communities),
    )
