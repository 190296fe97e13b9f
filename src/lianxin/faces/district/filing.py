"""The filing material (备案材料): what the program is for, which rules it keeps and how, and which data it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib import metadata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.domain.people.queries.consents import list_purposes
from lianxin.domain.places.models import Level
from lianxin.domain.places.queries.divisions import list_divisions
from lianxin.insight.binding_rules import BindingRules
from lianxin.insight.self_check import SelfCheck
from lianxin.platform import contributions
from lianxin.platform.clock import local_day
from lianxin.platform.documents import Grid, Heading, Lines, Part


def parts_of(checked: SelfCheck, *, district: str, at: datetime) -> Iterator[Part]:
    """Give the filing material in its order, for a page that is printed and for a document that is changed."""
    told = checked.told
    communities = list_divisions(level=Level.COMMUNITY).count()
    yield Heading(_("What is filed"))
    yield Grid(
        (pgettext("filing", "Item"), pgettext("filing", "Content")),
        (
            (_("Name of the system"), _("Lianxin")),
            (pgettext("filing", "Run by"), district),
            (
                _("Used by"),
                ngettext("%(n)d village or community", "%(n)d villages and communities", communities)
                % {"n": communities},
            ),
            (_("Form"), _("Web pages; nothing has to be installed, and no account is needed to read what is public")),
            (_("Version"), metadata.version("lianxin")),
            (_("As of"), local_day(at).isoformat()),
            (_("Person in charge, telephone"), ""),
            (_("Where it runs, record number of the site"), ""),
        ),
    )
    yield Heading(pgettext("filing", "What it does"))
    yield Grid((_("Part"), _("Functions")), [(title, what) for title, what in told.functions])
    yield from _national(told)
    yield from _clauses(checked)
    yield from _data(told)
    yield Heading(_("Declaration"))
    yield Lines(
        _(
            "The functions above are all that the program has. It holds none of those that the national rules forbid. "
            "Each statement is proved by tests that run with every change of the program."
        )
    )


def _national(told: BindingRules) -> Iterator[Part]:
    clauses = {clause.code: clause for clause in told.clauses()}
    yield Heading(_("National rules"))
    yield Grid(
        (_("Rule"), pgettext("filing", "Issued"), _("What it asks"), _("How it is kept")),
        [
            (
                f"{source.title}\n{source.by}",
                source.on,
                source.asks,
                "\n".join(str(clauses[code].kept) for code in source.clauses),
            )
            for source in told.national
        ],
    )


def _clauses(checked: SelfCheck) -> Iterator[Part]:
    yield Heading(_("Binding rules, clause by clause"))
    for rule, found in checked.rules:
        yield Heading(rule.title, 2)
        yield Grid(
            (_("Rule"), _("How it is kept"), _("Proofs"), _("Looked at now")),
            [
                (
                    one.clause.rule,
                    one.clause.kept,
                    ngettext("%(n)d test", "%(n)d tests", len(one.clause.tests)) % {"n": len(one.clause.tests)},
                    "\n".join(finding.sentence for finding in one.findings) or "—",
                )
                for one in found
            ],
        )


def _data(told: BindingRules) -> Iterator[Part]:
    yield Heading(_("Personal information"))
    yield Heading(_("Purposes"), 2)
    yield Grid(
        (_("Purpose"), _("Legal basis"), _("Where it is written"), _("Kept, days"), _("Shared with"), _("Sensitive")),
        [
            (
                row.title,
                row.get_basis_display(),
                row.basis_text,
                row.retention_days,
                _(", ").join(row.shared_with) or _("nobody"),
                _("yes") if row.sensitive else _("no"),
            )
            for row in list_purposes()
        ],
    )
    yield Heading(_("What is removed by itself"), 2)
    yield Grid(
        (pgettext("filing", "What"), _("Kept, days")),
        [(told.kept.get(one.name, one.name), one.days) for one in contributions.every("retention")],
    )
    yield Heading(_("Parts that give out and erase what they hold about a person"), 2)
    yield Lines(_(", ").join(str(told.parts.get(one.name, one.name)) for one in contributions.every("personal_data")))
