"""The words of the settings: states of accounts, roles, the way back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.people.models import Account
from lianxin.domain.people.rules import roles

ACCOUNT_TONES = {
    Account.State.INVITED: "info",
    Account.State.ACTIVE: "done",
    Account.State.LOCKED: "due",
    Account.State.DISABLED: "quiet",
}

HAPPENED: dict[str, Any] = {
    "created": gettext_lazy("Account made"),
    "invited": gettext_lazy("Invited"),
    "changed": gettext_lazy("Changed"),
    "linked": gettext_lazy("Linked to a resident's record"),
    "role_given": gettext_lazy("A role was given"),
    "role_taken": gettext_lazy("A role was taken"),
    "deputy_appointed": gettext_lazy("A deputy was named"),
    "handed_over": gettext_lazy("Duties and roles were handed over"),
    "took_over": gettext_lazy("Duties and roles were taken over"),
    "reset_requested": gettext_lazy("A reset was asked for"),
    "reset_approved": gettext_lazy("A reset was approved"),
    "link_used": gettext_lazy("A one-time link was used"),
    "password_changed": gettext_lazy("The password was changed"),
    "second_factor_enrolled": gettext_lazy("A second factor was set up"),
    "recovery_codes_made": gettext_lazy("New recovery codes"),
    "unlocked": gettext_lazy("Unlocked"),
    "locked": gettext_lazy("Locked after wrong tries"),
    "disabled": gettext_lazy("Closed"),
    "logged_in": gettext_lazy("Came in"),
}
OUTSIDE: dict[str, Any] = {
    "system": gettext_lazy("The system"),
    "anonymous": gettext_lazy("Not logged in"),
    "resident": gettext_lazy("Resident"),
}


def role_name(code: str) -> str:
    """Give the word for a role."""
    if code in roles.ROLES:
        return str(roles.label_of(code, level=settings.LEVEL))
    return str(OUTSIDE.get(code, code))


def crumbs(*more: tuple[Any, str]) -> list[tuple[Any, str]]:
    """Give the way from the settings to a page."""
    return [(_("Settings"), reverse("staff:settings")), *more]
