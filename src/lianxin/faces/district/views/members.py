"""Batches of a programme: a new one, communities that join, communities that leave."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.places import policy
from lianxin.domain.places.commands.programmes import add_batch, add_batch_members, remove_batch_member
from lianxin.domain.places.models import Division
from lianxin.domain.places.queries.programmes import MemberRow, ProgrammePage, find_programme_page
from lianxin.faces.district.acting import answer_form, answer_question
from lianxin.faces.district.forms.programmes import BatchForm, LeaveForm, MembersForm
from lianxin.faces.district.gate import form_for
from lianxin.faces.district.places_in_scope import communities_of
from lianxin.faces.district.views.programmes import crumbs_of
from lianxin.faces.kit.acting import actor_of
from lianxin.platform.clock import local_day, now
from lianxin.platform.errors import Missing


def _free(request: HttpRequest, page: ProgrammePage) -> list[Division]:
    """Give the communities that do not belong to the programme, and have not joined for a later day."""
    inside = {
        row.member.community_id
        for batch in page.batches
        for row in batch.members
        if row.active or row.member.joined_on > page.on
    }
    return [one for one in communities_of(request.actor) if one.pk not in inside]  # type: ignore[attr-defined]


def _crumbs(page: ProgrammePage, here: Any) -> list[tuple[Any, str]]:
    way = crumbs_of(page.programme)
    return [*way[:-1], (page.programme.name, reverse("district:programme", args=[page.programme.pk])), (here, "")]


@form_for(policy.may_edit_programmes)
def new_batch(request: HttpRequest, programme: UUID) -> HttpResponse:
    """Add the next batch with the communities that begin."""
    actor = actor_of(request)
    today = local_day(now())
    page = find_programme_page(programme=programme, on=today)
    form = BatchForm(request.POST or None, today=today, free=_free(request, page))
    back = reverse("district:programme", args=[page.programme.pk])
    return answer_form(
        request,
        form,
        do=lambda values: add_batch(
            actor=actor,
            at=now(),
            programme=page.programme.pk,
            **values | {"communities": [UUID(pk) for pk in values["communities"]]},
        ),
        then=lambda _done: back,
        said=lambda batch: _("Batch %(number)s is added.") % {"number": batch.number},
        cancel_url=back,
        title=_("New batch of “%(name)s”") % {"name": page.programme.name},
        button_text=_("Add the batch"),
        crumbs=_crumbs(page, _("New batch")),
        wide=True,
    )


@form_for(policy.may_edit_programmes)
def add(request: HttpRequest, programme: UUID, batch: UUID) -> HttpResponse:
    """Let more communities join a batch."""
    actor = actor_of(request)
    today = local_day(now())
    page = find_programme_page(programme=programme, on=today)
    row = next((one for one in page.batches if one.batch.pk == batch), None)
    if row is None:
        raise Missing
    form = MembersForm(request.POST or None, initial={"on": max(today, row.batch.starts_on)}, free=_free(request, page))
    back = reverse("district:programme", args=[page.programme.pk])
    return answer_form(
        request,
        form,
        do=lambda values: add_batch_members(
            actor=actor, at=now(), batch=batch, **values | {"communities": [UUID(pk) for pk in values["communities"]]}
        ),
        then=lambda _done: back,
        said=lambda joined: (
            ngettext("%(count)d community joins.", "%(count)d communities join.", len(joined)) % {"count": len(joined)}
        ),
        cancel_url=back,
        title=_("Communities that join batch %(number)s") % {"number": row.batch.number},
        button_text=_("Let them join"),
        crumbs=_crumbs(page, _("Add communities")),
        wide=True,
    )


@form_for(policy.may_edit_programmes)
def leave(request: HttpRequest, programme: UUID, member: UUID) -> HttpResponse:
    """Let a community leave on a day, saying why."""
    actor = actor_of(request)
    today = local_day(now())
    page = find_programme_page(programme=programme, on=today)
    row = _member(page, member)
    form = LeaveForm(request.POST or None, initial={"on": _first_day(row, today)})
    back = reverse("district:programme", args=[page.programme.pk])
    name = row.member.community.official_name
    return answer_question(
        request,
        form,
        do=lambda values: remove_batch_member(actor=actor, at=now(), member=member, **values),
        back=back,
        said=_("%(name)s leaves the programme.") % {"name": name},
        question=_("Should %(name)s leave “%(programme)s”?") % {"name": name, "programme": page.programme.name},
        consequences=[_("The days before stay as they were: figures of pilots up to that day still count it.")],
        button_text=_("Let it leave"),
        danger=True,
        crumbs=_crumbs(page, name),
    )


def _member(page: ProgrammePage, member: UUID) -> MemberRow:
    for batch in page.batches:
        for row in batch.members:
            if row.member.pk == member and row.member.left_on is None:
                return row
    raise Missing


def _first_day(row: MemberRow, today: date) -> date:
    return max(today, row.member.joined_on)
