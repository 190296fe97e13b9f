"""What `verify` asks about needs: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum

from lianxin.domain.needs.commands.reminding import TELL_DUTY, TO_DO
from lianxin.domain.needs.models import Answer, Need, NeedReport
from lianxin.platform import scope
from lianxin.platform.clock import local_day
from lianxin.platform.models import Duty, kind_of

AT_MOST = 20


def counts_are_those_of_voices() -> Iterator[str]:
    """Voices, households, people and days of an entry are those of its joined voices."""
    with scope.everything():
        joined = NeedReport.objects.filter(need=OuterRef("pk"), state=NeedReport.State.JOINED).order_by().values("need")
        rows = Need.objects.annotate(
            n_voices=Subquery(joined.annotate(n=Count("pk")).values("n")),
            n_homes=Subquery(joined.annotate(n=Count("household", distinct=True)).values("n")),
            n_people=Subquery(joined.annotate(n=Sum("people")).values("n")),
            first_at=Subquery(joined.annotate(n=Min("heard_at")).values("n")),
            last_at=Subquery(joined.annotate(n=Max("heard_at")).values("n")),
        )
        told = 0
        for row in rows.order_by("pk").iterator(chunk_size=1000):
            said = (row.voices, row.households, row.people)
            are = (row.n_voices or 0, row.n_homes or 0, row.n_people or 0)
            days = not row.first_at or (
                (row.first_heard_on, row.last_heard_on) == (local_day(row.first_at), local_day(row.last_at))
            )
            if said != are or not days:
                told += 1
                yield f"entry {row.pk} says {said} voices, households and people; its voices say {are}, days {days}"
                if told >= AT_MOST:
                    return


def voices_are_at_home() -> Iterator[str]:
    """A joined voice is of the community of its entry, and an anonymous one names nobody."""
    with scope.everything():
        strayed = NeedReport.objects.filter(need__isnull=False).exclude(community=F("need__community"))
        for pk in strayed.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"voice {pk} is of another community than its entry"
        named = NeedReport.objects.filter(is_anonymous=True).filter(Q(person__isnull=False) | ~Q(guest_name=""))
        for pk in named.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"voice {pk} is anonymous and names somebody"


def waiting_answers_are_duties() -> Iterator[str]:
    """Where answers wait to be told by phone or on paper, somebody has a duty to tell them; and only there."""
    with scope.everything():
        waiting = set(Answer.objects.filter(state__in=TO_DO).order_by().values_list("community_id", flat=True))
        duties = set(Duty.objects.filter(kind=TELL_DUTY, closed_at=None).values_list("record_id", flat=True))
        for pk in sorted(waiting - duties)[:AT_MOST]:
            yield f"community {pk} has answers to tell and nobody's duty to tell them"
        for pk in sorted(duties - waiting)[:AT_MOST]:
            yield f"community {pk} has a duty to tell answers and none to tell"


def closed_entries_are_answerable() -> Iterator[str]:
    """What cannot be met has a reason, and what was answered belongs to the community of its voice."""
    with scope.everything():
        strayed = Answer.objects.exclude(community=F("report__community"))
        for pk in strayed.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"{kind_of(Answer)} {pk} is of another community than its voice"
