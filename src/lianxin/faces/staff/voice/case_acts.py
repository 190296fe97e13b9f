"""What the office does with a case: who looks after it, how it stands, what everybody reads, how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.domain.voice.commands import closing, joining, moving, telling
from lianxin.domain.voice.models import Case
from lianxin.domain.voice.queries.case_finders import list_workers
from lianxin.faces.kit.acting import key_of, press

from ..acting import ActForm, Crumbs, answer_form
from .case_desk import CaseDesk, case_url, desk_of, home_crumb
from .case_forms import AssignForm, DeclineForm, EditForm, FinishForm, ProgressForm, PublicForm
from .case_gate import keeper_presses, keeping, open_case, open_report, working
from .case_words import short

OFFICE = "community_staff"
ON_ITS_WAY = gettext_lazy("Saved, and everybody who brought it is told.")


def crumbs_of(row: Case, last: Any) -> Crumbs:
    """Give the way to a form about a case."""
    return [home_crumb(), (short(row.title, 20), case_url(row.pk)), (last, "")]


def case_form(
    request: HttpRequest,
    desk: CaseDesk,
    row: Case,
    form: ActForm,
    *,
    do: Callable[[dict[str, Any]], Any],
    said: Any,
    title: Any,
    button: Any,
    lead: Any = "",
    then: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Answer a form about a case, which leads back to it."""
    return answer_form(
        request,
        form,
        do=do,
        then=then or (lambda _done: case_url(row.pk)),
        said=said,
        fresh=lambda: {"version": open_case(desk.actor, row.pk).version},
        title=title,
        lead=lead or row.title,
        button=button,
        cancel_url=case_url(row.pk),
        crumbs=crumbs_of(row, title),
    )


def opened(request: HttpRequest, case: UUID) -> tuple[CaseDesk, Case]:
    """Open a case for a form about it; raises Missing."""
    desk = desk_of(request)
    return desk, open_case(desk.actor, case)


