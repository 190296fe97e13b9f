"""Everything that is done to an upgrade, as a table: which form, which command, on the upgrade or on one line of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.places.commands import upgrade_milestones, upgrade_money, upgrade_opening, upgrade_rooms, upgrades
from lianxin.domain.places.queries.upgrades import UpgradePage
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Missing, NotAllowed

from ..access import office_form, pick
from ..acting import ActForm, VersionedForm, answer_form
from . import upgrade_forms as forms
from .upgrade_page import DECISIONS, STEP_WORDS, find_page, may_take, upgrade_crumbs, upgrade_url

Values = Callable[[UpgradePage, Any], dict[str, Any]]


def _nothing(page: UpgradePage, line: Any) -> dict[str, Any]:
    return {}


def _today(*names: str) -> Values:
    return lambda page, line: dict.fromkeys(names, clock.local_day(clock.now()))


@dataclass(frozen=True)
class UpgradeAct:
    """One act: its words, form and command; `line` names the command's argument for the line it is about."""

    words: Any
    form: type[ActForm]
    command: Callable[..., Any]
    lines: Callable[[UpgradePage], Any] | None = None
    line: str = ""
    start: Values = _nothing
    keyed: bool = False


def _milestones(page: UpgradePage) -> list[Any]:
    return [row.milestone for row in page.milestones]


def _pictures(page: UpgradePage) -> list[Any]:
    return [*page.pictures_before, *page.pictures_after]


def _fundings(page: UpgradePage) -> list[Any]:
    return list(page.fundings)


def _spendings(page: UpgradePage) -> list[Any]:
    return list(page.spendings)


def _rooms(page: UpgradePage) -> list[Any]:
    return list(page.planned_rooms)


def _room_values(page: UpgradePage, line: Any) -> dict[str, Any]:
    return {"kind": str(line.kind_id), "name": line.name, "area_m2": line.area_m2, "seats": line.seats}


def _upload(*, picture: Any, **values: Any) -> Any:
    return upgrade_rooms.upload_upgrade_picture(fileobj=picture, name=picture.name, **values)


def _opening_values(page: UpgradePage, line: Any) -> dict[str, Any]:
    venue = page.upgrade.venue
    day = clock.local_day(clock.now())
    return {"on": day, "area_m2": venue.area_m2, "resident_area_m2": venue.resident_area_m2}


ACTS: dict[str, UpgradeAct] = {
    "approve": UpgradeAct(STEP_WORDS["approve"], forms.NoteForm, upgrades.approve_upgrade),
    "send_back": UpgradeAct(STEP_WORDS["send_back"], forms.SendBackForm, upgrades.send_back_upgrade),
    "start": UpgradeAct(
        STEP_WORDS["start"],
        forms.StartForm,
        upgrades.start_upgrade,
        start=lambda page, line: {"temporary_arrangement": page.upgrade.temporary_arrangement},
    ),
    "open": UpgradeAct(
        STEP_WORDS["open"], forms.OpeningForm, upgrade_opening.open_upgrade, start=_opening_values, keyed=True
    ),
    "close": UpgradeAct(STEP_WORDS["close"], forms.NoteForm, upgrades.close_upgrade),
    "cancel": UpgradeAct(STEP_WORDS["cancel"], forms.ReasonForm, upgrades.cancel_upgrade),
    "add_milestone": UpgradeAct(
        gettext_lazy("Add a milestone"), forms.MilestoneForm, upgrade_milestones.add_milestone, keyed=True
    ),
    "finish_milestone": UpgradeAct(
        gettext_lazy("Milestone reached"),
        forms.DoneForm,
        upgrade_milestones.finish_milestone,
        lines=_milestones,
        line="milestone",
        start=_today("done_on"),
    ),
    "move_milestone": UpgradeAct(
        gettext_lazy("Put a milestone off"),
        forms.PutOffForm,
        upgrade_milestones.move_milestone,
        lines=_milestones,
        line="milestone",
        start=lambda page, line: {"due_on": line.due_on},
    ),
    "reopen_milestone": UpgradeAct(
        gettext_lazy("Milestone not reached after all"),
        forms.WhyForm,
        upgrade_milestones.reopen_milestone,
        lines=_milestones,
        line="milestone",
    ),
    "remove_milestone": UpgradeAct(
        gettext_lazy("Remove a milestone"),
        ActForm,
        upgrade_milestones.remove_milestone,
        lines=_milestones,
        line="milestone",
    ),
    "add_funding": UpgradeAct(
        gettext_lazy("Add a source of money"), forms.FundingForm, upgrade_money.add_funding, keyed=True
    ),
    "change_funding": UpgradeAct(
        gettext_lazy("Change the amount"),
        forms.AmountForm,
        upgrade_money.change_funding,
        lines=_fundings,
        line="funding",
        start=lambda page, line: {"fen": line.fen},
    ),
    "remove_funding": UpgradeAct(
        gettext_lazy("Remove a source of money"),
        ActForm,
        upgrade_money.remove_funding,
        lines=_fundings,
        line="funding",
    ),
    "record_spending": UpgradeAct(
        gettext_lazy("Enter a payment"),
        forms.SpendingForm,
        upgrade_money.record_spending,
        lines=_fundings,
        line="funding",
        start=_today("spent_on"),
        keyed=True,
    ),
    "correct_spending": UpgradeAct(
        gettext_lazy("Take a payment back"),
        forms.WhyForm,
        upgrade_money.correct_spending,
        lines=_spendings,
        line="spending",
        keyed=True,
    ),
    "plan_rooms": UpgradeAct(gettext_lazy("Plan rooms by a template"), forms.TemplateForm, upgrade_rooms.plan_rooms),
    "add_room": UpgradeAct(gettext_lazy("Plan a room"), forms.RoomForm, upgrade_rooms.put_planned_room),
    "change_room": UpgradeAct(
        gettext_lazy("Change a planned room"),
        forms.RoomForm,
        upgrade_rooms.put_planned_room,
        lines=_rooms,
        line="planned_room",
        start=_room_values,
    ),
    "remove_room": UpgradeAct(
        gettext_lazy("Remove a planned room"),
        ActForm,
        upgrade_rooms.remove_planned_room,
        lines=_rooms,
        line="planned_room",
    ),
    "add_picture": UpgradeAct(gettext_lazy("Add a picture"), forms.PictureForm, _upload),
    "remove_picture": UpgradeAct(
        gettext_lazy("Remove a picture"),
        ActForm,
        upgrade_rooms.remove_upgrade_picture,
        lines=_pictures,
        line="picture",
    ),
}
# These commands are about a line and change the upgrade it names as well.
WITH_BOTH = frozenset({"change_room"})


