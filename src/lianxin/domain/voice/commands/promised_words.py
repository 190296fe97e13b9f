"""What a commitment may say: its words, its day, and who of the staff sees to it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.voice import policy
from lianxin.domain.voice.rules import commitments as rules
from lianxin.platform.clock import local_day
from lianxin.platform.errors import Invalid

LONGEST = {"words": 500, "owner_name": 80, "evidence": 500, "verifier_name": 40, "state_words": 500}
EMPTY = {
    "words": gettext_lazy("Write what was promised."),
    "owner_name": gettext_lazy("Write who promised it."),
    "evidence": gettext_lazy("Write what was done and how it can be seen."),
    "verifier_name": gettext_lazy("Write who looked whether it was kept."),
    "state_words": gettext_lazy("Say why."),
}


def measured(name: str, text: str, *, needed: bool = True) -> str:
    """Give plain words of a bearable length; raises Invalid at the field."""
    words = " ".join(text.split())
    field = "words" if name == "state_words" else name
    if needed and not words:
        raise Invalid(fields={field: [EMPTY[name]]})
    if len(words) > LONGEST[name]:
        raise Invalid(fields={field: [_("At most %(most)d characters.") % {"most": LONGEST[name]}]})
    return words


def check_day(due_by: date, *, at: datetime) -> None:
    """Refuse a day that cannot be promised."""
    why = rules.why_not_by(due_by, on=local_day(at))
    if why:
        told = {"past": _("This day is over. Choose today or a later one."), "far": _("The day lies too far ahead.")}
        raise Invalid(fields={"due_by": [told[why]]})


def check_owner(account: UUID, community: UUID, *, at: datetime) -> None:
    """Refuse an account that does not work in the community; raises Invalid at its field."""
    row = Account.objects.filter(pk=account, state=Account.State.ACTIVE).first()
    who = actor_for(account=row, at=at) if row else None
    if who is None or not policy.may_keep(who, community):
        raise Invalid(fields={"owner_account": [_("Choose somebody who works in this community.")]})
