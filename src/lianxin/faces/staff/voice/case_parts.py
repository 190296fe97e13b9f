"""The parts of a case's page as its template draws them: voices, the panel of the tier, hand-overs, the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.people.rules import roles
from lianxin.domain.voice.models import (
    Case,
    CaseAnswer,
    CasePause,
    CasePicture,
    CaseReport,
    CaseStep,
    Handover,
)
from lianxin.domain.voice.queries.cases import CaseView, ReportView
from lianxin.domain.voice.rules import act_words, receipts, states
from lianxin.domain.voice.rules.terms import term_words
from lianxin.domain.voice.rules.tiers import reasons_in_words
from lianxin.faces.kit.dates import spoken

from ..points.lists import Press
from .case_desk import CaseDesk
from .case_people import name_of
from .case_words import ANSWER_TONES, TIERS, hidden_name, light_chip

Links = list[tuple[str, Any]]
SAID_TONES = {CaseReport.Said.SOLVED: "done", CaseReport.Said.NOT_SOLVED: "stop"}
HANDED_TONES = {Handover.State.OUT: "due", Handover.State.ANSWERED: "done", Handover.State.TAKEN_BACK: "quiet"}


@dataclass(frozen=True)
class StoryLine:
    """One line of what happened."""

    at: datetime
    title: Any
    words: str
    facts: str


@dataclass
class Spoken:
    """One voice as its card shows it."""

    words: str
    who: str
    facts: str
    person_url: str = ""
    audio_url: str = ""
    pictures: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, Any] | None = None
    acts: Links = field(default_factory=list)
    is_back: bool = False


def spoken_voice(desk: CaseDesk, view: CaseView, one: ReportView, *, names: Mapping[UUID, str]) -> Spoken:
    """Give a voice as its card shows it; of a sealed one only that it is there."""
    row, case = one.row, view.case
    facts = [str(row.get_how_display()), spoken(row.heard_at)]
    if row.withdrawn_at:
        facts.append(_("taken back by who said it"))
    if one.is_sealed:
        return Spoken(
            words=hidden_name(), who=hidden_name(), facts=" · ".join(facts), is_back=row.withdrawn_at is not None
        )
    facts += [
        _("receipt %(number)s") % {"number": receipts.spaced(one.receipt)},
        _("told by: %(way)s") % {"way": row.get_channel_display()},
    ]
    if row.taken_by and names.get(row.taken_by):
        facts.append(_("written down by %(name)s") % {"name": names[row.taken_by]})
    if row.helper_name:
        facts.append(_("helped by %(name)s") % {"name": row.helper_name})
    if row.read_back_at:
        facts.append(_("read back to them"))
    return Spoken(
        words=one.words or _("(a voice note)"),
        who=name_of(desk, row, case),
        facts=" · ".join(facts),
        is_back=row.withdrawn_at is not None,
        person_url=reverse("staff:person", kwargs={"person": row.person_id}) if view.may_keep and row.person_id else "",
        audio_url=reverse("staff:case_audio", kwargs={"report": row.pk}) if row.voice_file else "",
        pictures=[_picture(picture, case, row, view) for picture in one.pictures],
        answers=[_answer(answer, view) for answer in one.answers],
        said=_said(row, names) if row.said else None,
        acts=_voice_acts(view, row),
    )


def _picture(one: CasePicture, case: Case, row: CaseReport, view: CaseView) -> dict[str, Any]:
    named = {"case_picture": one.pk}
    may_show = view.may_keep and row.confidentiality == "open" and not case.is_mediated
    text = _("Only for colleagues again") if one.is_public else _("Nobody can be recognised: show it on the board")
    return {
        "url": reverse("staff:case_picture", kwargs=named),
        "caption": one.caption,
        "press": Press(reverse("staff:case_picture_turn", kwargs=named), text) if may_show else None,
    }


def _answer(one: CaseAnswer, view: CaseView) -> dict[str, Any]:
    state = CaseAnswer.State(one.state)
    waits = state in (CaseAnswer.State.TO_TELL, CaseAnswer.State.TO_HAND)
    return {
        "head": f"{one.get_kind_display()} · {spoken(one.made_at)}",
        "words": one.words,
        "state": one.get_state_display(),
        "tone": ANSWER_TONES[state],
        "reply": one.reply,
        "url": reverse("staff:case_told", kwargs={"case_answer": one.pk}) if waits and view.may_keep else "",
    }


def _said(row: CaseReport, names: Mapping[UUID, str]) -> dict[str, Any]:
    facts = [str(row.get_said_how_display()), spoken(row.said_at) if row.said_at else ""]
    if row.said_by:
        facts.append(_("written down by %(name)s") % {"name": names.get(row.said_by, "—")})
    return {
        "label": row.get_said_display(),
        "tone": SAID_TONES[CaseReport.Said(row.said)],
        "words": row.said_words,
        "facts": " · ".join(filter(None, facts)),
    }


def _voice_acts(view: CaseView, row: CaseReport) -> Links:
    """Give what can be written down or done for one voice as the case stands."""
    case, may = view.case, set(view.acts)
    if not view.may_keep:
        may &= {"reopen"} if view.may_supervise else set()
    if row.withdrawn_at is not None or not (view.may_keep or may):
        return []
    keeps = view.may_keep
    joint = len(view.live_reports) > 1 and case.state in states.LIVE
    wanted = [
        ("case_say", _("Write down what they say"), keeps and case.state in (Case.State.DONE, Case.State.SILENT)),
        ("case_reopen", _("They want it taken up again"), "reopen" in may),
        ("case_slip", _("Print the slip"), keeps),
        ("case_channel", _("Change how they are told"), keeps),
        ("case_urge", _("They ask again"), "urge" in may),
        ("case_appeal", _("They want it treated otherwise"), "appeal" in may),
        ("case_photo", _("Add a photo"), keeps and case.state in states.OPEN),
        ("case_withdraw", _("They take it back"), "withdraw" in may),
        ("case_split", _("Take it apart again"), keeps and joint),
    ]
    return [(reverse(f"staff:{name}", kwargs={"report": row.pk}), text) for name, text, is_there in wanted if is_there]


def tier_panel(desk: CaseDesk, view: CaseView) -> dict[str, Any]:
    """Give the panel of how a case is treated: tier, clock, reasons, rules, pauses, appeals."""
    case, decisions = view.case, view.decisions
    running = decisions[-1] if decisions else None
    tone, word = light_chip(view.light, "")
    panel: dict[str, Any] = {
        "name": TIERS[case.tier],
        "light": word,
        "tone": tone,
        "due": _due_words(case),
        "reasons": [],
        "rules": "",
        "pauses": [_pause_words(one) for one in view.pauses],
        "appeal": None,
        "acts": _tier_acts(view),
    }
    if running is not None:
        said = [running.words] if running.words else []
        panel["reasons"] = [*reasons_in_words(running.reasons), *said]
        panel["rules"] = _("By %(rules)s, version %(version)d: %(term)s from %(day)s") % {
            "rules": running.rules.name,
            "version": running.rules.version,
            "term": term_words(running.term_hours, running.term_days),
            "day": spoken(running.runs_from),
        }
    asked = next((one for one in reversed(decisions) if one.appealed_at is not None), None)
    if asked is not None and asked.appealed_at is not None:
        url = ""
        if asked.appeal_decided_at is None and view.may_supervise:
            url = reverse("staff:case_answer_appeal", kwargs={"decision": asked.pk})
        panel["appeal"] = {
            "when": spoken(asked.appealed_at),
            "words": asked.appeal_words,
            "answer": asked.appeal_answer,
            "url": url,
        }
    return panel


def _due_words(case: Case) -> str:
    if case.state in states.ENDED:
        return _("Ended on %(day)s") % {"day": spoken(case.ended_at)} if case.ended_at else ""
    if case.state == Case.State.DONE:
        return _("Who brought it says until %(day)s whether it is solved") % {"day": spoken(case.confirm_by)}  # type: ignore[arg-type]
    if case.due_at is None:
        return _("Its clock stands still")
    due = _("To be done by %(moment)s") % {"moment": spoken(case.due_at)}
    if case.is_due_assumed:
        due += " " + _("(counted without that year's list of holidays, which is not published yet)")
    return due


def _pause_words(one: CasePause) -> str:
    said = f"{one.get_reason_display()}: {one.words}"
    if one.resumed_at is None:
        return _("Waits since %(day)s (%(words)s), looked at again by %(again)s") % {
            "day": spoken(one.paused_at),
            "words": said,
            "again": spoken(one.look_again_by),
        }
    return _("Waited from %(day)s to %(until)s (%(words)s)") % {
        "day": spoken(one.paused_at),
        "until": spoken(one.resumed_at),
        "words": said,
    }


def _tier_acts(view: CaseView) -> Links:
    may, keeps = set(view.acts), view.may_keep
    waits = view.case.state == Case.State.WAITING
    wanted = [
        ("case_tier", _("Treat it otherwise"), "decide_tier" in may),
        ("case_pause", _("It has to wait"), keeps and "pause" in may),
        ("case_prolong", _("It still has to wait"), keeps and waits),
        ("case_hand_over", _("Hand it over"), "hand_over" in may),
    ]
    named = {"case": view.case.pk}
    return [(reverse(f"staff:{name}", kwargs=named), text) for name, text, is_there in wanted if is_there]


def handed(desk: CaseDesk, one: Handover, names: Mapping[UUID, str]) -> dict[str, Any]:
    """Give a hand-over as its card shows it."""
    by = names.get(one.handed_by, "") if one.handed_by else ""
    facts = [
        str(one.get_kind_display()),
        _("since %(day)s") % {"day": spoken(one.handed_at)},
        _("answer by %(day)s") % {"day": spoken(one.answer_by)},
        _("their number %(number)s") % {"number": one.their_number} if one.their_number else "",
        _("handed over by %(name)s") % {"name": by} if by else "",
    ]
    if one.reminded:
        facts.append(ngettext("reminded %(n)d time", "reminded %(n)d times", one.reminded) % {"n": one.reminded})
    is_out = one.state == Handover.State.OUT
    is_late = is_out and one.answer_by < desk.on
    named = {"handover": one.pk}
    acts: Links = []
    presses: list[Press] = []
    if is_out and desk.keeps:
        acts = [
            (reverse("staff:case_outside_answered", kwargs=named), _("They answered")),
            (reverse("staff:case_take_back", kwargs=named), pgettext("handover", "Take it back")),
        ]
        presses = [Press(reverse("staff:case_remind", kwargs=named), _("I reminded them"))]
    return {
        "name": one.name,
        "state": _("no answer in time") if is_late else one.get_state_display(),
        "tone": "stop" if is_late else HANDED_TONES[Handover.State(one.state)],
        "words": one.words,
        "facts": " · ".join(filter(None, facts)),
        "answer": one.answer,
        "acts": acts,
        "presses": presses,
    }


def story_of(steps: Sequence[CaseStep], names: Mapping[UUID, str]) -> list[StoryLine]:
    """Word the steps of a case, newest first, with who took each."""
    return [
        StoryLine(
            at=step.done_at,
            title=act_words.words_of(step.act),
            words=step.words,
            facts=" · ".join(
                filter(
                    None,
                    (
                        _by_whom(step, names),
                        _("they can read this") if step.is_public and step.words else "",
                    ),
                )
            ),
        )
        for step in sorted(steps, key=lambda one: (one.done_at, one.pk), reverse=True)
    ]


def _by_whom(step: CaseStep, names: Mapping[UUID, str]) -> str:
    if step.by is not None and step.by in names:
        return names[step.by]
    if step.by_role in roles.ROLES:
        return str(roles.ROLES[step.by_role].label)
    if step.by_role in ("resident", "anonymous", ""):
        return pgettext("case", "a resident, on a page") if step.by_role else _("The system")
    return _("The system")
