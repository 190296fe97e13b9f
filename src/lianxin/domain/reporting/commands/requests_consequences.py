"""What becomes of requests when communities become part of another, and of answers when their time is over."""

from datetime import datetime, timedelta

from django.utils.translation import ngettext

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.reporting.models import Demand, RequestAnswer, RequestPlace, RequestReach
from lianxin.domain.reporting.queries.requests_checks import ANSWER
from lianxin.platform import duties, files, locks, scope
from lianxin.platform.actors import Actor

# Figures need no answers any more after three years, and files may name people.
ANSWER_DAYS = 1095
AT_ONCE = 500


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Ask the successor what the ended communities still owed, once; what they answered stays where it was counted."""
    ended = [one for one in event.divisions if one != event.into]
    with scope.everything():
        for place in RequestPlace.objects.filter(community__in=ended).select_related("request").order_by("pk"):
            if place.request.state in ("draft", "sent"):
                RequestPlace.objects.get_or_create(request=place.request, community_id=event.into)
        for reach in locks.lock(RequestReach.objects.filter(community__in=ended, state=RequestReach.State.ASKED)):
            duties.close(kind=ANSWER, record=reach)
            reach.state = RequestReach.State.LAPSED
            reach.save(update_fields=["state"])
        Demand.objects.filter(community__in=ended, state=Demand.State.OPEN).update(state=Demand.State.DONE, ended_at=at)


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many requests nobody has to answer any more."""
    ended = [one for one in event.divisions if one != event.into]
    with scope.everything():
        count = RequestReach.objects.filter(community__in=ended, state=RequestReach.State.ASKED).count()
    words = ngettext(
        "%(n)d request of an upper office need not be answered for the old community.",
        "%(n)d requests of upper offices need not be answered for the old communities.",
        count,
    )
    return [words % {"n": count}] * (count > 0)


def purge_answers(at: datetime) -> int:
    """Forget what was answered so long ago, with its files; that it was asked stays. Gives how many."""
    with scope.everything():
        old = RequestAnswer.objects.filter(answered_at__lt=at - timedelta(days=ANSWER_DAYS)).order_by("answered_at")
        rows = list(old[:AT_ONCE])
        files.forget(ids=[one.file_id for one in rows if one.file_id])
        RequestAnswer.objects.filter(pk__in=[one.pk for one in rows]).delete()
        return len(rows)
