"""What is done with a vote: drafted, changed, opened, prolonged, counted, declared void, published, taken away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.voice.commands import votes
from lianxin.domain.voice.models import AssentRegister, Vote
from lianxin.domain.voice.queries import registers as reading_registers
from lianxin.domain.voice.queries import vote_counts
from lianxin.domain.voice.queries import votes as reading_votes
from lianxin.domain.voice.rules.vote_terms import content_of
from lianxin.faces.kit.acting import key_of, press
from lianxin.platform import scope
from lianxin.platform.audit import record_look
from lianxin.platform.errors import Missing

from ..acting import ActForm, answer_form, confirm_first, long_text
from .vote_desk import HOMES, VoteDesk, desk_of, only_community, vote_url
from .vote_forms import ProlongForm, VoteForm, WhyForm
from .vote_gate import keeper_presses, keeping, open_vote, reading
from .vote_page import way_of
from .vote_words import metres

State, Method = Vote.State, Vote.Method
CSV = "text/csv; charset=utf-8"


class LookForm(ActForm):
    """Why somebody takes the names along."""

    reason = long_text(pgettext_lazy("vote", "What for"), most=200, rows=2, required=True)


def _registers(desk: VoteDesk) -> list[AssentRegister]:
    with scope.within(desk.actor.communities):
        return list(reading_registers.list_registers(actor=desk.actor)[:200])


@keeping
def new(request: HttpRequest) -> HttpResponse:
    """Ask how the vote is held, then what it is about."""
    desk = desk_of(request)
    method = request.GET.get("method", "")
    crumbs = [(HOMES["votes"], reverse("staff:votes")), (_("New vote"), "")]
    if method not in Method.values:
        rest = {name: request.GET[name] for name in ("matter", "meeting", "register") if name in request.GET}
        ways = [(one, one.label, WHEN[one]) for one in (Method.ASSENT, Method.HANDS, Method.CONSENT, Method.SCORE,
                                                        Method.SCHULZE)]  # fmt: skip
        tail = "".join(f"&{name}={quote(value)}" for name, value in rest.items())
        context = {
            "title": _("New vote"),
            "crumbs": crumbs,
            "ways": [(f"?method={one}{tail}", label, words) for one, label, words in ways],
        }
        return render(request, "staff/voice/votes/choose.html", context)
    registers = _registers(desk) if method == Method.ASSENT else []
    form = VoteForm(
        request.POST or None,
        desk=desk,
        method=method,
        registers=registers,
        initial={"register": request.GET.get("register", "")},
    )

    def do(entered: dict[str, Any]) -> Vote:
        register = _chosen(entered, registers)
        community = register.community_id if register else entered.get("community") or only_community(desk.actor)
        if community is None:
            raise Missing
        made: Vote = votes.draft(
            actor=desk.actor,
            community=UUID(str(community)),
            content=form.content(entered),
            register=register.pk if register else None,
            matter=_id(request.GET.get("matter", "")),
            meeting=_id(request.GET.get("meeting", "")),
            at=desk.at,
            key=entered["key"],
        )
        return made

    return answer_form(
        request,
        form,
        do=do,
        then=lambda row: vote_url(row.pk),
        said=_("Kept as a draft. Nothing is voted on until you open it."),
        title=" · ".join([_("New vote"), str(Method(method).label)]),
        lead=WHEN[Method(method)],
        button=_("Keep the draft"),
        cancel_url=reverse("staff:votes"),
        crumbs=crumbs,
    )


WHEN: dict[str, Any] = {
    Method.ASSENT: gettext_lazy(
        "For owners of a building: flats and areas of a fixed register count, as the Civil Code asks."
    ),
    Method.HANDS: gettext_lazy("In a hall: hands for and against are counted."),
    Method.CONSENT: gettext_lazy(
        "For a small round: it stands when nobody has an objection that is left without an answer."
    ),
    Method.SCORE: gettext_lazy("For several choices: everybody gives each of them points."),
    Method.SCHULZE: gettext_lazy("For several choices: everybody puts them into an order."),
}


def _chosen(entered: dict[str, Any], registers: list[AssentRegister]) -> AssentRegister | None:
    return next((one for one in registers if str(one.pk) == entered.get("register")), None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@keeping
def edit(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Change a vote that was not opened yet."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    registers = [one for one in _registers(desk) if one.community_id == row.community_id]
    form = VoteForm(
        request.POST or None, desk=desk, method=row.method, registers=registers, is_new=False, initial=_fresh(row)
    )
    return answer_form(
        request,
        form,
        do=lambda entered: votes.change(
            actor=desk.actor,
            vote=vote,
            content=form.content(entered),
            register=chosen.pk if (chosen := _chosen(entered, registers)) else None,
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: vote_url(vote),
        said=_("Saved."),
        fresh=lambda: _fresh(open_vote(desk.actor, vote)),
        title=_("Change the vote"),
        button=_("Save"),
        cancel_url=vote_url(vote),
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Change"))],
    )


def _fresh(row: Vote) -> dict[str, Any]:
    content = content_of(row)
    return {
        "question": content.question,
        "register": str(row.register_id) if row.register_id else "",
        "weight": content.weight,
        "proxy_limit": content.proxy_limit,
        "options": "\n".join(content.options),
        "most_points": content.most_points,
        "quorum": content.quorum or None,
        "eligible": content.eligible or None,
        "on_page": bool(content.on_page),
        "is_secret": content.is_secret,
        "opens_at": content.opens_at,
        "closes_at": content.closes_at,
        "version": row.version,
    }


@keeper_presses
def open_it(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Open a vote."""
    desk = desk_of(request)
    open_vote(desk.actor, vote)
    return press(
        request,
        do=lambda: votes.open_vote(actor=desk.actor, vote=vote, at=desk.at, key=key_of(request)),
        back=vote_url(vote),
        said=_("The vote is open."),
    )


