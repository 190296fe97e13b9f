"""A need that was voiced and is really a complaint: the same words, the same person, from now on as a case."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.commands import closing as needs_closing
from lianxin.domain.needs.models import NeedReport
from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import hearing
from lianxin.domain.voice.models import CaseReport, Channel, Confidentiality, How
from lianxin.domain.voice.rules import receipts
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused
from lianxin.platform.sensitive import Unreadable

HOW = {How.DESK, How.PHONE, How.VISIT, How.PAPER}
TAKEN = (NeedReport.State.NEW, NeedReport.State.JOINED)


@command("voice.from_need")
def from_need(
    *,
    actor: Actor,
    report: UUID,
    subject: str = "",
    is_danger: bool = False,
    at: datetime,
    key: UUID | None = None,
) -> CaseReport:
    """Hear what a voice of the needs says as a case, and close it there as referred; its asker gets the new receipt.

    Raises Missing, NotAllowed, Refused where the voice was closed already, or what `hearing.hear` raises.
    """
    row = NeedReport.objects.select_related("person").filter(pk=report).first()
    if row is None:
        raise Missing
    policy.require(policy.may_keep(actor, row.community_id))
    if row.state not in TAKEN:
        raise Refused(_("This voice is closed already. Take it up again first."))
    made = hearing.hear(
        actor=actor,
        community=row.community_id,
        words=row.words,
        how=row.how if row.how in HOW else How.DESK,
        subject=subject,
        person=row.person_id,
        guest_name=row.guest_name,
        guest_phone=_phone_of(row),
        confidentiality=Confidentiality.ANONYMOUS if row.is_anonymous else Confidentiality.OPEN,
        is_danger=is_danger,
        # Nothing is kept of who is not named, so nobody can be called.
        channel=Channel.NONE if row.is_anonymous and row.channel != Channel.PAPER else row.channel,
        helper_name=row.helper_name,
        language=row.language,
        heard_at=min(row.heard_at, at),
        at=at,
    )
    number = receipts.spaced(made.receipt)
    needs_closing.close_as(
        actor=actor,
        report=report,
        outcome=NeedReport.State.REFERRED,
        referred_to=_("case %(receipt)s") % {"receipt": number},
        words=_("We look into it as a case. The receipt for it is %(receipt)s.") % {"receipt": number},
        at=at,
    )
    act().target(made, "heard", {"from": [None, row.receipt]})
    return made


def _phone_of(row: NeedReport) -> str:
    if row.guest_phone is not None:
        with suppress(Unreadable):
            return row.guest_phone.reveal()
    return ""
