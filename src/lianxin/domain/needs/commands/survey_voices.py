"""Hearing what filled forms say is needed, each once."""

from datetime import datetime

from lianxin.domain.needs.commands import hearing
from lianxin.domain.needs.models import NeedReport, Submission, SurveyVersion
from lianxin.domain.needs.rules import answered
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.people.rules.contacts import check_phone
from lianxin.domain.places.models import ServiceCategory
from lianxin.engines.xforms import Instance
from lianxin.platform.actors import Actor

How = Submission.How


def hear_from(
    actor: Actor, kept: Submission, row: SurveyVersion, filled: Instance, *, at: datetime, is_sample: bool
) -> tuple[str, ...]:
    """Hear the needs that a filled form names, each with a receipt; gives the receipts."""
    said = answered.needs_in(filled, row.mapping)
    if not said:
        return ()
    codes = set(ServiceCategory.objects.values_list("code", flat=True))
    number, wrong = check_phone(answered.first_in(filled, row.mapping, rules.PHONE))
    phone = "" if wrong else number
    name = answered.name_in(filled, row.mapping)
    numbers = []
    for one in said:
        # A category that is no longer there: the words are kept, and the classifier suggests another one.
        report = hearing.hear(
            actor=actor,
            community=kept.community_id,
            words=one.words,
            how=NeedReport.How.VISIT if kept.how == How.VISIT else NeedReport.How.SURVEY,
            person=kept.person_id,
            guest_name=name if kept.person_id is None else "",
            guest_phone=phone,
            is_anonymous=kept.person_id is None and not name and not phone,
            channel=NeedReport.Channel.SMS if phone else NeedReport.Channel.NONE,
            people=one.people,
            heard_at=kept.finished_at or at,
            category=one.category if one.category in codes else None,
            submission=kept.pk,
            at=at,
        )
        numbers.append(report.receipt)
    if is_sample:
        NeedReport.objects.filter(submission=kept).update(is_sample=True)
    return tuple(numbers)
