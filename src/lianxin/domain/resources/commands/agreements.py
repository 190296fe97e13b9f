"""Agreements: drafted with a partner, signed with the offers of the day, ended."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Organisation
from lianxin.domain.places.models import Division, Level
from lianxin.domain.resources import policy
from lianxin.domain.resources.commands import found
from lianxin.domain.resources.models import Agreement, Offer
from lianxin.domain.resources.queries.agreements import frozen
from lianxin.platform import duties, locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Refused

State = Agreement.State
RENEW_DUTY = "resources.renew_agreement"
TERMS_MOST = 4_000
NAME_MOST = 40
TOLD_BEFORE = timedelta(days=30)


class SignedAlready(Refused):
    """What was signed stays as it is."""

    title = gettext_lazy("This agreement is signed and stays as it is. End it and draft a new one.")


class NotSigned(Refused):
    """The agreement is a draft, or has ended."""

    title = gettext_lazy("This agreement is not in force.")


@command("resources.draft_agreement")
def draft(
    *,
    actor: Actor,
    community: UUID,
    organisation: UUID,
    from_on: date,
    until_on: date,
    terms: str = "",
    offers: Sequence[UUID] | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Agreement:
    """Draft an agreement about a partner's offers: those named, or all that have not ended."""
    policy.require(policy.may_keep(actor, community))
    there = Organisation.objects.exclude(state__in=[Organisation.State.MERGED, Organisation.State.CLOSED])
    if not there.filter(pk=organisation).exists():
        raise Invalid(fields={"organisation": [_("This organisation is not on record, or has ended.")]})
    row = Agreement(community_id=community, organisation_id=organisation)
    _fill(row, from_on, until_on, terms)
    row.save(force_insert=True)
    _attach(row, offers)
    act().target(row, "drafted", {"from_on": [None, from_on], "until_on": [None, until_on]})
    return row


