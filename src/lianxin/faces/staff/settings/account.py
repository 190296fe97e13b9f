"""One account: its roles, deputies, open links, what was done to it; and the steps that this actor may take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.domain.people.commands import staff as staff_commands
from lianxin.domain.people.models import Account
from lianxin.domain.people.queries.staff_accounts import StaffAccount, find_staff_account
from lianxin.faces.kit.acting import actor_of, key_of, press
from lianxin.faces.kit.dates import spoken
from lianxin.faces.kit.timelines import happenings
from lianxin.platform import audit, clock, scope

from .gate import button, is_office_or_administrator, reading
from .words import ACCOUNT_TONES, HAPPENED, crumbs, role_name

KIND = "people.account"


def account_of(request: HttpRequest, account: UUID) -> StaffAccount:
    """Give an account in the actor's reach; raises Missing."""
    return find_staff_account(actor=actor_of(request), account=account, at=clock.now())


def account_url(account: UUID) -> str:
    """Give the address of an account's page."""
    return reverse("staff:account", kwargs={"account": account})


def account_crumbs(row: Account, *more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way from the roster to a page of an account."""
    own = account_url(row.pk) if more else ""
    return crumbs((_("Staff"), reverse("staff:roster")), (row.display_name, own), *more)


def _facts(found: StaffAccount) -> list[tuple[Any, Any]]:
    row = found.account
    facts: list[tuple[Any, Any]] = [
        (_("Login name"), row.login_name or "—"),
        (_("Kind"), row.get_kind_display()),
        (_("Made"), spoken(row.created_at)),
        (_("Last came in"), spoken(row.last_login_at) if row.last_login_at else _("not yet")),
        (_("Second factor"), _("set up") if row.totp_secret is not None else _("not set up")),
        (_("Recovery codes left"), found.recovery_codes),
    ]
    if row.locked_until:
        facts.append((_("Locked until"), spoken(row.locked_until)))
    if found.invitation:
        facts.append((_("Open link until"), spoken(found.invitation.expires_at)))
    return facts


def _steps(found: StaffAccount) -> list[tuple[str, Any, str]]:
    """Give the steps that are possible now, as (address, word, kind of button)."""
    steps: list[tuple[str, Any, str]] = []

    def add(may: bool, name: str, word: Any, kind: str = "quiet") -> None:
        if may:
            steps.append((reverse(f"staff:{name}", kwargs={"account": found.account.pk}), word, kind))

    add(found.may_renew_link, "account_link", _("New one-time link"))
    add(bool(found.may_grant), "account_grant", _("Give a role"))
    add(found.may_arrange, "account_deputy", _("Name a deputy"))
    add(found.may_arrange and not found.is_own, "account_hand_over", _("Leaves or moves on"))
    add(found.may_ask_reset and found.reset is None, "account_reset", _("Ask for a reset"))
    add(found.may_unlock, "account_unlock", _("Unlock"))
    add(found.may_disable, "account_disable", _("Close the account"), "plain")
    return steps


@reading(is_office_or_administrator)
def show(request: HttpRequest, account: UUID) -> HttpResponse:
    """Show an account and the steps that are open to this actor."""
    found = account_of(request, account)
    row = found.account
    with scope.everything():
        entries = audit.entries_for(KIND, row.pk, 30)
    titles = {f"{entry.action}/{entry.verb}": HAPPENED.get(entry.verb, entry.verb) for entry in entries}
    today = clock.local_day(clock.now())
    return render(
        request,
        "staff/settings/account.html",
        {
            "found": found,
            "row": row,
            "state_tone": ACCOUNT_TONES[Account.State(row.state)],
            "grants": [
                (line, role_name(line.role), line.until_on is not None and line.until_on <= today)
                for line in found.grants
            ],
            "deputies": [(each, [role_name(code) for code in each.roles]) for each in found.deputies],
            "steps": _steps(found),
            "facts": _facts(found),
            # What changed holds ids and codes that say nothing to a reader; the verb says what happened.
            "entries": [replace(entry, changes=()) for entry in happenings(list[Any](entries), titles=titles)],
            "crumbs": account_crumbs(row),
        },
    )


@button(is_office_or_administrator)
def end_role(request: HttpRequest, account: UUID, grant: UUID) -> HttpResponse:
    """Take a role away from today on."""
    found = account_of(request, account)
    line = next((line for line in found.grants if line.id == grant), None)
    return press(
        request,
        do=lambda: staff_commands.revoke_role(
            actor=actor_of(request), grant=line.id if line else grant, at=clock.now(), key=key_of(request)
        ),
        back=account_url(account),
        said=_("The role has ended."),
    )


@button(is_office_or_administrator)
def end_deputy(request: HttpRequest, account: UUID, deputy: UUID) -> HttpResponse:
    """End a deputy's time, when somebody is back early."""
    account_of(request, account)
    return press(
        request,
        do=lambda: staff_commands.dismiss_deputy(
            actor=actor_of(request), deputy=deputy, at=clock.now(), key=key_of(request)
        ),
        back=account_url(account),
        said=_("The deputy's time has ended."),
    )
