"""What can be looked at now of the binding rules: each look is cheap, reads only, and ends in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.models import Purpose
from lianxin.domain.people.queries.consents import list_purposes
from lianxin.domain.people.queries.staff import RosterLine, list_role_clashes, list_roster
from lianxin.domain.people.rules import roles
from lianxin.domain.places.models import DivisionCode
from lianxin.platform import audit, backup, contributions, keys, scope, verified
from lianxin.platform.clock import local_day
from lianxin.platform.contributions import Window
from lianxin.platform.models import AuditEntry, AuditPending, CalendarDay, DueTime, Fact, Tally

IDLE_AT_MOST = 30
AUDIT_DAYS = 365
BACKUP_AGE = timedelta(hours=36)
LATE = timedelta(minutes=5)
VERIFIED_AGE = timedelta(days=31)
NEXT_YEAR_KNOWN = (11, 15)
NO_PERSON = ("person", "account", "staff", "actor", "login", "resident")
MONEY = ("fen", "yuan", "cash", "money")
HELD = ("balance", "wallet", "prepaid", "deposit", "top_up", "stored", "credit")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look found: whether all is well, and a sentence."""

    is_ok: bool
    sentence: str


def look(code: str, *, at: datetime) -> Finding:
    """Look at one thing now."""
    with scope.everything():
        return CHECKS[code](at)


def _second_factor(at: datetime) -> Finding:
    without = [code for code, role in roles.ROLES.items() if not role.second_factor and code != "volunteer"]
    if without:
        return Finding(False, _("Some roles need no second factor: %(roles)s") % {"roles": ", ".join(without)})
    waiting = {
        line.account
        for line in _roster(at)
        if roles.ROLES[line.role].second_factor and not line.has_second_factor and line.state == "active"
    }
    if not waiting:
        return Finding(True, _("Everybody who works here has set up a second factor."))
    said = ngettext(
        "%(n)d account has none yet and opens nothing until it is set up.",
        "%(n)d accounts have none yet and open nothing until it is set up.",
        len(waiting),
    )
    return Finding(True, said % {"n": len(waiting)})


def _administrators(at: datetime) -> Finding:
    clashes = list(list_role_clashes(on=local_day(at)))
    if clashes:
        return Finding(False, clashes[0])
    held = {line.role for line in _roster(at)}
    missing = [str(roles.ROLES[code].label) for code in sorted(roles.ADMINISTRATORS - held)]
    if missing:
        return Finding(False, _("Nobody holds this role yet: %(roles)s") % {"roles": _(", ").join(missing)})
    return Finding(True, _("Three people hold the three administrator roles, and nobody holds two."))


def _roster(at: datetime) -> list[RosterLine]:
    return list_roster(on=local_day(at), communities=None)


def _idle(at: datetime) -> Finding:
    minutes = settings.IDLE_MINUTES
    said = _("Staff are logged out after %(n)d idle minutes.") % {"n": minutes}
    return Finding(minutes <= IDLE_AT_MOST, said)


def _audit_sealed(at: datetime) -> Finding:
    late = AuditEntry.objects.filter(
        pk__in=AuditPending.objects.values("entry_id"), at__lt=at - audit.UNSEALED_LIMIT
    ).count()
    if late:
        said = ngettext(
            "%(n)d entry of the log has waited for its seal for more than ten minutes.",
            "%(n)d entries of the log have waited for their seal for more than ten minutes.",
            late,
        )
        return Finding(False, said % {"n": late})
    return Finding(True, _("All entries of the log that are older than ten minutes are sealed."))


def _audit_year(at: datetime) -> Finding:
    days = next((one.days for one in contributions.every("retention") if one.name == "audit entries"), 0)
    return Finding(days >= AUDIT_DAYS, _("The log is kept for %(n)d days.") % {"n": days})


def _https(at: datetime) -> Finding:
    if settings.SESSION_COOKIE_SECURE:
        return Finding(True, _("Pages and logins go over HTTPS only."))
    return Finding(False, _("This deployment runs without HTTPS. Set LIANXIN_HTTPS before others use it."))


def _encryption(at: datetime) -> Finding:
    try:
        algorithm = keys.load_ring(Path(settings.KEY_FILE)).active("encryption").algorithm
    except keys.KeyFileProblem as problem:
        return Finding(False, str(problem))
    return Finding(
        algorithm in keys.CIPHERS, _("Sensitive fields are sealed with %(name)s.") % {"name": algorithm.upper()}
    )


