"""Objections to what a notice shows: raised by residents or for them, answered within five working days."""

from datetime import datetime, time
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Person
from lianxin.domain.people.queries import proxies
from lianxin.domain.points import policy
from lianxin.domain.points.commands.notices import withdraw_notice
from lianxin.domain.points.commands.rules_versions import withdraw_rules
from lianxin.domain.points.commands.take_overs import withdraw_take_over
from lianxin.domain.points.commands.taking_back import take_back
from lianxin.domain.points.models import Claim, Notice, NoticeLine, Objection, RulesEnd, TakeOver, Txn
from lianxin.platform import duties, locks, outbox
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, local_moment
from lianxin.platform.commands import act, command, inner_key
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import Unreadable
from lianxin.platform.workcalendar import load_calendar

DUTY = "points.decide_objection"
DUTY_PAGE = "staff:points_objection"
ANSWERED = "objection_answered"
WORKING_DAYS = 5
OFFICE_CLOSES = time(17, 30)
LONGEST = 1000
WAYS = ("desk", "phone", "paper")


class NoticeOver(Refused):
    """Objections belong into the days of the notice."""

    title = gettext_lazy("This notice is no longer on show. Please talk to the community about it.")


class NotOfThisCommunity(Refused):
    """Only people who live in the community object to its notices."""

    title = gettext_lazy("Only people who live in this community can object to its notices.")


class ObjectionWaits(Refused):
    """The same person has an open objection to the same thing."""

    title = gettext_lazy("You have objected to this already. The community will answer you.")


class TakenBackAlready(Refused):
    """The points were taken back before."""

    title = gettext_lazy("These points have been taken back already.")


class DecidedAlready(Refused):
    """An objection is decided once."""

    title = gettext_lazy("This objection was decided already.")


class SomebodyElseDecides(Refused):
    """Who is part of the matter does not decide it."""

    title = gettext_lazy("Somebody else has to decide this objection.")


@command("points.raise_objection")
def raise_objection(
    *,
    actor: Actor,
    notice: UUID,
    claim: UUID | None = None,
    text: str,
    person: UUID | None = None,
    via: str = "",
    at: datetime,
    key: UUID | None = None,
) -> Objection:
    """Object to a notice on show, or to one award on it: a resident, somebody who acts for one, or staff on behalf."""
    row = locks.lock_one(Notice.objects.filter(pk=notice), rank=locks.RECORD)
    if row is None:
        raise Missing
    today = local_day(at)
    if row.state != Notice.State.SHOWN or not row.shown_from <= today <= row.shown_until:
        raise NoticeOver
    objector, way = _objector(actor, row, person, via, at)
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(
            fields={"text": [_("Say in at most %(count)d characters what you object to.") % {"count": LONGEST}]}
        )
    if claim is not None:
        line = NoticeLine.objects.filter(notice=row, claim=claim).select_related("claim").first()
        if line is None:
            raise Missing
        if line.claim.state == Claim.State.REVERSED:
            raise TakenBackAlready
    if objector is not None:
        same = Objection.objects.filter(notice=row, claim=claim, person=objector, state=Objection.State.OPEN)
        if same.exists():
            raise ObjectionWaits
    objection = Objection.objects.create(
        community_id=row.community_id,
        notice=row,
        claim_id=claim,
        person=objector,
        text=words,
        raised_at=at,
        via=way,
    )
    due_on = load_calendar().add_workdays(today, days=WORKING_DAYS)
    duties.open(
        kind=DUTY,
        record=objection,
        community_id=row.community_id,
        title=_("Answer an objection to notice no. %(number)d") % {"number": row.number},
        due_at=local_moment(due_on, OFFICE_CLOSES),
        assignee_role="community_staff",
        url_name=DUTY_PAGE,
        url_args={"objection": str(objection.pk)},
    )
    act().target(objection, "raised", {"notice": [None, row.number], "via": [None, way]})
    return objection


