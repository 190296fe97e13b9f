"""Phones that carry households along: what they take, until when, and that one may send though its log-in is over."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.models import VisitDevice
from lianxin.domain.needs.queries import visit_packages
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.accounts import actor_for
from lianxin.domain.places.models import Division
from lianxin.platform import locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Gone, Invalid, Missing, Refused

KEPT_ALONG = timedelta(days=7)
# What was written down before the households expired may still come in for so long.
SENDS_FOR = timedelta(days=90)
MOST_PHONES = 10
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """A phone with the word by which it sends, shown this once, and what it takes along."""

    device: VisitDevice
    token: str
    community: Division
    content: dict[str, Any]


@command("needs.take_along_visits")
def take_along(*, actor: Actor, name: str, instead_of: UUID | None = None, at: datetime) -> TakenAlong:
    """Give a worker's phone the households of their planned visits; who took which is logged.

    A phone that takes anew names what it was before, so that it counts once. Raises Invalid, NotAllowed, or Refused
    where nothing is planned or too many phones carry households already.
    """
    policy.require(policy.may_keep_any(actor) and actor.account is not None)
    assert actor.account is not None
    plain = " ".join(name.split())
    if len(plain) > LONGEST_NAME or "\x00" in plain:
        raise Invalid(fields={"name": [_("At most %(most)d characters.") % {"most": LONGEST_NAME}]})
    locks.advisory(f"needs.visit_devices.{actor.account}")
    mine = VisitDevice.objects.filter(worker=actor.account, ended_at=None, expires_at__gt=at)
    for before in mine.filter(pk=instead_of) if instead_of else ():
        plain = plain or before.name
        before.ended_at = at
        before.save(update_fields=["ended_at"])
        act().target(before, "ended", {})
    if mine.count() >= MOST_PHONES:
        raise Refused(_("You took households along on %(n)d phones. End one of them first.") % {"n": MOST_PHONES})
    visits = visit_packages.to_take_along(actor=actor, on=local_day(at))
    content = visit_packages.package(visits=visits, on=local_day(at))
    there = {one["id"] for one in content["visits"]}
    taken = [row for row in visits if str(row.pk) in there]
    if not taken:
        raise Refused(_("No visits are planned for you in the next two weeks. Plan some first."))
    token = secrets.token_urlsafe(32)
    device = VisitDevice.objects.create(
        community_id=taken[0].community_id,
        worker=actor.account,
        token_digest=_digest(token),
        name=plain,
        taken_at=at,
        expires_at=at + KEPT_ALONG,
        households=len({row.household_id for row in taken}),
    )
    act().target(device, "took along", {"households": [None, device.households]})
    for row in taken:
        act().target(row, "taken along", {})
    return TakenAlong(device, token, Division.objects.get(pk=device.community_id), content)


@command("needs.end_visit_device")
def end_device(*, actor: Actor, device: UUID, at: datetime, key: UUID | None = None) -> VisitDevice:
    """Let a phone send no more, because it was lost or changed hands; what it still keeps expires on it."""
    row: VisitDevice | None = locks.lock_one(VisitDevice.objects.filter(pk=device))
    if row is None:
        raise Missing
    policy.require(policy.may_visit(actor, row.community_id))
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        act().target(row, "ended", {})
    return row


def sender(*, token: str, at: datetime) -> tuple[VisitDevice, Actor]:
    """Give the phone of a word, and the worker as whom it may send records in; raises Gone with what to do.

    The word opens nothing: by it records come in, and never data out.
    """
    with scope.everything():
        row = VisitDevice.objects.filter(token_digest=_digest(token)).first()
    if row is None or row.ended_at is not None or at > row.expires_at + SENDS_FOR:
        raise Gone(_("This phone may not send by itself any more. Log in, then press “Send”. Nothing is lost."))
    account = Account.objects.filter(pk=row.worker, state=Account.State.ACTIVE).first()
    actor = actor_for(account=account, at=at, via="phone") if account else None
    if actor is None or not policy.may_keep_any(actor):
        raise Gone(_("The account of this phone is not in use any more. Show the phone to your office."))
    return row, actor


@command("needs.note_visit_device", silent=True)
def note_sent(*, actor: Actor, device: UUID, at: datetime) -> None:
    """Keep when a phone last sent."""
    with scope.everything():
        VisitDevice.objects.filter(pk=device).update(last_sent_at=at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