def _backup(at: datetime) -> Finding:
    last = backup.last_backup()
    if last is None:
        return Finding(False, _("No backup was made from this machine yet."))
    hours = int((at - last.made_at).total_seconds() // 3600)
    return Finding(at - last.made_at <= BACKUP_AGE, _("The last backup is %(n)d hours old.") % {"n": hours})


def _schedules(at: datetime) -> Finding:
    late = DueTime.objects.filter(due_at__lt=at - LATE).order_by("due_at").values_list("name", flat=True).first()
    if late is not None:
        return Finding(False, _("A round of the house is late: %(name)s") % {"name": late})
    if not DueTime.objects.exists():
        return Finding(False, _("The worker has never run here."))
    return Finding(True, _("All rounds of the house keep their times."))


def _no_money_balance(at: datetime) -> Finding:
    found = sorted(money_balances())
    if found:
        return Finding(False, _("These columns look like stored money: %(names)s") % {"names": ", ".join(found)})
    tables = sum(1 for _one in _own_models())
    return Finding(True, _("None of %(n)d tables has a column for stored money.") % {"n": tables})


def money_balances() -> Iterator[str]:
    """Name each column that would keep somebody's money: a sum that is held, prepaid or topped up, in fen or yuan."""
    for model in _own_models():
        columns = model._meta.local_fields
        # Points are held on accounts too; they are no money.
        of_points = model._meta.app_label == "points" and not any(_says(field.name, MONEY) for field in columns)
        for field in columns:
            is_sum = isinstance(field, models.IntegerField | models.DecimalField)
            if is_sum and not of_points and _says(field.name, HELD):
                yield f"{model._meta.label_lower}.{field.name}"


def _own_models() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model.__module__.startswith("lianxin."))


def _says(name: str, words: tuple[str, ...]) -> bool:
    return any(f"_{word}_" in f"_{name}_" for word in words)


def _no_measure_of_staff(at: datetime) -> Finding:
    found = sorted(personal_dimensions())
    if found:
        return Finding(False, _("A figure could be asked about one person: %(names)s") % {"names": ", ".join(found)})
    number = len(contributions.every("measures"))
    return Finding(True, _("None of %(n)d figures can be asked about one person.") % {"n": number})


def personal_dimensions() -> Iterator[str]:
    """Name each dimension by which a figure could be asked about one person: there is none."""
    columns = {one.name for one in fields(Window)}
    columns |= {field.name for model in (Fact, Tally) for field in model._meta.local_fields}
    return (name for name in columns if _says(name, NO_PERSON))


def _purposes(at: datetime) -> Finding:
    rows = list_purposes()
    if not rows:
        return Finding(False, _("The purpose register is empty."))
    silent = [row.title for row in rows if not row.basis_text]
    asked = {row.code for row in rows if row.basis == Purpose.Basis.CONSENT}
    told = set(Purpose.objects.filter(texts__isnull=False).values_list("code", flat=True))
    if asked - told:
        names = _(", ").join(row.title for row in rows if row.code in asked - told)
        return Finding(False, _("These purposes ask for consent and have no text yet: %(names)s") % {"names": names})
    if silent:
        names = _(", ").join(silent)
        return Finding(False, _("These purposes do not say where they are written: %(names)s") % {"names": names})
    return Finding(True, _("%(n)d purposes have a basis, a time to keep and a text.") % {"n": len(rows)})


def _calendar(at: datetime) -> Finding:
    today = local_day(at)
    years = [today.year] + ([today.year + 1] if (today.month, today.day) >= NEXT_YEAR_KNOWN else [])
    missing = [str(year) for year in years if not CalendarDay.objects.filter(day_on__year=year).exists()]
    if missing:
        said = _("The working days of this year are not entered yet: %(years)s")
        return Finding(False, said % {"years": ", ".join(missing)})
    return Finding(True, _("The working days are entered up to %(year)d.") % {"year": years[-1]})


def _division_codes(at: datetime) -> Finding:
    former = DivisionCode.objects.filter(valid_until__isnull=False).count()
    said = _("%(n)d former codes are on record and still find their divisions.")
    return Finding(True, said % {"n": former})


def _verify(at: datetime) -> Finding:
    last = verified.last()
    if last is None:
        return Finding(False, _("`lianxin verify` was never run on this machine."))
    day = local_day(last.at).isoformat()
    if last.differing:
        said = _("`lianxin verify` of %(day)s found a difference in %(n)d of %(all)d proofs.")
        return Finding(False, said % {"day": day, "n": last.differing, "all": last.checks})
    said = _("`lianxin verify` of %(day)s: all %(all)d proofs are equal.")
    return Finding(at - last.at <= VERIFIED_AGE, said % {"day": day, "all": last.checks})


CHECKS: dict[str, Callable[[datetime], Finding]] = {
    "second_factor": _second_factor,
    "administrators": _administrators,
    "idle": _idle,
    "audit_sealed": _audit_sealed,
    "audit_year": _audit_year,
    "https": _https,
    "encryption": _encryption,
    "backup": _backup,
    "schedules": _schedules,
    "no_money_balance": _no_money_balance,
    "no_measure_of_staff": _no_measure_of_staff,
    "purposes": _purposes,
    "calendar": _calendar,
    "division_codes": _division_codes,
    "verify": _verify,
}
