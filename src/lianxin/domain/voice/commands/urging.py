"""Asking how a case stands: as often as the rules allow, so that it neither drowns nor is overheard."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands import deciding, found, moving, tier_duties
from lianxin.domain.voice.models import Case, CaseReport
from lianxin.domain.voice.rules import states
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import command
from lianxin.platform.errors import Invalid, TooMany


@command("voice.urge")
def urge(
    *,
    actor: Actor,
    report: UUID,
    holds_receipt: bool = False,
    how: str = "page",
    words: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Ask after a case; whoever works on it answers within a day. Raises TooMany with the day to ask again from."""
    voice, row = found.report(report)
    who = moving.acting_as(actor, row, "urge", holds_receipt=holds_receipt, person=voice.person_id)
    if how not in CaseReport.SaidHow.values:
        raise Invalid(fields={"how": [_("Choose how it was said.")]})
    plain = moving.check_words(words, longest=300)
    states.next_state(row.state, "urge", who)
    limits = deciding.limits_for(row)
    if row.urged >= limits.urge_most:
        raise TooMany(_("This was asked after many times already; the office above knows of it and sees to it."))
    if row.urged_at is not None:
        again = local_day(row.urged_at) + timedelta(days=limits.urge_every_days)
        if local_day(at) < again:
            words_of = _("Somebody asked after this on %(day)s. You can ask again from %(again)s on.")
            raise TooMany(words_of % {"day": local_day(row.urged_at), "again": again}, again=again.isoformat())
    row.urged, row.urged_at = row.urged + 1, at
    moving.move(row, "urge", who=who, words=plain, at=at, changed=["urged", "urged_at"])
    tier_duties.urged(row, at=at)
    if row.urged >= limits.urge_most:
        tier_duties.urged_often(row, at=at)
    return row


def may_urge_from(case: Case) -> datetime | None:
    """Give from when a case may be asked after again, for pages; None when it may now or not at all any more."""
    if case.urged_at is None:
        return None
    limits = deciding.limits_for(case)
    return case.urged_at + timedelta(days=limits.urge_every_days)
