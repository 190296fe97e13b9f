"""What is wrong with a workbook, said all at once: where, and in a sentence that a face translates."""

from dataclasses import dataclass

from lianxin.engines.reasons import N_, Reason


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell, row or sheet of a workbook that is refused, or worth a second look."""

    sheet: str
    row: int | None
    column: str
    reason: Reason
    refuses: bool = True

    def __str__(self) -> str:
        place = [
            self.sheet and f"sheet {self.sheet}",
            self.row and f"row {self.row}",
            self.column and f"column {self.column}",
        ]
        where = ", ".join(str(part) for part in place if part)
        return f"{where}: {self.reason}" if where else str(self.reason)


NOT_A_WORKBOOK = Reason("not_a_workbook", N_("The file is not an XLSX workbook."))
LOCKED = Reason(
    "locked", N_("The workbook is protected by a password or saved in the old XLS format: save it as XLSX.")
)
MACROS = Reason("macros", N_("The workbook contains macros: save it as XLSX without them."))
TOO_LARGE = Reason("too_large", N_("The workbook is too large to be a questionnaire."))


def unsupported(what: str) -> Reason:
    """Say that something lies outside the core that is carried out."""
    return Reason("unsupported", N_("“%(what)s” is not supported."), {"what": what})


def missing_sheet(name: str) -> Reason:
    """Say that a sheet is not there."""
    return Reason("missing_sheet", N_("The workbook has no sheet “%(name)s”."), {"name": name})


def bad_expression(what: str) -> Reason:
    """Say that an expression cannot be read."""
    return Reason("bad_expression", N_("The expression cannot be read: %(what)s."), {"what": what})


def unknown_function(name: str) -> Reason:
    """Say that there is no such function."""
    return Reason("unknown_function", N_("The function “%(name)s” is not supported."), {"name": name})


def wrong_arguments(name: str, given: int) -> Reason:
    """Say that a function has too few or too many arguments."""
    words = N_("The function “%(name)s” does not take %(given)s arguments.")
    return Reason("wrong_arguments", words, {"name": name, "given": given})


def unknown_name(name: str) -> Reason:
    """Say that a path leads nowhere."""
    return Reason("unknown_name", N_("There is no question or column “%(name)s” here."), {"name": name})


def bad_pattern(pattern: str) -> Reason:
    """Say that a regular expression cannot be read."""
    return Reason("bad_pattern", N_("“%(pattern)s” is not a regular expression."), {"pattern": pattern})


def loose_pattern(pattern: str) -> Reason:
    """Say that ODK's clients read a regular expression differently."""
    words = N_("“%(pattern)s” may match a part of the answer, but ODK Collect compares the whole: add ^ and $.")
    return Reason("loose_pattern", words, {"pattern": pattern})


def circle(names: list[str]) -> Reason:
    """Say which questions depend on one another in a circle."""
    words = N_("These questions depend on one another in a circle: %(names)s.")
    return Reason("circle", words, {"names": " → ".join(names)})


def refused_by_reader(words: str) -> Reason:
    """Pass on what the XLSForm reader says."""
    return Reason("reader", N_("The XLSForm reader says: %(words)s"), {"words": words})


def too_many(what: str, most: int) -> Reason:
    """Say that there is more of something than a phone can carry."""
    return Reason("too_many", N_("There are too many: %(what)s. At most %(most)s."), {"what": what, "most": most})


def no_such_list(name: str) -> Reason:
    """Say that a question's choices are not there."""
    return Reason("no_such_list", N_("The sheet “choices” has no list “%(name)s”."), {"name": name})
