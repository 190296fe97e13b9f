"""The roles an account can hold: what each is for, where it reaches, and which exclude one another."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DIVISION = "division"
VENUE = "venue"
ORGANISATION = "organisation"
DISTRICT = "district"
NONE = "none"


@dataclass(frozen=True)
class Role:
    """One row of the table of roles."""

    code: str
    label: str | Promise
    reach: str
    face: str
    rank: int
    second_factor: bool = True


# `rank` orders which role an actor acts in when several are held; it is never shown and compares nobody.
ROLES: dict[str, Role] = {
    row.code: row
    for row in (
        Role("volunteer", _("Volunteer"), DIVISION, "resident", 10, second_factor=False),
        Role("merchant", _("Merchant"), ORGANISATION, "staff", 20),
        Role("partner", _("Partner"), ORGANISATION, "staff", 30),
        Role("host", _("Station host"), VENUE, "staff", 40),
        Role("community_staff", _("Community staff"), DIVISION, "staff", 50),
        Role("subdistrict_staff", _("Subdistrict staff"), DIVISION, "staff", 60),
        Role("district_staff", _("District staff"), DISTRICT, "district", 70),
        Role("system_admin", _("System administrator"), NONE, "staff", 80),
        Role("security_admin", _("Security administrator"), NONE, "staff", 81),
        Role("audit_admin", _("Audit administrator"), NONE, "staff", 82),
    )
}
# The department of a city or a province holds the role of the one that its program serves.
LABELS_ABOVE: dict[str, dict[str, str | Promise]] = {
    "city": {"district_staff": _("City staff")},
    "province": {"district_staff": _("Province staff")},
}
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
STAFF = frozenset({"community_staff", "subdistrict_staff", "district_staff"})
RESIDENT = "resident"

CODES_BY_REACH: dict[str, tuple[str, ...]] = {
    reach: tuple(role.code for role in ROLES.values() if role.reach == reach)
    for reach in (DIVISION, VENUE, ORGANISATION, DISTRICT, NONE)
}

# Who may give which role to others. Level-3 protection keeps the making of accounts (system) apart from the giving
# of rights (security) and from the reading of the log (audit). Offices bring in those who work below them.
GRANTS: dict[str, frozenset[str]] = {
    "security_admin": frozenset(ROLES),
    "district_staff": frozenset({"subdistrict_staff", "community_staff", "host", "partner", "merchant", "volunteer"}),
    "subdistrict_staff": frozenset({"community_staff", "host", "partner", "merchant", "volunteer"}),
    "community_staff": frozenset({"host", "partner", "merchant", "volunteer"}),
    "system": frozenset(ROLES),
}


def main_role(codes: Iterable[str]) -> str:
    """The role an actor acts in: the widest of those held, or resident when none is held."""
    held = [ROLES[code] for code in codes if code in ROLES]
    return max(held, key=lambda role: role.rank).code if held else RESIDENT


def label_of(code: str, *, level: str = DISTRICT) -> str | Promise:
    """Give the word for a role at a district, a city or a province."""
    return LABELS_ABOVE.get(level, {}).get(code, ROLES[code].label)


def clash(codes: Iterable[str]) -> tuple[str, str] | None:
    """The first two roles that one account may not hold together, or None when all go together."""
    held = sorted(set(codes))
    administrators = [code for code in held if code in ADMINISTRATORS]
    if len(administrators) > 1:
        return administrators[0], administrators[1]
    if administrators and len(held) > 1:
        other = next(code for code in held if code != administrators[0])
        return administrators[0], other
    return None


def may_grant(held: Iterable[str], role: str) -> bool:
    """Whether someone who holds these roles may give or take away this one."""
    return any(role in GRANTS.get(code, frozenset()) for code in held)


def needs_second_factor(codes: Iterable[str]) -> bool:
    """Whether these roles ask for a second factor; an account without any known role is on the safe side."""
    held = [ROLES[code] for code in codes if code in ROLES]
    return not held or any(role.second_factor for role in held)