@office_form
def take(request: HttpRequest, upgrade: UUID, act: str, line: UUID | None = None) -> HttpResponse:
    """Show the form of an act, and do it."""
    known = ACTS.get(act)
    if known is None or (known.lines is None) != (line is None):
        raise Missing
    page = find_page(request, upgrade)
    if act in DECISIONS and not may_take(request, page.upgrade, act):
        raise NotAllowed(_("The level above decides about this, so that nobody approves their own plan."))
    row = pick(known.lines(page), line) if known.lines and line else None
    start = {"version": page.upgrade.version, **known.start(page, row)}
    form = known.form(request.POST or None, request.FILES or None, initial=start)

    def do(entered: dict[str, Any]) -> Any:
        values = {name: value for name, value in entered.items() if name not in ("key", "version")}
        if isinstance(form, VersionedForm):
            values["version"] = entered["version"]
        if known.keyed:
            values["key"] = entered["key"]
        if line is None or act in WITH_BOTH:
            values["upgrade"] = upgrade
        if line is not None:
            values[known.line] = line
        return known.command(actor=actor_of(request), at=clock.now(), **values)

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _outcome: upgrade_url(upgrade),
        said=_("Saved."),
        fresh=lambda: {"version": find_page(request, upgrade).upgrade.version},
        title=known.words,
        lead=page.upgrade.title if row is None else _("%(what)s: %(more)s") % {"what": page.upgrade.title, "more": row},
        button=known.words,
        cancel_url=upgrade_url(upgrade),
        crumbs=upgrade_crumbs(page.upgrade, (known.words, "")),
    )


@office_form
def edit(request: HttpRequest, upgrade: UUID) -> HttpResponse:
    """Change the words and days of an upgrade."""
    page = find_page(request, upgrade)
    options = forms.venue_options(actor_of(request), but=page.upgrade.venue_id)
    form = forms.EditForm(request.POST or None, venues=options, initial=forms.edit_values(page.upgrade))

    def do(entered: dict[str, Any]) -> Any:
        values = form.values("title", "reason", "planned_opening_on", "temporary_arrangement", "version")
        meanwhile = entered["temporary_venue"]
        return upgrades.edit_upgrade(
            actor=actor_of(request),
            at=clock.now(),
            upgrade=upgrade,
            temporary_venue=UUID(meanwhile) if meanwhile else None,
            **values,
        )

    return answer_form(
        request,
        form,
        do=do,
        then=lambda _outcome: upgrade_url(upgrade),
        said=_("Saved."),
        fresh=lambda: forms.edit_values(find_page(request, upgrade).upgrade),
        title=_("Edit the plan"),
        lead=page.upgrade.venue.name,
        button=_("Save"),
        cancel_url=upgrade_url(upgrade),
        crumbs=upgrade_crumbs(page.upgrade, (_("Edit the plan"), "")),
    )