@command("resources.edit_agreement")
def edit(
    *,
    actor: Actor,
    agreement: UUID,
    from_on: date,
    until_on: date,
    terms: str = "",
    offers: Sequence[UUID] | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> Agreement:
    """Change a draft."""
    row = found.agreement_of(actor, agreement)
    _require_draft(row)
    if version is not None and row.version != version:
        raise EditedMeanwhile
    _fill(row, from_on, until_on, terms)
    row.version += 1
    row.save()
    _attach(row, offers)
    act().target(row, "changed", {"until_on": [None, until_on]})
    return row


@command("resources.sign_agreement")
def sign(
    *,
    actor: Actor,
    agreement: UUID,
    signed_on: date,
    for_community: str,
    for_partner: str,
    at: datetime,
    key: UUID | None = None,
) -> Agreement:
    """Note that both sides signed: it gets its number, and its text and offers stay as they are."""
    row = found.agreement_of(actor, agreement)
    _require_draft(row)
    names = {"for_community": " ".join(for_community.split()), "for_partner": " ".join(for_partner.split())}
    problems = {
        name: [_("Enter who signed, in at most %(most)d characters.") % {"most": NAME_MOST}]
        for name, value in names.items()
        if not 0 < len(value) <= NAME_MOST
    }
    if signed_on > row.until_on:
        problems["signed_on"] = [_("The agreement was over on that day. Change its days first.")]
    offers = list(
        Offer.objects.filter(agreement=row).order_by("kind", "title", "pk").prefetch_related("categories__category")
    )
    if not offers:
        problems["offers"] = [_("There is no offer in it. Choose what is agreed on first.")]
    if problems:
        raise Invalid(fields=problems)
    # The community's row is the one lock under which its agreements are numbered.
    community = locks.lock_one(Division.objects.filter(pk=row.community_id, level=Level.COMMUNITY))
    last = Agreement.objects.filter(community=row.community_id).aggregate(last=Max("number"))["last"] or 0
    row.number, row.state, row.signed_on = last + 1, State.SIGNED, signed_on
    row.signed_for_community, row.signed_for_partner = names["for_community"], names["for_partner"]
    row.content = {
        "number": row.number,
        "community": community.official_name,
        "organisation": row.organisation.name,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
        "signed_on": signed_on.isoformat(),
        "signed_by": [row.signed_for_community, row.signed_for_partner],
        "terms": row.terms,
        "offers": [frozen(one) for one in offers],
    }
    row.digest = digest_of(row)
    row.version += 1
    row.save()
    duties.open(
        kind=RENEW_DUTY,
        record=row,
        community_id=row.community_id,
        title=_("Agreement no. %(number)d ends: talk about a new one") % {"number": row.number},
        due_at=local_moment(max(row.until_on - TOLD_BEFORE, signed_on), time(18)),
        assignee_role="community_staff",
        url_name="staff:agreement",
        url_args={"agreement": str(row.pk)},
    )
    act().target(row, "signed", {"number": [None, row.number], "digest": [None, row.digest]})
    return row


@command("resources.end_agreement")
def end(*, actor: Actor, agreement: UUID, reason: str, at: datetime, key: UUID | None = None) -> Agreement:
    """End an agreement; its offers stay on the list until somebody ends them."""
    row = found.agreement_of(actor, agreement)
    if row.state != State.SIGNED:
        raise NotSigned
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= 200:
        raise Invalid(fields={"reason": [_("Say why, in at most %(most)d characters.") % {"most": 200}]})
    row.state, row.end_reason = State.ENDED, reason
    row.version += 1
    row.save(update_fields=["state", "end_reason", "version"])
    Offer.objects.filter(agreement=row).update(agreement=None)
    duties.close(kind=RENEW_DUTY, record=row)
    act().note(reason=reason)
    act().target(row, "ended", {"state": [State.SIGNED, State.ENDED]})
    return row


@command("resources.discard_agreement")
def discard(*, actor: Actor, agreement: UUID, at: datetime, key: UUID | None = None) -> None:
    """Throw a draft away."""
    row = found.agreement_of(actor, agreement)
    _require_draft(row)
    Offer.objects.filter(agreement=row).update(agreement=None)
    act().target(row, "discarded")
    row.delete()


def digest_of(row: Agreement) -> str:
    """Give the SHA-256 over what was signed: number, parties, days, names, terms and offers."""
    text = json.dumps(row.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _require_draft(row: Agreement) -> None:
    if row.state != State.DRAFT:
        raise SignedAlready


def _fill(row: Agreement, from_on: date, until_on: date, terms: str) -> None:
    problems: dict[str, list[str]] = {}
    if until_on < from_on:
        problems["until_on"] = [_("The last day lies before the first one. Perhaps they are turned round.")]
    if len(terms) > TERMS_MOST:
        problems["terms"] = [_("At most %(most)d characters.") % {"most": TERMS_MOST}]
    if problems:
        raise Invalid(fields=problems)
    row.from_on, row.until_on, row.terms = from_on, until_on, terms.strip()


def _attach(row: Agreement, offers: Sequence[UUID] | None) -> None:
    """Let exactly these offers of the partner be what is agreed on; one in another signed agreement stays there."""
    mine = Offer.objects.filter(community=row.community_id, organisation=row.organisation_id)
    mine = mine.exclude(state=Offer.State.ENDED).exclude(agreement__state=State.SIGNED)
    wanted = mine if offers is None else mine.filter(pk__in=list(offers))
    if offers is not None and wanted.count() < len(set(offers)):
        raise Invalid(
            fields={"offers": [_("One of the offers is not this partner's, has ended, or is agreed on already.")]}
        )
    ids = list(wanted.values_list("pk", flat=True))
    Offer.objects.filter(agreement=row).exclude(pk__in=ids).update(agreement=None)
    Offer.objects.filter(pk__in=ids).update(agreement=row)
