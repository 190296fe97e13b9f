"""A vote counted from its ballots: inside the close, for the check of `verify`, and for the files to take away."""

from typing import Any

from lianxin.domain.voice.models import Ballot, RegisterFlat, Vote
from lianxin.domain.voice.rules import assent_export, ballots
from lianxin.domain.voice.rules.assent_export import AssentRow


def work_out(vote: Vote) -> tuple[dict[str, Any], bytes]:
    """Count a vote; gives the result and the file, without names, that it can be counted from again."""
    if vote.method == Vote.Method.ASSENT:
        rows = assent_export.numbered(assent_rows(vote))
        limit = vote.terms.get("proxy_limit")
        return ballots.count_assent(rows, weight=vote.weight, proxy_limit=limit), assent_export.as_csv(rows)
    papers = papers_of(vote)
    return ballots.count_papers(vote, papers), ballots.papers_as_csv(vote, papers)


def assent_rows(vote: Vote) -> list[AssentRow]:
    """Give every flat of the register with its vote and the names of owners and proxies."""
    said = {
        one.flat_id: (one.choice["choice"], one.proxy_name.reveal() if one.proxy_name is not None else "")
        for one in Ballot.objects.filter(vote=vote, is_replaced=False, flat__isnull=False)
    }
    rows = [
        AssentRow(one.flat, one.area_dm2, assent_export.owners_of(one.owners.reveal()), *said.get(one.pk, ("", "")))
        for one in RegisterFlat.objects.filter(register=vote.register_id)
    ]
    return assent_export.in_order(rows)


def papers_of(vote: Vote) -> list[ballots.Paper]:
    """Give the ballots that count, in the order in which they were cast."""
    rows = Ballot.objects.filter(vote=vote, is_replaced=False).order_by("cast_at", "pk")
    return [
        ballots.Paper(str(number), one.choice, one.reason, one.answered_at is not None)
        for number, one in enumerate(rows, 1)
    ]


def named_file(vote: Vote) -> bytes:
    """Give the file of an assent vote with names, for the owners' own count."""
    return assent_export.as_csv(assent_rows(vote))
