"""What `verify` asks about votes and opinion maps: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum

from lianxin.domain.voice.models import AssentRegister, Ballot, MapResult, OpinionMap, Vote
from lianxin.domain.voice.queries import opinion_votes, vote_counts
from lianxin.domain.voice.rules import assent_export, opinion_results
from lianxin.platform import scope

AT_MOST = 20


def results_are_counted_ballots() -> Iterator[str]:
    """A closed vote's result, and the digest of its file, are what its ballots give when they are counted again."""
    with scope.everything():
        told = 0
        for row in Vote.objects.filter(state=Vote.State.CLOSED).order_by("pk").iterator(chunk_size=100):
            result, export = vote_counts.work_out(row)
            if result != row.result or assent_export.digest(export) != row.export_digest:
                told += 1
                yield f"vote {row.pk} has another result than its ballots give"
            if told >= AT_MOST:
                return


def ballots_are_counted() -> Iterator[str]:
    """A vote counts the ballots that it has, and each is of its community and its register."""
    with scope.everything():
        rows = Vote.objects.annotate(n=Count("ballots", filter=Q(ballots__is_replaced=False)))
        for pk, said, are in rows.exclude(ballots_count=F("n")).values_list("pk", "ballots_count", "n")[:AT_MOST]:
            yield f"vote {pk} says {said} ballots and has {are}"
        strayed = Ballot.objects.exclude(community=F("vote__community")) | Ballot.objects.filter(
            flat__isnull=False
        ).exclude(flat__register=F("vote__register"))
        for pk in strayed.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
            yield f"ballot {pk} is of another community or register than its vote"


def registers_are_their_flats() -> Iterator[str]:
    """A register's flats and area are those of its rows."""
    with scope.everything():
        rows = AssentRegister.objects.annotate(n=Count("rows"), area=Sum("rows__area_dm2"))
        for row in rows.order_by("pk"):
            if (row.flats, row.area_dm2) != (row.n, row.area or 0):
                yield f"register {row.pk} says {row.flats} flats of {row.area_dm2}; its rows are {row.n} of {row.area}"


def maps_are_their_votes() -> Iterator[str]:
    """A map's voters are those who came; the result of a closed one is of its votes, weighed anew by its groups."""
    with scope.everything():
        rows = OpinionMap.objects.annotate(n=Count("people"))
        for pk, said, are in rows.exclude(voters=F("n")).values_list("pk", "voters", "n")[:AT_MOST]:
            yield f"map {pk} says {said} voters and has {are}"
        closed = MapResult.objects.filter(map__state=OpinionMap.State.CLOSED)
        for result in closed.order_by("pk").iterator(chunk_size=50):
            latest = opinion_votes.latest_of(result.map_id)
            if opinion_results.digest(latest) != result.votes_digest:
                yield f"the result of map {result.map_id} is of other votes than it has"
            elif (
                opinion_results.figures_again(latest, result.content["figures"]["groups"]) != result.content["figures"]
            ):
                yield f"the result of map {result.map_id} has other figures than its votes give"
