"""A chain sign-up: pasted, looked at, and taken in line by line under the same guard as every other sign-up."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands.sign_ups import sign_up
from lianxin.domain.activities.models import ChainPaste, Occurrence, SignUp
from lianxin.domain.activities.rules import chain as rules
from lianxin.domain.activities.rules.eligibility import How, Somebody
from lianxin.domain.people.models import Person
from lianxin.engines.masking import mask_address, mask_name
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Missing, Problem, Refused
from lianxin.platform.sensitive import seal

TEXT_PURPOSE = "activities.chainpaste.text"
LINES_PURPOSE = "activities.chainpaste.lines"
TEXT_LONGEST = 20_000
State = ChainPaste.State


class ChainOver(Refused):
    """The chain was taken in or dropped before."""

    title = gettext_lazy("This list was taken in already. Paste it again to add those who are new.")


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """What somebody decided about a line: who it is, and that it comes in."""

    index: int
    name: str
    count: int = 1
    phone: str = ""
    person: UUID | None = None
    note: str = ""


@command("activities.read_chain")
def read_chain(*, actor: Actor, occurrence: UUID, text: str, at: datetime, key: UUID | None = None) -> ChainPaste:
    """Keep a pasted chain and read it, matched with the residents of the community; nobody is signed up yet."""
    place = _place(actor, occurrence)
    if len(text) > TEXT_LONGEST:
        raise Invalid(fields={"text": [_("The text is too long. Paste the chain alone.")]})
    chain = rules.read_chain(text)
    if not chain.lines:
        raise Invalid(fields={"text": [_("No numbered line was found. Copy the chain from the group as it is.")]})
    chain = rules.match(chain, _residents(place.community_id))
    lines = _known_already(place, chain)
    row = ChainPaste.objects.create(
        community_id=place.community_id,
        occurrence=place,
        text=seal(text, TEXT_PURPOSE),
        lines=seal(_written({"heading": chain.heading, "lines": lines}), LINES_PURPOSE),
        pasted_at=at,
        pasted_by=actor.account,
    )
    act().target(row, "pasted", {"lines": [None, len(chain.lines)], "people": [None, chain.people]})
    return row


@command("activities.take_chain")
def take_chain(
    *, actor: Actor, chain: UUID, lines: Sequence[ChosenLine], at: datetime, key: UUID | None = None
) -> ChainPaste:
    """Sign up the chosen lines in their order; what became of each line is kept with the chain.

    A line that is refused (somebody has a place already) stops no other. Raises ChainOver.
    """
    row = ChainPaste.objects.filter(pk=chain).first()
    if row is None:
        raise Missing
    place = _place(actor, row.occurrence_id)
    locks.lock_one(Occurrence.objects.filter(pk=place.pk))
    row.refresh_from_db()
    if row.state != State.READ:
        raise ChainOver
    kept = json.loads(row.lines.reveal())
    by_index = {line["index"]: line for line in kept["lines"]}
    taken = 0
    for chosen in sorted(lines, key=lambda line: line.index):
        line = by_index.get(chosen.index)
        if line is None:
            raise Invalid(_("A line is not from this list. Paste the list again."))
        taken += _take(actor, place, chosen, line, at=at)
    row.lines = seal(_written(kept), LINES_PURPOSE)
    row.state, row.taken_at = State.TAKEN, at
    row.save(update_fields=["lines", "state", "taken_at"])
    act().target(row, "taken in", {"people": [None, taken]})
    return row


@command("activities.drop_chain")
def drop_chain(*, actor: Actor, chain: UUID, at: datetime) -> ChainPaste:
    """Put a pasted chain away without signing anybody up."""
    row = ChainPaste.objects.filter(pk=chain).first()
    if row is None:
        raise Missing
    _place(actor, row.occurrence_id)
    if row.state != State.READ:
        raise ChainOver
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    act().target(row, "dropped")
    return row


def _take(actor: Actor, place: Occurrence, chosen: ChosenLine, line: dict[str, Any], *, at: datetime) -> int:
    """Sign up one line as a party: the one who is named, and those who come along."""
    along = [
        Somebody(name=_("%(name)s's companion %(number)d") % {"name": chosen.name[:24], "number": number})
        for number in range(1, max(1, chosen.count))
    ]
    if chosen.person is not None:
        first = Somebody(person=chosen.person, note=chosen.note)
    else:
        first = Somebody(name=chosen.name, phone=chosen.phone, note=chosen.note)
    try:
        made = sign_up(actor=actor, occurrence=place.pk, people=[first, *along], how=How.CHAIN, at=at)
    except Problem as problem:
        line |= {"outcome": "refused", "why": _sentence(problem), "chosen": chosen.name}
        return 0
    line |= {
        "outcome": made[0].state,
        "why": "",
        "chosen": chosen.name,
        "sign_ups": [str(one.pk) for one in made],
        "person": str(chosen.person) if chosen.person else None,
        "count": chosen.count,
    }
    return len(made)


def _sentence(problem: Problem) -> str:
    said = [str(sentence) for sentences in problem.fields.values() for sentence in sentences]
    return " ".join(said) or str(problem.detail)


def _place(actor: Actor, occurrence: UUID) -> Occurrence:
    row = Occurrence.objects.filter(pk=occurrence).select_related("activity").first()
    if row is None:
        raise Missing
    policy.require(policy.may_run(actor, row.community_id, row.venue_id))
    return row


def _residents(community: UUID) -> list[rules.Candidate]:
    rows = Person.objects.filter(community=community, state=Person.State.LIVING).order_by("pk")
    fields = rows.values_list("pk", "name", "phone_last4", "household__number", "household__address")
    return [
        rules.Candidate(pk, name, f"{mask_name(name)} · {number} · {mask_address(address)}", last4)
        for pk, name, last4, number, address in fields.iterator(chunk_size=2000)
    ]


def _known_already(place: Occurrence, chain: rules.Chain) -> list[dict[str, Any]]:
    """Write the lines down; those who have a place already are left out and say so."""
    live = SignUp.objects.filter(occurrence=place.pk, state__in=SignUp.LIVE)
    people = set(live.exclude(person=None).values_list("person", flat=True))
    names = set(live.filter(person=None).values_list("guest_name", flat=True))
    written = []
    for line in chain.lines:
        entry = asdict(line)
        if line.person in people or (line.person is None and line.name in names):
            entry["doubts"] = (*line.doubts, _("Signed up already."))
            entry["is_left_out"] = True
        written.append(entry)
    return written


def _written(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, default=str)
