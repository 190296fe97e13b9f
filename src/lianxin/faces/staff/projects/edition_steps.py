"""The steps of an edition: drafted, introduced, approved by name and issued, thrown away, noted as sent."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.domain.projects.commands import editions as commands
from lianxin.domain.projects.models import Edition
from lianxin.domain.projects.queries import editions as reading_editions
from lianxin.faces.kit.acting import actor_of, press
from lianxin.platform.clock import now

from ..acting import ActForm, VersionedForm, answer_form, day_field, long_text
from .desk import desk_at, desk_of
from .editions import page_of
from .gate import planner_presses, planning


class DraftForm(ActForm):
    """Which list, for which period."""

    of = forms.ChoiceField(label=pgettext_lazy("edition", "List"), choices=Edition.Of.choices)
    every = forms.ChoiceField(label=gettext_lazy("For a"), choices=Edition.Every.choices)
    on = day_field(gettext_lazy("A day in it"))


@planning
def new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Draft an edition from the records."""
    desk = desk_of(request, community)
    return answer_form(
        request,
        DraftForm(request.POST or None, initial={"on": desk.on}),
        do=lambda wanted: commands.draft_edition(
            actor=desk.actor,
            community=community,
            of=wanted["of"],
            every=wanted["every"],
            on=wanted["on"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda row: page_of(row.pk),
        said=_("Drafted from the records. Read it before you approve it."),
        title=_("Draft an edition"),
        button=_("Draft it"),
        cancel_url=reverse("staff:editions"),
        crumbs=desk.context("editions", "", (_("New"), ""))["crumbs"],
    )


class IssueForm(VersionedForm):
    """Who approves."""

    approved_name = forms.CharField(label=gettext_lazy("Approved by"), max_length=40)


@planning
def issue(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Approve a draft by name and issue it."""
    row = reading_editions.find_edition(actor=actor_of(request), edition=edition)
    desk = desk_at(request, row.community)
    form = IssueForm(request.POST or None, initial={"approved_name": desk.actor.name, "version": row.version})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.issue_edition(
            actor=desk.actor,
            edition=edition,
            approved_name=wanted["approved_name"],
            version=wanted["version"],
            at=now(),
            key=wanted["key"],
        ),
        then=lambda _row: page_of(edition),
        said=_("Issued. Print it, and send it to the groups."),
        title=_("Approve and issue"),
        lead=_("It is numbered and stays as it is from now on."),
        button=_("Approve and issue"),
        cancel_url=page_of(edition),
        crumbs=desk.context("editions", "", (row.get_of_display(), page_of(edition)), (_("Issue"), ""))["crumbs"],
    )


class IntroductionForm(VersionedForm):
    """The words above the list."""

    introduction = long_text(gettext_lazy("Introduction"), most=500, rows=4)


@planning
def introduce(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Write the words that stand above a draft's list."""
    row = reading_editions.find_edition(actor=actor_of(request), edition=edition)
    desk = desk_at(request, row.community)
    form = IntroductionForm(request.POST or None, initial={"introduction": row.introduction, "version": row.version})
    return answer_form(
        request,
        form,
        do=lambda wanted: commands.introduce_edition(
            actor=desk.actor,
            edition=edition,
            introduction=wanted["introduction"],
            version=wanted["version"],
            at=now(),
        ),
        then=lambda _row: page_of(edition),
        said=_("Saved."),
        title=_("Introduction"),
        button=_("Save"),
        cancel_url=page_of(edition),
        crumbs=desk.context("editions", "", (row.get_of_display(), page_of(edition)), (_("Introduction"), ""))[
            "crumbs"
        ],
    )


@planner_presses
def redraft(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Draw a draft anew from the records."""
    row = reading_editions.find_edition(actor=actor_of(request), edition=edition)
    return press(
        request,
        do=lambda: commands.draft_edition(
            actor=actor_of(request), community=row.community_id, of=row.of, every=row.every, on=row.from_on, at=now()
        ),
        back=page_of(edition),
        said=_("Drawn anew from the records."),
    )


@planner_presses
def drop(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Throw a draft away."""
    return press(
        request,
        do=lambda: commands.drop_edition(actor=actor_of(request), edition=edition, at=now()),
        back=page_of(edition),
        said=_("Thrown away."),
    )


@planner_presses
def note_sent(request: HttpRequest, edition: UUID) -> HttpResponse:
    """Note that an edition was handed to the groups."""
    return press(
        request,
        do=lambda: commands.note_edition_sent(actor=actor_of(request), edition=edition, at=now()),
        back=page_of(edition),
        said=_("Noted."),
    )
