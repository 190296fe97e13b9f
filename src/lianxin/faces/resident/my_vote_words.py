"""What a resident reads of a vote that asks them: why they may vote, what is needed, who sees it, what they voted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.domain.voice.models import Ballot, Vote
from lianxin.domain.voice.queries.own_votes import Say, Slot
from lianxin.domain.voice.rules import ballot_words, receipts, voters
from lianxin.domain.voice.rules.registers import square_metres
from lianxin.engines.masking import mask_name

Method = Vote.Method


def basis_of(say: Say) -> str:
    """Say why somebody has a vote, or nothing where they have none."""
    if not say.is_entitled:
        return ""
    if say.vote.method != Method.ASSENT:
        return _("Every resident of %(place)s of 18 years or more has one vote.") % {
            "place": say.vote.community.short_name
        }
    flats = "、".join(_flat(one) for one in say.slots)
    return _("Owner in the register “%(register)s”: %(flats)s.") % {
        "register": say.vote.register.name if say.vote.register else "",
        "flats": flats,
    }


def needed_for(vote: Vote) -> str:
    """Say which share carries an owners' vote, by which law; nothing for other votes."""
    if vote.method != Method.ASSENT:
        return ""
    if vote.weight == Vote.Weight.MAJOR:
        return _(
            "Civil Code, article 278: owners with two thirds of the area and two thirds of the heads take part; of "
            "these, three quarters of the area and of the heads agree."
        )
    return _(
        "Civil Code, article 278: owners with two thirds of the area and two thirds of the heads take part; of these, "
        "more than half of the area and of the heads agree."
    )


def seen_by(vote: Vote) -> str:
    """Say who sees what somebody votes."""
    if voters.is_secret(vote):
        return _("Secret: nobody at the centre sees who voted what. The result names nobody.")
    if vote.method == Method.ASSENT:
        return _("The centre counts flat by flat and sees how each flat voted. The result names nobody.")
    return _("The centre, which counts, sees who voted what. The result names nobody.")


def ballot_lines(say: Say, *, account: UUID | None) -> list[dict[str, Any]]:
    """Give the ballots that are in, each with what of it this reader may see."""
    return [_line(say, one, one.ballot, account) for one in say.slots if one.ballot is not None]


def _line(say: Say, slot: Slot, ballot: Ballot, account: UUID | None) -> dict[str, Any]:
    by_me = account is not None and ballot.recorded_by == account and ballot.how == Ballot.How.PAGE
    # An owner reads what stands for their flat, unless another owner said it; a proxy only what they said themselves.
    is_told = by_me if say.by_proxy else by_me or ballot.person_id == say.person or ballot.how != Ballot.How.PAGE
    return {
        "flat": slot.flat.flat if slot.flat is not None else "",
        "said": ballot_words.lines_of(say.vote, ballot.choice) if is_told else [],
        "reason": ballot.reason if is_told else "",
        "answer": ballot.answer if is_told else "",
        "at": ballot.cast_at,
        "by": "" if by_me else _by(ballot),
        "number": receipts.spaced(receipts.number_of_ballot(ballot.pk)) if is_told else "",
        "why_not": "" if by_me or say.vote.state != Vote.State.OPEN else slot.why_not,
    }


def _by(ballot: Ballot) -> str:
    if ballot.proxy_name is not None:
        return _("%(name)s, as proxy") % {"name": mask_name(ballot.proxy_name.reveal())}
    if ballot.how == Ballot.How.PAGE and ballot.voter_name is not None:
        return mask_name(ballot.voter_name.reveal())
    return pgettext("own ballot", "the centre") + " · " + ballot.get_how_display()


def consequences(say: Say, *, said: list[str], reason: str, is_change: bool, until: str) -> list[str]:
    """Say what happens when a ballot is sent."""
    targets = [one for one in say.slots if one.ballot is None or (is_change and one.may_replace)]
    lines = [_("You vote: %(choice)s") % {"choice": "；".join(said)}]
    if reason:
        lines.append(_("Your reason: %(reason)s") % {"reason": reason})
    if say.vote.method == Method.ASSENT:
        lines.append(_("It counts for: %(flats)s") % {"flats": "、".join(_flat(one) for one in targets)})
    if is_change:
        lines.append(_("It takes the place of the earlier vote."))
    if say.by_proxy:
        lines.append(
            _("You vote for %(name)s. After sending you cannot change it here.") % {"name": mask_name(say.name)}
        )
    elif until:
        lines.append(_("You can change it until %(moment)s.") % {"moment": until})
    else:
        lines.append(_("You can change it until the vote is counted."))
    lines.append(seen_by(say.vote))
    return lines


def _flat(slot: Slot) -> str:
    if slot.flat is None:
        return ""
    return _("%(flat)s (%(area)s m²)") % {"flat": slot.flat.flat, "area": square_metres(slot.flat.area_dm2)}
