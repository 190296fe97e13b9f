"""What votes and opinion maps hold about one person: given out, erased, and forgotten when its time is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.domain.people.models import Person
from lianxin.domain.voice.commands import opinion_voters
from lianxin.domain.voice.commands.ballots import PROXY_PURPOSE
from lianxin.domain.voice.commands.registers import WITHOUT_NAMES
from lianxin.domain.voice.models import AssentRegister, Ballot, OpinionMap, OpinionVoter, RegisterFlat, Vote
from lianxin.domain.voice.queries import opinion_maps
from lianxin.domain.voice.rules.assent_export import owners_of
from lianxin.domain.voice.rules.registers import square_metres
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import digest

NAME_DAYS = 1825
AT_ONCE = 20
OVER = (Vote.State.CLOSED, Vote.State.VOID)


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give a person's ballots, the flats of their household in registers, and what they said on opinion maps."""
    with scope.everything():
        ballots = [
            {
                "vote": one.vote.question,
                "choice": one.choice,
                "reason": one.reason,
                "cast_at": one.cast_at.isoformat(),
                "counts": not one.is_replaced,
            }
            for one in Ballot.objects.filter(person=person).select_related("vote").order_by("cast_at", "pk")
        ]
        homes = Person.objects.filter(pk=person).values("household")
        flats = [
            {"register": one.register.name, "flat": one.flat, "area_m2": square_metres(one.area_dm2)}
            for one in RegisterFlat.objects.filter(household__in=homes).select_related("register").order_by("pk")
        ]
        opinions = [
            {
                "question": row.question,
                "answers": [
                    {"statement": one.words, "answer": said} for one, said in opinion_maps.own_answers(row.pk, who)
                ],
                "sent_in": [one.words for one in opinion_maps.own_statements(who)],
            }
            for row, who in _voters_of(person)
        ]
        return ballots + flats + opinions


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of ballots and opinion maps; what was counted stays counted, and is nobody's any more."""
    with scope.everything():
        rows = Ballot.objects.filter(person=person)
        had = rows.update(person=None, voter_name=None)
        for _row, who in _voters_of(person):
            OpinionVoter.objects.filter(pk=who.pk).update(key_digest=token_hex(16))
            had += 1
        home = Person.objects.filter(pk=person).values("household")
        if not Person.objects.filter(household__in=home, state=Person.State.LIVING).exclude(pk=person).exists():
            had += RegisterFlat.objects.filter(household__in=home).update(household=None)
    return [_("Ballots and opinions, which stay counted and name nobody.")] if had else []


def purge_names(at: datetime) -> int:
    """Put numbers in the place of the names of owners and proxies so long after the last vote; the counts stay."""
    with scope.everything():
        before = at - timedelta(days=NAME_DAYS)
        later = Vote.objects.filter(register__isnull=False).filter(~Q(state__in=OVER) | Q(made_at__gte=before))
        old = AssentRegister.objects.filter(made_at__lt=before).exclude(source_words=WITHOUT_NAMES)
        rows = list(old.exclude(pk__in=later.values("register")).order_by("pk")[:AT_ONCE])
        for row in rows:
            _number_owners(row)
        rest = Ballot.objects.filter(vote__made_at__lt=before, vote__state__in=OVER, voter_name__isnull=False)
        rest.filter(vote__register=None).update(proxy_name=None, proxy_digest="")
        return len(rows) + rest.update(voter_name=None, person=None)


def _number_owners(row: AssentRegister) -> None:
    field: Any = RegisterFlat._meta.get_field("owners")
    names: dict[str, str] = {}
    for one in RegisterFlat.objects.filter(register=row).order_by("pk"):
        codes = [names.setdefault(name, str(len(names) + 1)) for name in owners_of(one.owners.reveal())]
        one.owners = field.seal("、".join(codes))
        one.save(update_fields=["owners"])
    proxy: Any = Ballot._meta.get_field("proxy_name")
    spoke: dict[str, str] = {}
    for ballot in Ballot.objects.filter(vote__register=row, proxy_name__isnull=False).order_by("pk"):
        code = spoke.setdefault(ballot.proxy_name.reveal(), f"P{len(spoke) + 1}")  # type: ignore[union-attr]
        ballot.proxy_name, ballot.proxy_digest = proxy.seal(code), digest(code, PROXY_PURPOSE)
        if ballot.proof_file is not None:
            files.forget(ids=[ballot.proof_file])
            ballot.proof_file = None
        ballot.save(update_fields=["proxy_name", "proxy_digest", "proof_file"])
    row.source_words = WITHOUT_NAMES
    row.save(update_fields=["source_words"])


def _voters_of(person: UUID) -> Iterator[tuple[OpinionMap, OpinionVoter]]:
    """Find the numbers under which a person answered: only who knows the person can work them out."""
    home = Person.objects.filter(pk=person).values("community")
    for row in OpinionMap.objects.filter(community__in=home).order_by("pk"):
        who = opinion_voters.find(row.pk, opinion_voters.key_of(row.pk, person=person, word=""))
        if who is not None:
            yield row, who