@working
def assign(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say who looks after a case."""
    desk, row = opened(request, case)
    names = dict(list_workers(actor=desk.actor, community=row.community_id, on=desk.on))
    me = pgettext("voice", "%(name)s (me)")
    mine = [(str(pk), me % {"name": name}) for pk, name in names.items() if pk == desk.actor.account]
    others = [(str(pk), name) for pk, name in names.items() if pk != desk.actor.account]
    first = str(row.responsible or (mine[0][0] if mine else ""))
    form = AssignForm(request.POST or None, colleagues=[*mine, *others], initial={"account": first, **_version(row)})

    def do(entered: dict[str, Any]) -> Any:
        account = UUID(entered["account"]) if entered["account"] else None
        return moving.assign(
            actor=desk.actor,
            case=case,
            account=account,
            role="" if account else OFFICE,
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        )

    return case_form(
        request,
        desk,
        row,
        form,
        do=do,
        said=_("Saved. It stands on their list now."),
        title=_("Who looks after it?"),
        button=_("Save"),
    )


@keeper_presses
def start(request: HttpRequest, case: UUID) -> HttpResponse:
    """Note with one press that work began."""
    desk, _row = opened(request, case)
    return press(
        request,
        do=lambda: moving.start(actor=desk.actor, case=case, at=desk.at, key=key_of(request)),
        back=case_url(case),
        said=_("Noted that work began."),
    )


@keeping
def progress(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say how it stands, to colleagues alone, on the page of the receipt, or to each of them."""
    desk, row = opened(request, case)

    def do(entered: dict[str, Any]) -> Any:
        readers = entered["readers"]
        done = moving.progress(
            actor=desk.actor,
            case=case,
            words=entered["words"],
            is_public=readers != "office",
            version=entered["version"],
            at=desk.at,
            key=entered["key"],
        )
        if readers == "tell":
            telling.answer_reporters(actor=desk.actor, case=case, kind="progress", words=entered["words"], at=desk.at)
        return done

    return case_form(
        request,
        desk,
        row,
        ProgressForm(request.POST or None, initial=_version(row)),
        do=do,
        said=_("Saved."),
        title=pgettext("voice", "How it stands"),
        button=_("Save"),
    )


@keeping
def edit(request: HttpRequest, case: UUID) -> HttpResponse:
    """Change what staff call it, what it is about and where."""
    desk, row = opened(request, case)
    names = ("title", "subject", "place_words")
    form = EditForm(request.POST or None, initial={name: getattr(row, name) for name in names} | _version(row))
    return case_form(
        request,
        desk,
        row,
        form,
        do=lambda entered: moving.edit(
            actor=desk.actor,
            case=case,
            **_values(entered, *names),
            venue=row.venue_id,
            lng=row.lng,
            lat=row.lat,
            at=desk.at,
            key=entered["key"],
        ),
        said=_("Saved."),
        title=_("Change the record"),
        button=_("Save"),
    )


@keeping
def public(request: HttpRequest, case: UUID) -> HttpResponse:
    """Write what everybody may read of it, and show or hide it."""
    desk, row = opened(request, case)
    names = ("public_title", "public_answer", "is_public", "hidden_reason")
    form = PublicForm(request.POST or None, initial={name: getattr(row, name) for name in names} | _version(row))
    return case_form(
        request,
        desk,
        row,
        form,
        do=lambda entered: moving.edit(
            actor=desk.actor, case=case, **_values(entered, *names), at=desk.at, key=entered["key"]
        ),
        said=lambda done: _("Everybody can read it now.") if done.is_public else _("Only colleagues see it now."),
        title=_("What everybody reads"),
        lead=_("The board shows the title, where it stands and the answer; never who brought it or in which words."),
        button=_("Save"),
    )


@keeping
def finish(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say what was done; everybody who brought it is told and asked."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        FinishForm(request.POST or None, initial={"public_answer": row.public_answer, **_version(row)}),
        do=lambda entered: closing.finish(
            actor=desk.actor, case=case, **_values(entered, "words", "public_answer"), at=desk.at, key=entered["key"]
        ),
        said=ON_ITS_WAY,
        title=_("What was done?"),
        button=_("It is done: tell them"),
    )


@keeping
def decline(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say why it cannot be done."""
    desk, row = opened(request, case)
    return case_form(
        request,
        desk,
        row,
        DeclineForm(request.POST or None, initial=_version(row)),
        do=lambda entered: closing.decline(
            actor=desk.actor, case=case, **_values(entered, "words"), at=desk.at, key=entered["key"]
        ),
        said=ON_ITS_WAY,
        title=_("It cannot be done"),
        button=_("Close it and tell them"),
    )


@keeper_presses
def join(request: HttpRequest, case: UUID, other_case: UUID) -> HttpResponse:
    """Join a case into another one with one press; each voice keeps its words and receipt."""
    desk, _row = opened(request, case)
    open_case(desk.actor, other_case)
    return press(
        request,
        do=lambda: joining.join(actor=desk.actor, case=case, into=other_case, at=desk.at, key=key_of(request)),
        back=case_url(other_case),
        said=_("Joined. Each voice keeps its own words, receipt and answers."),
    )


@keeping
def split(request: HttpRequest, report: UUID) -> HttpResponse:
    """Take a voice out of a joint case into its own again."""
    desk = desk_of(request)
    voice = open_report(desk.actor, report)
    row = open_case(desk.actor, voice.case_id)
    return case_form(
        request,
        desk,
        row,
        ActForm(request.POST or None),
        do=lambda entered: joining.split(actor=desk.actor, report=report, at=desk.at, key=entered["key"]),
        then=lambda done: case_url(getattr(done, "case_id", None) or done.pk),
        said=_("It is a case of its own again."),
        title=_("Take it apart again?"),
        lead=f"“{voice.words}”",
        button=_("Take it apart"),
    )


def _version(row: Case) -> dict[str, Any]:
    return {"version": row.version}


def _values(entered: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: entered[name] for name in (*names, "version")}
