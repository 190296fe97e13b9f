"""Phones on which another program fills our forms: let in with a password of their own, shown once, and ended."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.needs import policy
from lianxin.domain.needs.commands import found
from lianxin.domain.needs.commands.survey_rows import communities_of
from lianxin.domain.needs.models import Survey, SurveyDevice, SurveyPicture
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.domain.places.events import DivisionsMerged
from lianxin.platform import files, locks, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Refused
from lianxin.platform.sensitive import seal

HA1_PURPOSE = "needs.surveydevice.ha1"
PICTURE_PURPOSE = "needs.survey_picture"
PICTURE_BYTES = 2 * 1_048_576
MOST_LIVE = 200
DEVICE_DAYS = 365


@command("needs.let_device_in")
def let_in(
    *, actor: Actor, community: UUID, name: str, days: int = rules.USUAL_DAYS, at: datetime, key: UUID | None = None
) -> SurveyDevice:
    """Let a phone fetch a community's forms and send answers in; the password stands on the row that is given, once."""
    policy.require(policy.may_keep(actor, community))
    division = found.community(community)
    plain = " ".join(name.split())
    wrong: dict[str, list[str]] = {}
    if not plain or len(plain) > rules.LONGEST_NAME:
        wrong["name"] = [_("Say whose phone it is, in at most %(most)d characters.") % {"most": rules.LONGEST_NAME}]
    if not 1 <= days <= rules.MOST_DAYS:
        wrong["days"] = [_("Choose between 1 and %(most)d days.") % {"most": rules.MOST_DAYS}]
    if wrong:
        raise Invalid(fields=wrong)
    if SurveyDevice.objects.filter(community=division, ended_at=None, expires_at__gt=at).count() >= MOST_LIVE:
        raise Refused(_("%(most)d phones are in already. End some that are not used any more.") % {"most": MOST_LIVE})
    login, secret = rules.login_from(secrets.token_bytes(5)), rules.secret_from(secrets.token_bytes(17))
    row = SurveyDevice.objects.create(
        community=division,
        name=plain,
        login=login,
        token_digest=rules.token_digest(secret),
        ha1=seal(rules.ha1(login, secret), HA1_PURPOSE),
        made_by=actor.account,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    act().target(row, "let in", {"name": [None, plain], "expires_at": [None, row.expires_at]})
    act().note(community_id=community)
    row.secret = secret
    return row


@command("needs.end_device")
def end(*, actor: Actor, device: UUID, at: datetime, key: UUID | None = None) -> SurveyDevice:
    """Shut a phone out from now on; what it sent stays."""
    row = _locked(device)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        act().target(row, "ended", {"ended_at": [None, at]})
        act().note(community_id=row.community_id)
    return row


@command("needs.note_device_try", silent=True)
def note_try(*, actor: Actor, device: UUID, passed: bool, at: datetime) -> SurveyDevice:
    """Note that a phone came, or that somebody came with a wrong password in its name."""
    row = _locked(device)
    if passed:
        row.failures, row.locked_until, row.last_seen_at = 0, None, at
    else:
        row.failures += 1
        row.locked_until = rules.locked_until(failures=row.failures, at=at) or row.locked_until
    row.save(update_fields=["failures", "locked_until", "last_seen_at"])
    return row


@command("needs.put_survey_picture")
def put_picture(*, actor: Actor, survey: UUID, name: str, fileobj: files.Readable, at: datetime) -> SurveyPicture:
    """Keep a picture that the questions of a survey show, under the name that the workbook gives it."""
    with scope.everything():
        row = Survey.objects.filter(pk=survey).first()
        asked_in = communities_of(row) if row is not None else []
    if row is None or not any(actor.covers(one) for one in asked_in):
        raise Missing
    policy.require(policy.may_survey(actor, asked_in))
    stored = files.store(fileobj=fileobj, name=name, purpose=PICTURE_PURPOSE, limit_bytes=PICTURE_BYTES, at=at)
    digest = hashlib.md5(usedforsecurity=False)
    with files.open_file(file=stored) as kept:
        while block := kept.read(1 << 18):
            digest.update(block)
    values = {"community_id": row.community_id, "file_id": stored.pk, "md5": digest.hexdigest(), "made_at": at}
    with scope.everything():
        before = SurveyPicture.objects.filter(survey=row, name=name).first()
        if before is not None:
            files.forget(ids=[before.file_id])
        picture, _made = SurveyPicture.objects.update_or_create(survey=row, name=name, defaults=values)
    act().target(row, "picture put", {"picture": [None, name]})
    act().note(community_id=row.community_id)
    return picture


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Let phones of the ended communities go on in their successor, with the pictures of the surveys."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        SurveyDevice.objects.filter(community__in=ended).update(community=event.into)
        SurveyPicture.objects.filter(community__in=ended).update(community=event.into)


def purge_devices(at: datetime) -> int:
    """Forget phones that have been shut out, or whose time has been over, for a year; gives how many."""
    old = at - timedelta(days=DEVICE_DAYS)
    with scope.everything():
        rows = SurveyDevice.objects.filter(Q(ended_at__lt=old) | Q(expires_at__lt=old))
        return rows.delete()[0]


def device_actor(row: SurveyDevice) -> Actor:
    """Give as whom a phone acts: within its community, and allowed nothing but to send forms in."""
    return Actor(
        account=None,
        role=policy.DEVICE,
        communities=frozenset({row.community_id}),
        via="openrosa",
        roles=frozenset({policy.DEVICE}),
        name=row.name,
    )


def _locked(pk: UUID) -> SurveyDevice:
    row: SurveyDevice | None = locks.lock_one(SurveyDevice.objects.filter(pk=pk))
    if row is None:
        raise Missing
    return row
