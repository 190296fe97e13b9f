"""How hard a case is: criteria as data, read from the top, and the reasons in words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.voice.models.cases import Subject, Tier

Criteria = Sequence[Mapping[str, Any]]
Reasons = list[list[Any]]
SUBJECT, DANGER, VOICES, PARTIES, WORDS, OTHERWISE = "subject", "danger", "voices", "parties", "words", "otherwise"
# Reasons of decisions that no criterion gave.
LATE, APPEAL, BY_HAND, AGAIN = "late", "appeal", "by_hand", "again"
MOST_CRITERIA, MOST_WORDS, LONGEST_WORD, MOST_VOICES, MOST_PARTIES = 30, 60, 20, 10_000, 20
CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")


def classify(
    criteria: Criteria, *, subject: str, is_danger: bool, voices: int, words: str, asked_parties: int = 0
) -> tuple[str, Reasons]:
    """Give the tier of the first criterion that holds and what held; simple where none does."""
    said = "".join(words.split()).casefold()
    for criterion in criteria:
        reasons: Reasons = []
        # Sorted, as databases keep an object's keys in different orders.
        for kind, wanted in sorted(criterion["when"].items()):
            held = _holds(kind, wanted, subject, is_danger, voices, said, asked_parties)
            if held is None:
                break
            reasons.append([kind, held])
        else:
            return str(criterion["tier"]), reasons
    return Tier.SIMPLE, [[OTHERWISE, ""]]


def _holds(kind: str, wanted: Any, subject: str, is_danger: bool, voices: int, said: str, parties: int) -> Any:
    """Give what held of one condition, or None."""
    if kind == SUBJECT:
        return subject if subject in wanted else None
    if kind == DANGER:
        return "" if is_danger else None
    if kind == VOICES:
        return voices if voices >= wanted else None
    if kind == PARTIES:
        return parties if parties >= wanted else None
    return next((word for word in wanted if "".join(word.split()).casefold() in said), None)


def check_criteria(criteria: Any) -> list[str]:
    """Give a sentence for each thing that is wrong with criteria; none when they can be used."""
    if not isinstance(criteria, list):
        return [_("Criteria are a list.")]
    wrong = []
    if len(criteria) > MOST_CRITERIA:
        wrong.append(_("At most %(most)d criteria.") % {"most": MOST_CRITERIA})
    seen: set[str] = set()
    for place, criterion in enumerate(criteria[:MOST_CRITERIA], start=1):
        sentence = _check_criterion(criterion, seen)
        if sentence:
            wrong.append(_("Criterion %(n)d: %(why)s") % {"n": place, "why": sentence})
    return wrong


def _check_criterion(criterion: Any, seen: set[str]) -> str:
    if not isinstance(criterion, dict) or set(criterion) != {"code", "when", "tier"}:
        return _("It needs a code, conditions and a tier.")
    code = criterion["code"]
    if not isinstance(code, str) or not CODE.fullmatch(code):
        return _("Its code is made of small letters, digits and _, and begins with a letter.")
    if code in seen:
        return _("The code “%(code)s” is used twice.") % {"code": code}
    seen.add(code)
    if criterion["tier"] not in Tier.values:
        return _("Choose simple, fast or by all.")
    when = criterion["when"]
    if not isinstance(when, dict) or not when:
        return _("Give at least one condition; without any it would hold for every case.")
    return next((sentence for kind, wanted in when.items() if (sentence := _check_condition(kind, wanted))), "")


def _check_condition(kind: Any, wanted: Any) -> str:
    if kind == SUBJECT:
        if not isinstance(wanted, list) or not wanted or not set(map(str, wanted)) <= set(Subject.values):
            return _("Choose subjects from the list.")
    elif kind == DANGER:
        if wanted is not True:
            return _("Danger is asked for or left out.")
    elif kind in (VOICES, PARTIES):
        most = MOST_VOICES if kind == VOICES else MOST_PARTIES
        if not isinstance(wanted, int) or isinstance(wanted, bool) or not 2 <= wanted <= most:
            return _("Give a number from 2 to %(most)d.") % {"most": most}
    elif kind == WORDS:
        return _check_words(wanted)
    else:
        return _("The condition “%(name)s” is not known.") % {"name": str(kind)[:20]}
    return ""


def _check_words(wanted: Any) -> str:
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_WORDS:
        return _("Give 1 to %(most)d words.") % {"most": MOST_WORDS}
    if not all(isinstance(word, str) and 1 <= len("".join(word.split())) <= LONGEST_WORD for word in wanted):
        return _("A word has 1 to %(most)d characters.") % {"most": LONGEST_WORD}
    return ""


def condition_words(when: Mapping[str, Any]) -> list[str]:
    """Say in words what one criterion asks for; all of it must hold."""
    found = []
    for kind, wanted in when.items():
        if kind == SUBJECT:
            names = [str(Subject(one).label) for one in wanted if one in Subject.values]
            found.append(_("it is about %(subjects)s") % {"subjects": _(", ").join(names)})
        elif kind == DANGER:
            found.append(_("somebody is in danger"))
        elif kind == VOICES:
            found.append(
                ngettext("at least %(n)d person said it", "at least %(n)d people said it", wanted) % {"n": wanted}
            )
        elif kind == PARTIES:
            found.append(_("at least %(n)d sides have to agree") % {"n": wanted})
        else:
            found.append(_("it says one of: %(words)s") % {"words": _(", ").join(wanted)})
    return found


def reasons_in_words(reasons: Sequence[Sequence[Any]]) -> list[str]:
    """Say in words why a case has its tier."""
    return [_reason_words(str(kind), held) for kind, held in reasons]


def _reason_words(kind: str, held: Any) -> str:
    if kind == SUBJECT:
        label = Subject(held).label if held in Subject.values else held
        return _("It is about: %(subject)s.") % {"subject": label}
    if kind == VOICES:
        return ngettext("%(n)d person said it.", "%(n)d people said it.", held) % {"n": held}
    if kind == PARTIES:
        return _("%(n)d sides have to agree.") % {"n": held}
    if kind == WORDS:
        return _("It says “%(word)s”.") % {"word": held}
    if kind == LATE:
        label = Tier(held).label if held in Tier.values else held
        return _("It was not done within the term of the tier “%(tier)s”.") % {"tier": label}
    plain = {
        DANGER: _("Somebody is in danger."),
        OTHERWISE: _("Nothing of it asks for more than the simple way."),
        APPEAL: _("A reporter asked for it, and the office above agreed."),
        BY_HAND: _("An office decided so."),
        AGAIN: _("It is being worked on again, and its term begins anew."),
    }
    return plain.get(kind, kind)
