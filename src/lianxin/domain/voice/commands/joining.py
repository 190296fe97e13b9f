"""Joint cases: several who tell the same are answered together; each keeps receipt, words, answers and own say."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.voice import policy
from lianxin.domain.voice.commands import found, linking, moving, reminding, searching, tiers
from lianxin.domain.voice.models import Case, CaseLink, CaseReport, Confidentiality
from lianxin.domain.voice.rules import states, titles
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Missing, Refused


class NotJoinable(Refused):
    """These two cannot become one case."""

    title = gettext_lazy("These two cases cannot be joined.")


@command("voice.join")
def join(*, actor: Actor, case: UUID, into: UUID, at: datetime, key: UUID | None = None) -> Case:
    """Join a case into another one of the community that is worked on: its voices are answered there from now on."""
    if case == into:
        raise NotJoinable(_("Choose another case to join this one into."))
    row, other = _both(case, into)
    who = moving.acting_as(actor, row, "join")
    states.next_state(row.state, "join", who)
    if row.community_id != other.community_id:
        raise NotJoinable(_("Cases of two communities stay apart. Hand this one over instead."))
    if other.state not in states.LIVE:
        raise NotJoinable(states.why_not(other.state, "progress"))
    if row.is_mediated or other.is_mediated:
        raise NotJoinable(_("What is being mediated stays apart."))
    moved = CaseReport.objects.filter(case=row).update(case=other)
    row.voices, row.is_public = 0, False
    moving.move(row, "join", who=who, at=at, changed=["voices", "is_public"])
    linking.link(row, CaseLink.Kind.DUPLICATE, other.pk, at=at)
    other.is_danger = other.is_danger or row.is_danger
    _recount(other, "hear", at=at, changed=["is_danger"])
    tiers.decide_again(other, at=at)
    reminding.look_at_case(other, at=at)
    act().target(other, "joined", {"voices": [None, moved]})
    return other


@command("voice.split")
def split(*, actor: Actor, report: UUID, at: datetime, key: UUID | None = None) -> Case:
    """Take a voice out of a joint case: back to the case it came with, or to one of its own."""
    seen = CaseReport.objects.filter(pk=report).values_list("case_id", "first_case").first()
    if seen is None:
        raise Missing
    locks.lock(Case.objects.filter(pk__in=set(seen)))
    row, case = found.report(report)
    policy.require(policy.may_keep(actor, row.community_id))
    if row.withdrawn_at is not None:
        raise Refused(states.why_not("withdrawn", "split"))
    if case.state not in states.LIVE:
        raise Refused(states.why_not(case.state, "progress"))
    others = CaseReport.objects.filter(case=case, withdrawn_at=None).exclude(pk=row.pk)
    if not others.exists():
        raise Refused(_("This is the only voice of its case."))
    home = _own_case(row, case, at=at)
    row.case, row.first_case = home, home.pk
    row.save(update_fields=["case", "first_case"])
    _recount(case, "voice_back", at=at)
    _recount(home, "hear", at=at)
    tiers.restart_clock(home, at=at)
    moving.follow_up(home, at=at)
    moving.follow_up(case, at=at)
    act().target(row, "split", {"case": [str(case.pk), str(home.pk)]})
    return home


def _both(case: UUID, into: UUID) -> tuple[Case, Case]:
    rows = {row.pk: row for row in locks.lock(Case.objects.filter(pk__in=[case, into]))}
    if len(rows) != 2:
        raise Missing
    return rows[case], rows[into]


def _own_case(row: CaseReport, case: Case, *, at: datetime) -> Case:
    """Give the case that a voice goes to: the joined one it came with, opened again, or a new one like this."""
    if row.first_case != case.pk:
        home = locks.lock_one(Case.objects.filter(pk=row.first_case))
        if home is not None and home.state in states.LIVE:
            return home
        if home is not None and home.state == Case.State.JOINED:
            moving.move(home, "split", who=states.KEEPER, at=at)
            CaseLink.objects.filter(case=home, kind=CaseLink.Kind.DUPLICATE).delete()
            return home
    is_open = row.confidentiality == Confidentiality.OPEN
    home = Case.objects.create(
        community_id=case.community_id,
        number=found.next_number(Case, case.community_id),
        title=titles.suggest(row.words, subject=case.get_subject_display(), is_open=is_open, names=[row.guest_name]),
        subject=case.subject,
        confidentiality=row.confidentiality,
        venue_id=case.venue_id,
        lng=case.lng,
        lat=case.lat,
        place_words=case.place_words,
        state=Case.State.ASSIGNED,
        responsible=case.responsible,
        responsible_role=case.responsible_role,
        responsible_name=case.responsible_name,
        first_responder=case.first_responder,
        opened_at=at,
        voices=0,
        changed_at=at,
        is_sample=case.is_sample,
    )
    moving.append_step(home, "split", before="", at=at)
    tiers.decide_first(home, words=row.words, at=at)
    searching.index([home])
    return home


def _recount(case: Case, what: str, *, at: datetime, changed: list[str] | None = None) -> None:
    case.voices = CaseReport.objects.filter(case=case, withdrawn_at=None).count()
    case.version, case.changed_at = case.version + 1, at
    case.save(update_fields=["voices", "version", "changed_at", *(changed or [])])
    moving.append_step(case, what, before=case.state, at=at)
