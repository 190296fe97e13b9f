"""Why a district's file is not taken: each is a sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from lianxin.platform.errors import Invalid, Refused


class UnreadableFeed(Invalid):
    """The file is not one of ours, or was damaged."""

    title = _("This is not a file of figures, or it was damaged on its way. Ask the district for it again.")


class TruncatedFeed(UnreadableFeed):
    """The file ends too early."""

    title = _("The file ends before its end: it was cut off on its way. Ask the district for it again.")


class UnknownVersion(Invalid):
    """A later program wrote the file."""

    title = _("The file is of a version that this program does not know. Bring this program up to date first.")


class WrongSignature(Refused):
    """The file is not what the district signed."""

    title = _("The signature does not hold: the file was changed, or somebody else made it. It is not taken.")


class UnknownDistrict(Refused):
    """Nobody said that files of this district are to be taken."""

    title = _("No key of this district is known. Register it first: lianxin figures trust FILE.")


class GapBefore(Refused):
    """Days between what is held and the file are missing."""

    title = _("Days before this file are missing.")


class OlderFile(Refused):
    """A later file of the district is held."""

    title = _("A later file of this district was taken in already.")


class ForeignDivision(Refused):
    """The file speaks of divisions that are not the district's."""

    title = _("The file names divisions that do not belong to the district.")


class WrongLevel(Refused):
    """This is done at another level."""

    title = _("This instance serves a district. Files of districts are taken by a city or a province.")


class TakenBesides(Refused):
    """Another file of the district began to be taken in."""

    title = _("Another file of this district is being taken in at the same time. Try again when it is done.")
