"""Which household a flat of a register belongs to: whoever lives there and is among its owners may vote on a page."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models import Household
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found
from lianxin.domain.voice.models import AssentRegister, RegisterFlat
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing


@command("voice.link_flat")
def link_flat(*, actor: Actor, flat_row: UUID, household: str, at: datetime, key: UUID | None = None) -> RegisterFlat:
    """Link a flat to the household of its owners by number, or to none; a fixed register takes it too.

    Flats, areas and owners say who has a say, and stay as they were fixed; the link only says who may vote on a page.
    """
    of = RegisterFlat.objects.filter(pk=flat_row).values_list("register_id", flat=True).first()
    if of is None:
        raise Missing
    register: AssentRegister = found.locked(AssentRegister, of)
    policy.require(policy.may_keep(actor, register.community_id))
    row: RegisterFlat = found.locked(RegisterFlat, flat_row)
    number = household.strip()
    home = Household.objects.filter(community=register.community_id, number=number).first() if number else None
    if number and home is None:
        raise Invalid(fields={"household": [_("There is no household with this number.")]})
    row.household = home
    row.save(update_fields=["household"])
    act().target(register, "flat linked", {"flat": [None, row.flat]})
    return row
