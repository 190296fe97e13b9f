"""Filled forms from a page: those that carry nobody are limited for each network, above what a full hall sends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from lianxin.domain.needs.commands import submissions
from lianxin.domain.needs.models import AnonymousPost, Submission
from lianxin.domain.people.rules.login import SendLimit, wait_before_sending
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import TooMany
from lianxin.platform.sensitive import digest

ADDRESS_PURPOSE = "needs.survey_address"
ADDRESS_LIMITS = (SendLimit(80, timedelta(hours=1)), SendLimit(300, timedelta(days=1)))


class TooManyAnswers(TooMany):
    """A machine, not a meeting."""

    title = _(
        "Very many answers came from this network just now. Yours are still here: "
        "please send them later, or log in by phone."
    )


@command("needs.post_survey")
def post(*, actor: Actor, address: str, person: UUID | None, at: datetime, **sent: Any) -> submissions.Received:
    """Take in a form that was filled on a page, as `submissions.receive` does; raises TooManyAnswers."""
    received = submissions.receive(actor=actor, how=Submission.How.PAGE, person=person, at=at, **sent)
    if received.is_new and person is None and address:
        _limit(digest(address, ADDRESS_PURPOSE), at)
    return received


def _limit(mark: str, at: datetime) -> None:
    locks.advisory(f"survey:{mark}")
    rows = AnonymousPost.objects.filter(address_digest=mark, posted_at__gt=at - timedelta(days=1))
    if wait_before_sending(sent=list(rows.values_list("posted_at", flat=True)), limits=ADDRESS_LIMITS, at=at):
        raise TooManyAnswers
    AnonymousPost.objects.create(address_digest=mark, posted_at=at)
