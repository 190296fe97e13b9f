"""Who may give consent for whom, and which texts count."""

from datetime import date

from django.utils.translation import gettext as _

from lianxin.domain.people.rules.persons import GUARDED_UNDER, needs_guardian


def why_not_given_by(*, by: str, birth_on: date | None, on: date, is_guardian: bool, is_proxy: bool) -> str:
    """Say why this giver cannot give consent for a person born on a day, or nothing when they can."""
    if needs_guardian(birth_on, on):
        if by != "guardian":
            return _("Under %(age)d years of age the guardian gives consent.") % {"age": GUARDED_UNDER}
        if not is_guardian:
            return _("This person is not on record as the child's guardian. Record the guardian first.")
        return ""
    if by == "guardian" and not is_guardian:
        return _("This person is not on record as a guardian. Record the guardian first.")
    if by == "proxy" and not is_proxy:
        return _("This person has no valid proxy for giving consent. Record the proxy first.")
    return ""


def why_not_published(*, version: int, latest_version: int, valid_from: date, latest_from: date | None) -> str:
    """Say why a version of a text cannot be published, or nothing when it can."""
    if version != latest_version + 1:
        return _("The next version of this text is %(version)d.") % {"version": latest_version + 1}
    if latest_from is not None and valid_from < latest_from:
        return _("A newer text cannot be valid before the one it follows (%(day)s).") % {"day": latest_from.isoformat()}
    return ""
