"""How somebody at the counter made sure who collects, and when one way is not enough."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CODE, CARD = "code", "card_only"
SHOWN = frozenset({CODE, CARD})
SURE = frozenset({"photo_on_document", "known_in_person"})
CHECKS = {
    CODE: gettext_lazy("pick-up code"),
    CARD: gettext_lazy("card"),
    "photo_on_document": gettext_lazy("compared with a document"),
    "known_in_person": gettext_lazy("known in person"),
    "asked_birthday": gettext_lazy("asked for the birthday"),
}


def why_not_enough(*, checks: Sequence[str], points: int, above: int) -> str:
    """Say what is missing before so many points are given out, or nothing; above a limit two ways are needed."""
    if not checks or any(check not in CHECKS for check in checks):
        return _("Say how you made sure who collects this.")
    if points <= above:
        return ""
    if not SHOWN.intersection(checks) or not SURE.intersection(checks):
        return _(
            "Above %(points)d points a second check is needed: the code or card, "
            "and a document with a photo or somebody known in person."
        ) % {"points": above}
    return ""


def written(checks: Sequence[str]) -> str:
    """Write the checks for the record."""
    return "+".join(dict.fromkeys(checks))[:30]
