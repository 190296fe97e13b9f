"""For whom an entry of the needs list is: a few groups, so that a plan can be fair to them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

GROUPS = {
    "elders": gettext_lazy("elders"),
    "children": gettext_lazy("children and pupils"),
    "families": gettext_lazy("young families"),
    "women": pgettext_lazy("target group", "women"),
    "disabled": gettext_lazy("people with disabilities"),
    "hardship": gettext_lazy("families in hardship"),
    "workers": gettext_lazy("couriers, drivers and other workers"),
    "newcomers": gettext_lazy("newcomers from elsewhere"),
}
# What these ask for is looked at sooner.
SOONER = frozenset({"elders", "children", "disabled", "hardship"})


def label_of(code: str) -> str:
    """Say for whom; an empty code is everybody, and a word of one's own says itself."""
    if not code:
        return _("everybody")
    return str(GROUPS.get(code, code))
