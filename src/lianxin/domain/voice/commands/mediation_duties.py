"""What a mediator must do by a time: accept, talk, visit, ask the court; titles name a number, never a word."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from lianxin.domain.voice.commands.mediation_moves import name_of
from lianxin.domain.voice.models import CourtConfirmation, Mediation, MediationTalk
from lianxin.platform import duties
from lianxin.platform.clock import local_moment

APPOINT, ACCEPT, TALK, VISIT, COURT, LOOK = (
    "voice.mediation_appoint",
    "voice.mediation_accept",
    "voice.mediation_talk",
    "voice.mediation_visit",
    "voice.mediation_court",
    "voice.mediation_look",
)
PAGE = "staff:mediation"
EVENING = time(18)
WITHIN = timedelta(days=3)


def _open(kind: str, record: Mediation | MediationTalk, row: Mediation, title: str, due_at: datetime) -> None:
    duties.open(
        kind=kind,
        record=record,
        community_id=row.community_id,
        title=title,
        due_at=due_at,
        assignee_account=row.mediator,
        assignee_role="" if row.mediator else "community_staff",
        url_name=PAGE,
        url_args={"mediation": str(row.pk)},
    )


def look_at_begin(row: Mediation, *, at: datetime) -> None:
    """Let a mediator be appointed, or the appointed one find out whether all sides agree; as it is now."""
    waits = row.state == Mediation.State.ASKED
    words = {"mediation": name_of(row)}
    for kind, wanted, title in (
        (APPOINT, waits and row.mediator is None, _("%(mediation)s: appoint a mediator")),
        (ACCEPT, waits and row.mediator is not None, _("%(mediation)s: ask the sides, look for ties, accept it")),
    ):
        if wanted:
            _open(kind, row, row, title % words, at + WITHIN)
        else:
            duties.close(kind=kind, record=row)


def open_talk(row: Mediation, talk: MediationTalk) -> None:
    """Let the mediator hold a talk, or make a visit, on its day."""
    assert talk.planned_on is not None
    is_visit = talk.kind == MediationTalk.Kind.VISIT
    title = _("%(mediation)s: follow-up visit") if is_visit else _("%(mediation)s: talk")
    kind = VISIT if is_visit else TALK
    _open(kind, talk, row, title % {"mediation": name_of(row)}, local_moment(talk.planned_on, EVENING))


def close_talk(talk: MediationTalk) -> None:
    """Say that a talk or visit was held or is not wanted any more."""
    duties.close(kind=VISIT if talk.kind == MediationTalk.Kind.VISIT else TALK, record=talk)


def open_court(row: Mediation, confirmation: CourtConfirmation) -> None:
    """Remind of the thirty days in which the sides may ask the court together."""
    title = _("%(mediation)s: last day to ask the court is %(day)s") % {
        "mediation": name_of(row),
        "day": confirmation.due_by.isoformat(),
    }
    _open(COURT, row, row, title, local_moment(confirmation.due_by, EVENING))


def close_court(row: Mediation) -> None:
    """Say that nothing is to be asked of the court any more."""
    duties.close(kind=COURT, record=row)


def open_look(row: Mediation, *, at: datetime) -> None:
    """Let somebody look at a mediation one side of which died, left or was erased."""
    _open(LOOK, row, row, _("%(mediation)s: a side is no longer here") % {"mediation": name_of(row)}, at + WITHIN)


def open_replace(row: Mediation, *, at: datetime) -> None:
    """Let the office appoint another mediator: the one there is works here no more."""
    duties.open(
        kind=APPOINT,
        record=row,
        community_id=row.community_id,
        title=_("%(mediation)s: appoint a mediator") % {"mediation": name_of(row)},
        due_at=at + WITHIN,
        assignee_role="community_staff",
        url_name=PAGE,
        url_args={"mediation": str(row.pk)},
    )


def close_all(row: Mediation, *, court: bool) -> None:
    """Close what was still to do; the court's thirty days only where nothing is to be confirmed."""
    for kind in (APPOINT, ACCEPT, LOOK, *((COURT,) if court else ())):
        duties.close(kind=kind, record=row)
    for talk in MediationTalk.objects.filter(mediation=row, held_at=None):
        close_talk(talk)


def hand_on(row: Mediation, *, at: datetime) -> None:
    """Give what is still to do to the mediator as it is now."""
    look_at_begin(row, at=at)
    for talk in MediationTalk.objects.filter(mediation=row, held_at=None).order_by("pk"):
        open_talk(row, talk)
    waiting = CourtConfirmation.objects.filter(mediation=row, state=CourtConfirmation.State.POSSIBLE).first()
    if waiting is not None and row.state in (Mediation.State.AGREED, Mediation.State.BROKEN):
        open_court(row, waiting)