@command("points.decide_objection")
def decide(
    *, actor: Actor, objection: UUID, upheld: bool, answer: str, at: datetime, key: UUID | None = None
) -> Objection:
    """Answer an objection; when it is upheld, what it is against is taken back in the same act."""
    policy.require(policy.may_take_back(actor))
    row = locks.lock_one(Objection.objects.filter(pk=objection), rank=locks.RECORD)
    if row is None:
        raise Missing
    if row.state != Objection.State.OPEN:
        raise DecidedAlready
    words = answer.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(fields={"answer": [_("Write an answer of at most %(count)d characters.") % {"count": LONGEST}]})
    notice = Notice.objects.get(pk=row.notice_id)
    claim = Claim.objects.get(pk=row.claim_id) if row.claim_id else None
    why_not = _why_not_decided_by(actor, row, claim)
    if why_not:
        raise SomebodyElseDecides(why_not)
    row.state = Objection.State.UPHELD if upheld else Objection.State.REJECTED
    row.answer, row.decided_at, row.decided_by = words, at, actor.account
    if upheld:
        row.reversal_id = _undo(actor=actor, claim=claim, notice=notice, at=at, key=key)
    row.save(update_fields=["state", "answer", "decided_at", "decided_by", "reversal"])
    duties.close(kind=DUTY, record=row)
    act().target(row, "decided", {"state": [Objection.State.OPEN, row.state]})
    if row.person_id is not None:
        _tell(row, row.person_id, notice)
    return row  # type: ignore[no-any-return]


def _objector(actor: Actor, notice: Notice, person: UUID | None, via: str, at: datetime) -> tuple[Person | None, str]:
    """Give whose objection it is and how it came; staff may also write down one whose sender keeps unnamed."""
    if policy.may_keep_rules(actor):
        way = via or (actor.via if actor.via in WAYS else WAYS[0])
        if way not in WAYS:
            raise Invalid(fields={"via": [_("Say how the objection came: at the desk, by phone or on paper.")]})
        wanted = person or actor.on_behalf_of
    else:
        policy.require(actor.person is not None)
        wanted, way = person or actor.on_behalf_of or actor.person, actor.via
        if wanted is not None and wanted != actor.person:
            link = proxies.find_principal(actor=actor, person=wanted, on=local_day(at))
            policy.require(link.may("points") or link.may("voice"))
    if wanted is None:
        return None, way
    row = Person.objects.filter(pk=wanted, state=Person.State.LIVING).first()
    if row is None:
        raise Missing
    if row.community_id != notice.community_id:
        raise NotOfThisCommunity
    return row, way


def _why_not_decided_by(actor: Actor, objection: Objection, claim: Claim | None) -> str:
    """Say why this actor must leave the decision to somebody else, or nothing."""
    if claim is not None and actor.account is not None and claim.awarded_by == actor.account:
        return _("You gave these points yourself. A colleague has to decide this objection.")
    if actor.person is None:
        return ""
    if objection.person_id == actor.person:
        return _("This is your own objection. A colleague has to decide it.")
    if claim is not None and Person.objects.filter(pk=actor.person, household=claim.household_id).exists():
        return _("These points went to your own household. A colleague has to decide this objection.")
    return ""


def _undo(*, actor: Actor, claim: Claim | None, notice: Notice, at: datetime, key: UUID | None) -> UUID | None:
    """Take back what was shown, unless that was done meanwhile; give the transaction that took an award back."""
    reason = _("Objection to notice no. %(number)d upheld") % {"number": notice.number}
    if claim is not None:
        if claim.state == Claim.State.AWARDED:
            take_back(actor=actor, claim=claim.pk, reason=reason, at=at, key=inner_key(key, "take_back"))
        reversals = Txn.objects.filter(Q(source_id=claim.pk) | Q(reverses=claim.txn_id), kind=Txn.Kind.REVERSAL)
        return reversals.order_by("-pk").values_list("pk", flat=True).first()
    subject = notice.subject
    if notice.kind == Notice.Kind.AWARDS or subject is None:
        return None
    inner = inner_key(key, "withdraw")
    is_rules, is_list = notice.kind == Notice.Kind.RULES, notice.kind == Notice.Kind.TAKE_OVER
    if is_rules and not RulesEnd.objects.filter(version=subject).exists():
        withdraw_rules(actor=actor, version=subject, reason=reason, at=at, key=inner)
    if is_list and TakeOver.objects.filter(pk=subject).exclude(state=TakeOver.State.WITHDRAWN).exists():
        withdraw_take_over(actor=actor, take_over=subject, reason=reason, at=at, key=inner)
    withdraw_notice(actor=actor, notice=notice.pk, reason=reason, at=at)
    return None


def _tell(objection: Objection, objector: UUID, notice: Notice) -> None:
    """Send the answer to who objected: to the phone, or as a slip for the household."""
    person = Person.objects.select_related("household").get(pk=objector)
    context = {"number": notice.number, "answer": objection.answer}
    try:
        phone = person.phone.reveal() if person.phone is not None and not person.no_phone else ""
    except Unreadable:
        phone = ""
    if phone:
        outbox.send(
            channel="sms", address=phone, template=ANSWERED, context=context, community_id=objection.community_id
        )
    else:
        outbox.send(
            channel="print",
            address=person.household.number,
            template=ANSWERED,
            context=context | {"household": person.household.number},
            community_id=objection.community_id,
        )
