"""The forms of an account: a role, a deputy, leaving, a reset, unlocking, closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianxin.domain.people.commands import accounts, handovers, resets, staff
from lianxin.domain.people.models import Handover
from lianxin.domain.people.queries import staff_accounts
from lianxin.domain.people.queries.staff_accounts import StaffAccount
from lianxin.faces.kit.acting import actor_of
from lianxin.platform import clock
from lianxin.platform.errors import Missing

from ..acting import REASON, ActForm, answer_form, confirm_first, day_field
from ..choices import CHOOSE
from .account import account_crumbs, account_of, account_url
from .gate import form_page, is_office_or_administrator
from .role_form import RoleForm, place_of
from .words import role_name


def _need(may: Any) -> None:
    """A step that is not open to this actor does not exist."""
    if not may:
        raise Missing


def _around(found: StaffAccount, title: Any) -> dict[str, Any]:
    """Give what every form of an account shares."""
    return {
        "title": title,
        "cancel_url": account_url(found.account.pk),
        "crumbs": account_crumbs(found.account, (title, "")),
    }


@form_page(is_office_or_administrator)
def grant(request: HttpRequest, account: UUID) -> HttpResponse:
    """Give a role at a place."""
    found = account_of(request, account)
    _need(found.may_grant)
    actor = actor_of(request)
    return answer_form(
        request,
        RoleForm(request.POST or None, actor=actor, codes=found.may_grant),
        do=lambda wanted: staff.grant_role(
            actor=actor,
            account=account,
            role=wanted["role"],
            from_on=wanted["from_on"],
            at=clock.now(),
            key=wanted["key"],
            **place_of(wanted),
        ),
        then=lambda _row: account_url(account),
        said=_("The role was given."),
        button=_("Give the role"),
        lead=found.account.display_name,
        **_around(found, _("Give a role")),
    )


class ColleagueForm(ActForm):
    """Names a colleague."""

    colleague = forms.ChoiceField(label=gettext_lazy("Colleague"))

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["colleague"].choices = [("", CHOOSE), *colleagues]


def _colleagues(request: HttpRequest, account: UUID) -> list[tuple[str, str]]:
    found = staff_accounts.list_colleagues(actor=actor_of(request), but=account)
    return [(str(row.pk), f"{row.display_name} ({row.login_name})") for row in found]


class DeputyForm(ColleagueForm):
    """Who stands in, from when, until and with which last day, in which roles."""

    from_on = day_field(gettext_lazy("First day"))
    last_on = day_field(gettext_lazy("Last day"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("In these roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("All roles when none is chosen."),
    )

    field_order = ("colleague", "from_on", "last_on", "roles")

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["roles"].choices = [(code, role_name(code)) for code in codes]


@form_page(is_office_or_administrator)
def deputy(request: HttpRequest, account: UUID) -> HttpResponse:
    """Name who stands in during a holiday."""
    found = account_of(request, account)
    _need(found.may_arrange)
    actor = actor_of(request)
    today = clock.local_day(clock.now())
    held = [line.role for line in found.grants if line.until_on is None or line.until_on > today]
    form = DeputyForm(
        request.POST or None,
        colleagues=_colleagues(request, account),
        codes=list(dict.fromkeys(held)),
        initial={"from_on": today},
    )
    return answer_form(
        request,
        form,
        do=lambda wanted: staff.appoint_deputy(
            actor=actor,
            account=account,
            deputy=UUID(wanted["colleague"]),
            from_on=wanted["from_on"],
            until_on=wanted["last_on"] + timedelta(days=1),
            role_codes=tuple(wanted["roles"]),
            at=clock.now(),
            key=wanted["key"],
        ),
        then=lambda _row: account_url(account),
        said=_("The deputy is named. Both names stand beside everything that is done meanwhile."),
        button=_("Name the deputy"),
        lead=found.account.display_name,
        **_around(found, _("Name a deputy")),
    )


class HandoverForm(ColleagueForm):
    """Who takes over, and whether the person leaves or moves to another unit."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What happens"), choices=Handover.Reason.choices, widget=forms.RadioSelect
    )