@keeper_presses
def publish(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Show a vote to everybody, or no longer."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    return press(
        request,
        do=lambda: votes.publish(
            actor=desk.actor, vote=vote, is_public=not row.is_public, at=desk.at, key=key_of(request)
        ),
        back=vote_url(vote),
        said=_("It is no longer on the public page.") if row.is_public else _("Everybody can read it now."),
    )


@keeping
def prolong(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Let an open vote run longer, with the reason."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    return answer_form(
        request,
        ProlongForm(request.POST or None, initial={"version": row.version, "closes_at": row.closes_at}),
        do=lambda entered: votes.prolong(
            actor=desk.actor,
            vote=vote,
            closes_at=entered["closes_at"],
            words=entered["words"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: vote_url(vote),
        said=_("It runs longer now."),
        title=_("Let it run longer"),
        button=_("Let it run longer"),
        cancel_url=vote_url(vote),
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Let it run longer"))],
    )


class CloseForm(WhyForm):
    """Nothing to say: a vote is counted as it is."""

    words = None  # type: ignore[assignment]


@keeping
def close(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Count a vote after telling what will be counted."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    return confirm_first(
        request,
        CloseForm(request.POST or None, initial={"version": row.version}),
        do=lambda entered: votes.close(
            actor=desk.actor, vote=vote, version=entered["version"], at=desk.at, key=entered["key"]
        ),
        preview=lambda _entered: _what_counts(desk, row),
        then=lambda _row: vote_url(vote),
        said=_("Counted."),
        question=_("Count this vote?"),
        text=_("After the count no ballot can be entered or changed."),
        button=_("Count it"),
        cancel_url=vote_url(vote),
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Count it"))],
    )


def _what_counts(desk: VoteDesk, row: Vote) -> list[str]:
    lines = [_("%(n)d ballots are entered.") % {"n": row.ballots_count}]
    if row.method == Method.ASSENT and row.state != State.CLOSED:
        with scope.within(desk.actor.communities):
            so_far = reading_votes.participation_of(row)
        lines.append(
            _("%(heads)d of %(all)d owners and %(area)s of %(whole)s took part.")
            % {
                "heads": so_far.took_part.heads,
                "all": so_far.whole.heads,
                "area": metres(so_far.took_part.area),
                "whole": metres(so_far.whole.area),
            }
        )
        lines.append(_("That is enough.") if so_far.enough else _("That is not enough: nothing would be carried."))
    return lines


@keeping
def void(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Declare a vote void, with the reason that everybody reads."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    return answer_form(
        request,
        WhyForm(request.POST or None, initial={"version": row.version}),
        do=lambda entered: votes.void(
            actor=desk.actor,
            vote=vote,
            words=entered["words"],
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        ),
        then=lambda _row: vote_url(vote),
        said=_("The vote is void. Its ballots stay on record and count for nothing."),
        title=_("Declare the vote void"),
        lead=_("Everybody who sees the vote reads the reason."),
        button=_("Declare it void"),
        cancel_url=vote_url(vote),
        crumbs=[(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Declare it void"))],
    )


@reading
def file(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Give the table without names from which a closed vote can be counted again."""
    desk = desk_of(request)
    with scope.within(desk.actor.communities):
        row = open_vote(desk.actor, vote)
        if row.state != State.CLOSED:
            raise Missing
        body = vote_counts.work_out(row)[1]
    return as_file(body, _("Vote %(number)d") % {"number": row.number} + ".csv")


@keeping
def file_with_names(request: HttpRequest, vote: UUID) -> HttpResponse:
    """Give the table with names to the office, which says what for; that is kept in the log."""
    desk = desk_of(request)
    row = open_vote(desk.actor, vote)
    if row.state != State.CLOSED or row.method != Method.ASSENT:
        raise Missing
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_look(actor=desk.actor, record=row, field="owners", reason=form.cleaned_data["reason"], at=desk.at)
        with scope.within(desk.actor.communities):
            body = vote_counts.named_file(row)
        return as_file(body, _("Vote %(number)d with names") % {"number": row.number} + ".csv")
    context = {
        "form": form,
        "title": _("Table with names"),
        "lead": _("It names every owner and says how each flat voted. Hand it to nobody but those who count."),
        "button": _("Download the table"),
        "cancel_url": vote_url(vote),
        "crumbs": [(HOMES["votes"], reverse("staff:votes")), *way_of(row, _("Table with names"))],
    }
    return render(request, "staff/form.html", context, status=422 if form.errors else 200)


def as_file(body: bytes, name: str, content_type: str = CSV) -> HttpResponse:
    """Give something to keep."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(body, content_type=content_type, headers={"Content-Disposition": disposition})
