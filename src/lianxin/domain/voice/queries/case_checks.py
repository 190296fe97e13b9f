"""What `verify` asks about cases: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from lianxin.domain.voice.commands.reminding import CASE_DUTY, RUNNING, TELL_DUTY, TO_DO
from lianxin.domain.voice.models import Case, CaseAnswer, CaseLink, CaseReport, CaseStep
from lianxin.domain.voice.rules import states
from lianxin.platform import scope
from lianxin.platform.models import Duty, kind_of

AT_MOST = 20


def voices_are_counted() -> Iterator[str]:
    """The voices of a case are its reports that were not taken back, and a joined case has none."""
    with scope.everything():
        live = CaseReport.objects.filter(case=OuterRef("pk"), withdrawn_at=None).order_by().values("case")
        rows = Case.objects.annotate(n=Coalesce(Subquery(live.annotate(n=Count("pk")).values("n")), 0))
        for pk, said, are in rows.exclude(voices=F("n")).order_by("pk").values_list("pk", "voices", "n")[:AT_MOST]:
            yield f"case {pk} says {said} voices; its reports say {are}"


def voices_are_at_home() -> Iterator[str]:
    """A report is of the community of its case, an answer of that of its report."""
    with scope.everything():
        for model, named in ((CaseReport, "case__community"), (CaseAnswer, "report__community")):
            strayed = model.objects.exclude(community=F(named)).order_by("pk")  # type: ignore[attr-defined]
            for pk in strayed.values_list("pk", flat=True)[:AT_MOST]:
                yield f"{kind_of(model)} {pk} is of another community than what it belongs to"


def open_cases_have_somebody() -> Iterator[str]:
    """Every open case has a next responsible one, and one whose time runs is somebody's duty."""
    with scope.everything():
        nobody = Case.objects.filter(ended_at=None, responsible=None, responsible_role="").order_by("pk")
        for pk in nobody.values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} has nobody who takes the next step"
        duty = Duty.objects.filter(kind=CASE_DUTY, record_kind=kind_of(Case), record_id=OuterRef("pk"), closed_at=None)
        running = Case.objects.filter(ended_at=None, state__in=RUNNING, due_at__isnull=False, is_sample=False)
        for pk in running.exclude(Exists(duty)).order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} has a deadline that is nobody's duty"


def steps_lead_to_state() -> Iterator[str]:
    """The last step of a case leads to the state in which it is, and each step is one that the table knows."""
    with scope.everything():
        last = CaseStep.objects.filter(case=OuterRef("pk")).order_by("-pk").values("after")[:1]
        rows = Case.objects.annotate(after_last=Subquery(last)).exclude(after_last=F("state")).order_by("pk")
        for pk, state, after in rows.values_list("pk", "state", "after_last")[:AT_MOST]:
            yield f"case {pk} is {state}; its last step leads to {after}"
        wrong = Q()
        for act, move in states.TABLE.items():
            for before, to in move.leads.items():
                wrong |= Q(act=act, before=before, after=to or before)
        known = CaseStep.objects.filter(act__in=states.ACTS).exclude(before="")
        for pk in known.exclude(wrong).order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"step {pk} is a move that the table does not know"


def joined_cases_name_theirs() -> Iterator[str]:
    """A joined case names the one it was joined into, and no other case does."""
    with scope.everything():
        link = CaseLink.objects.filter(case=OuterRef("pk"), kind=CaseLink.Kind.DUPLICATE)
        joined = Case.objects.filter(state=Case.State.JOINED).exclude(Exists(link)).order_by("pk")
        for pk in joined.values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} is joined into none"
        others = Case.objects.exclude(state=Case.State.JOINED).filter(Exists(link)).order_by("pk")
        for pk in others.values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} is not joined and names a case it was joined into"


def waiting_answers_are_duties() -> Iterator[str]:
    """Where answers wait to be told by phone or on paper, somebody has a duty to tell them; and only there."""
    with scope.everything():
        waiting = set(CaseAnswer.objects.filter(state__in=TO_DO).order_by().values_list("community_id", flat=True))
        duties = set(Duty.objects.filter(kind=TELL_DUTY, closed_at=None).values_list("record_id", flat=True))
        for pk in sorted(waiting - duties)[:AT_MOST]:
            yield f"community {pk} has answers to tell and nobody's duty to tell them"
        for pk in sorted(duties - waiting)[:AT_MOST]:
            yield f"community {pk} has a duty to tell answers and none to tell"


def nothing_sealed_is_shown() -> Iterator[str]:
    """No photo of what is confidential, anonymous or mediated is public; no joined case is on the board."""
    with scope.everything():
        shown = CaseReport.objects.filter(pictures__is_public=True).filter(
            ~Q(confidentiality="open") | Q(case__is_mediated=True)
        )
        for pk in shown.order_by("pk").values_list("pk", flat=True).distinct()[:AT_MOST]:
            yield f"voice {pk} is sealed and has a photo that everybody sees"
        gone = Case.objects.filter(is_public=True, state__in=("joined", "withdrawn")).order_by("pk")
        for pk in gone.values_list("pk", flat=True)[:AT_MOST]:
            yield f"case {pk} was joined or taken back and is on the board"
