"""What cases hold about one person: given out, erased, and forgotten when its time is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.voice.models import Case, CaseAnswer, CasePicture, CaseReport, CaseStep, Channel, Confidentiality
from lianxin.domain.voice.rules import alike, titles
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

CONTACT_DAYS = 180
NAME_DAYS = 1095
NOTE_DAYS = 365
AT_ONCE = 500
FORGOTTEN = (
    "words",
    "words_digest",
    "said_words",
    "person",
    "household",
    "guest_name",
    "guest_phone",
    "helper_name",
    "confidentiality",
    "channel",
    "voice_file",
)


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give what a person brought forward, what they were told, and what they said of it."""
    with scope.everything():
        rows = CaseReport.objects.filter(person=person).select_related("case").prefetch_related("answers", "pictures")
        return [
            {
                "receipt": row.receipt,
                "words": row.words,
                "heard_at": row.heard_at.isoformat(),
                "how": row.how,
                "channel": row.channel,
                "confidentiality": row.confidentiality,
                "phone": _revealed(row),
                "helped_by": row.helper_name,
                "case": row.case.number,
                "state": "withdrawn" if row.withdrawn_at else row.case.state,
                "said": row.said,
                "said_words": row.said_words,
                "recording": str(row.voice_file or ""),
                "pictures": [one.caption for one in row.pictures.all()],
                "answers": [
                    {
                        "at": one.made_at.isoformat(),
                        "kind": one.kind,
                        "words": one.words,
                        "state": one.state,
                        "reply": one.reply,
                    }
                    for one in row.answers.all()
                ],
            }
            for row in rows.order_by("pk")
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of what they brought forward; the case itself stays, without whom it came from."""
    with scope.everything():
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        rows = list(CaseReport.objects.filter(person=person))
        _forget(rows, names=names)
    return [_("That a matter was brought forward, without a name.")] if rows else []


def purge_contacts(at: datetime) -> int:
    """Forget the numbers of guests so long after their case ended; gives how many."""
    with scope.everything():
        rows = _over(at - timedelta(days=CONTACT_DAYS)).filter(guest_phone__isnull=False)
        wanted = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        return CaseReport.objects.filter(pk__in=wanted).update(guest_phone=None, channel=Channel.NONE)


def purge_notes(at: datetime) -> int:
    """Throw away recordings and photos that nobody shows so long after their case ended; gives how many.

    A recording without words stays: it is all that the voice said.
    """
    with scope.everything():
        over = _over(at - timedelta(days=NOTE_DAYS))
        spoken = list(over.filter(voice_file__isnull=False).exclude(words="").order_by("pk")[:AT_ONCE])
        files.forget(ids=[row.voice_file for row in spoken if row.voice_file])
        CaseReport.objects.filter(pk__in=[row.pk for row in spoken]).update(voice_file=None)
        pictures = list(
            CasePicture.objects.filter(report__in=over.values("pk"), is_public=False).order_by("pk")[:AT_ONCE]
        )
        _drop_pictures(pictures)
        return len(spoken) + len(pictures)


def purge_names(at: datetime) -> int:
    """Forget who brought something forward so long after it ended; the case and its answer stay. Gives how many."""
    with scope.everything():
        old = _over(at - timedelta(days=NAME_DAYS)).filter(Q(person__isnull=False) | ~Q(guest_name=""))
        rows = list(old.select_related("person").order_by("pk")[:AT_ONCE])
        _forget(rows, names=[row.person.name for row in rows if row.person is not None])
        return len(rows)


def _over(before: datetime) -> QuerySet[CaseReport]:
    return CaseReport.objects.filter(Q(case__ended_at__lt=before) | Q(withdrawn_at__lt=before))


def _drop_pictures(pictures: list[CasePicture]) -> None:
    files.forget(ids=[one.file_id for one in pictures])
    CasePicture.objects.filter(pk__in=[one.pk for one in pictures]).delete()


def _forget(rows: list[CaseReport], *, names: list[str]) -> None:
    for row in rows:
        own = [*names, row.guest_name, row.helper_name]
        # A voice that was only spoken keeps its place; the constraint wants words where the recording goes.
        row.words = titles.hide(row.words, names=own) or _("(a recording that was erased)")
        row.words_digest = alike.digest(row.words)
        row.said_words = titles.hide(row.said_words, names=own)
        if row.voice_file is not None:
            files.forget(ids=[row.voice_file])
        row.person, row.household, row.guest_name, row.guest_phone = None, None, "", None
        row.helper_name, row.channel, row.voice_file = "", Channel.NONE, None
        row.confidentiality = Confidentiality.ANONYMOUS
    CaseReport.objects.bulk_update(rows, FORGOTTEN, batch_size=100)
    keys = [row.pk for row in rows]
    _drop_pictures(list(CasePicture.objects.filter(report__in=keys)))
    for answer in CaseAnswer.objects.filter(report__in=keys):
        answer.words, answer.reply = titles.hide(answer.words, names=names), titles.hide(answer.reply, names=names)
        if answer.state in (CaseAnswer.State.TO_TELL, CaseAnswer.State.TO_HAND):
            answer.state = CaseAnswer.State.SHOWN
        answer.save(update_fields=["words", "reply", "state"])
    _hide_in_cases({row.case_id for row in rows} | {row.first_case for row in rows}, names=names)


def _hide_in_cases(cases: set[UUID], *, names: list[str]) -> None:
    """Star the names in what the office wrote of these cases."""
    for case in Case.objects.filter(pk__in=cases):
        given = {name: titles.hide(getattr(case, name), names=names) for name in ("title", "place_words")}
        changed = [name for name, value in given.items() if getattr(case, name) != value]
        for name in changed:
            setattr(case, name, given[name])
        if changed:
            case.save(update_fields=changed)
    for step in CaseStep.objects.filter(case__in=cases).exclude(words=""):
        hidden = titles.hide(step.words, names=names)
        if hidden != step.words:
            CaseStep.objects.filter(pk=step.pk).update(words=hidden)


def _revealed(row: CaseReport) -> str:
    try:
        return row.guest_phone.reveal() if row.guest_phone is not None else ""
    except Unreadable:
        return ""