@form_page(is_office_or_administrator)
def hand_over(request: HttpRequest, account: UUID) -> HttpResponse:
    """Pass roles and open duties to a named successor, after showing what moves."""
    found = account_of(request, account)
    _need(found.may_arrange and not found.is_own)
    actor = actor_of(request)
    title = _("%(name)s leaves or moves on") % {"name": found.account.display_name}

    def preview(wanted: dict[str, Any]) -> list[str]:
        told = staff_accounts.preview_handover(account=account, on=clock.local_day(clock.now()))
        name = dict(form.fields["colleague"].choices)[wanted["colleague"]]  # type: ignore[attr-defined]
        lines = [_("%(name)s takes over:") % {"name": name}]
        lines += [f"{role_name(code)} · {unit}" if unit else role_name(code) for code, unit in told.roles]
        lines.append(ngettext("%(n)d open duty", "%(n)d open duties", told.duties) % {"n": told.duties})
        if told.deputies:
            lines.append(
                ngettext("%(n)d arrangement for holidays ends", "%(n)d arrangements for holidays end", told.deputies)
                % {"n": told.deputies}
            )
        if wanted["reason"] == Handover.Reason.LEAVE:
            lines.append(_("The account is closed. What was done with it stays on record."))
        else:
            lines.append(_("The account stays. Give it its new role afterwards."))
        return lines

    form = HandoverForm(request.POST or None, colleagues=_colleagues(request, account))
    form.fields["colleague"].label = _("Successor")
    return confirm_first(
        request,
        form,
        do=lambda wanted: handovers.hand_over(
            actor=actor,
            from_account=account,
            to_account=UUID(wanted["colleague"]),
            reason=wanted["reason"],
            at=clock.now(),
            key=wanted["key"],
        ),
        preview=preview,
        then=lambda _row: account_url(account),
        said=_("Duties and roles were handed over."),
        question=title,
        button=_("Hand over"),
        cancel_url=account_url(account),
        crumbs=account_crumbs(found.account, (_("Leaves or moves on"), "")),
        danger=True,
    )


class ResetForm(ActForm):
    """What is to be set anew, and why."""

    password = forms.BooleanField(label=gettext_lazy("Password"), required=False, initial=True)
    second_factor = forms.BooleanField(label=gettext_lazy("Second factor"), required=False, initial=True)
    reason = forms.CharField(label=REASON, max_length=200)


@form_page(is_office_or_administrator)
def ask_reset(request: HttpRequest, account: UUID) -> HttpResponse:
    """Ask that a colleague's password or second factor be set anew; somebody else approves it."""
    found = account_of(request, account)
    _need(found.may_ask_reset)
    actor = actor_of(request)
    return answer_form(
        request,
        ResetForm(request.POST or None),
        do=lambda wanted: resets.request_reset(
            actor=actor,
            account=account,
            reason=wanted["reason"],
            password=wanted["password"],
            second_factor=wanted["second_factor"],
            at=clock.now(),
            key=wanted["key"],
        ),
        then=lambda _row: account_url(account),
        said=_("Asked. A system or security administrator has to approve it within a day."),
        button=_("Ask for a reset"),
        lead=_("Ask only when you know that it is %(name)s who asks you.") % {"name": found.account.display_name},
        **_around(found, _("Ask for a reset")),
    )


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=REASON, max_length=200)


@form_page(is_office_or_administrator)
def unlock(request: HttpRequest, account: UUID) -> HttpResponse:
    """Open an account that was locked after wrong tries."""
    found = account_of(request, account)
    _need(found.may_unlock)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: accounts.unlock_account(
            actor=actor_of(request), account=account, reason=wanted["reason"], at=clock.now(), key=wanted["key"]
        ),
        then=lambda _row: account_url(account),
        said=_("The account is open again."),
        button=_("Unlock"),
        lead=found.account.display_name,
        **_around(found, _("Unlock")),
    )


@form_page(is_office_or_administrator)
def disable(request: HttpRequest, account: UUID) -> HttpResponse:
    """Close an account for good."""
    found = account_of(request, account)
    _need(found.may_disable)
    return answer_form(
        request,
        ReasonForm(request.POST or None),
        do=lambda wanted: accounts.disable_account(
            actor=actor_of(request), account=account, reason=wanted["reason"], at=clock.now(), key=wanted["key"]
        ),
        then=lambda _row: account_url(account),
        said=_("The account is closed."),
        button=_("Close the account"),
        lead=_(
            "%(name)s can no longer come in. Open duties stay with this name: hand them over first if there are any."
        )
        % {"name": found.account.display_name},
        **_around(found, _("Close the account")),
    )
