"""Households of relatives: who gives points names them, so that a second person looks at awards to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import policy
from lianxin.domain.points.commands.relatives import declare_relative, end_relative
from lianxin.domain.points.queries.relatives import RelativeRow, find_relative, list_relatives
from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.tables import Column
from lianxin.faces.staff.people.choices import HouseholdChoice
from lianxin.platform.clock import now

from ..acting import ActForm, answer_form
from .gate import awarding, keeping
from .lists import Cell, Page, Row, answer_list, cells

COLUMNS = (
    Column(gettext_lazy("Of whom")),
    Column(gettext_lazy("Household")),
    Column(gettext_lazy("Head")),
    Column(gettext_lazy("Named on")),
    Column(gettext_lazy("Ended on")),
    Column(""),
)


def _crumbs(*way: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(_("Points"), reverse("staff:points")), *way]


@awarding
def show_list(request: HttpRequest) -> HttpResponse:
    """List the households that I named, and for those who keep rules also those of colleagues."""
    actor = actor_of(request)

    def fetch(_after: str) -> Page:
        return [_row(row, keeps=policy.may_keep_rules(actor)) for row in list_relatives(actor=actor)], ""

    new = reverse("staff:points_relative_new") if policy.may_see_points(actor) else ""
    return answer_list(
        request,
        columns=COLUMNS,
        fetch=fetch,
        context={
            "title": _("My relatives' households"),
            "lead": _(
                "Awards to these households wait for a second person, as do those to your own. Nobody is blamed."
            ),
            "crumbs": _crumbs((_("My relatives' households"), "")),
            "buttons": [(new, _("Name a household"))] if new else [],
            "empty_title": _("No household is named."),
            "empty_text": _("Do relatives of yours live where you give points? Name their household."),
        },
    )


def _row(row: RelativeRow, *, keeps: bool) -> Row:
    end = Cell("")
    if keeps and not row.is_own and row.ended_on is None:
        end = Cell(_("They are no relatives any more"), url=reverse("staff:points_relative_end", args=[row.id]))
    whose = _("mine") if row.is_own else row.account_name
    return Row(cells(whose, row.household_number, row.masked_head, row.declared_on, row.ended_on, end), pk=row.id)


class DeclareForm(HouseholdChoice):
    """Which household."""


@awarding
def declare(request: HttpRequest) -> HttpResponse:
    """Name a household as that of relatives of mine."""
    actor = actor_of(request)
    policy.require(policy.may_see_points(actor))
    form = DeclareForm(request.POST or None, actor=actor)
    back = reverse("staff:points_relatives")
    return answer_form(
        request,
        form,
        do=lambda wanted: declare_relative(actor=actor, household=form.household, at=now(), key=wanted["key"]),
        then=lambda _row: back,
        said=_("Named. Awards to this household wait for a second person from now on."),
        title=_("Name a household of relatives"),
        button=_("Name it"),
        cancel_url=back,
        crumbs=_crumbs((_("My relatives' households"), back), (_("New"), "")),
    )


class EndForm(ActForm):
    """Why they are no relatives any more."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@keeping
def end(request: HttpRequest, relative: UUID) -> HttpResponse:
    """End a colleague's declaration."""
    actor = actor_of(request)
    row = find_relative(actor=actor, relative=relative)
    back = reverse("staff:points_relatives")
    return answer_form(
        request,
        EndForm(request.POST or None),
        do=lambda wanted: end_relative(actor=actor, relative=relative, at=now(), **wanted),
        then=lambda _row: back,
        said=_("Ended. Acts of earlier days still count as those of relatives."),
        title=_("Household %(number)s: no relatives of %(name)s any more")
        % {"number": row.household_number, "name": row.account_name},
        button=_("End"),
        cancel_url=back,
        crumbs=_crumbs((_("My relatives' households"), back), (_("End"), "")),
    )
