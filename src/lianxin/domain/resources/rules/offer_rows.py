"""Reading a workbook of offers: each row becomes an offer, or sentences about the cells that are wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.resources.models import Offer
from lianxin.domain.resources.rules import offer_cells
from lianxin.domain.resources.rules.contents import OfferContent, problems_of
from lianxin.domain.resources.rules.offer_columns import NAMES
from lianxin.platform.commands import plain

NUMBERS = {"seats": 20, "least_people": 1, "minutes": 120, "times": 1}
NAME_MOST = 120
_WHOLE = re.compile(r"-?\d{1,9}(?:\.0+)?")
_YUAN = re.compile(r"-?\d{1,8}(?:\.\d{1,2})?")


class ReadOffer(NamedTuple):
    """One offer as the workbook says it; `organisation` None: the name is not on record yet."""

    row: int
    community: UUID
    organisation: UUID | None
    organisation_name: str
    content: OfferContent
    assured_on: date | None
    source: str
    source_id: str


class OfferReader:
    """Reads the rows of one file in order."""

    def __init__(
        self,
        *,
        communities: Mapping[str, UUID | None],
        default_community: UUID | None,
        organisations: Mapping[str, UUID | None],
        categories: Mapping[str, str],
        known: Mapping[tuple[str, str], UUID],
        on: date,
    ) -> None:
        self.problems: list[tuple[int, str, str, bool]] = []
        self._communities, self._default = communities, default_community
        self._organisations, self._categories = organisations, categories
        self._known, self._on = known, on
        self._seen: dict[tuple[str, str], int] = {}
        self._new_names: set[str] = set()

    def read(self, row: int, cells: Sequence[str]) -> ReadOffer | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        told = {
            name: " ".join(unicodedata.normalize("NFC", cell).split()) for name, cell in zip(NAMES, cells, strict=True)
        }
        before = len(self.problems)
        community = self._community(row, told["community"])
        name = told["organisation"]
        organisation = self._organisation(row, name)
        content = self._content(row, told)
        assured = self._day(row, "assured_on", told["assured_on"])
        if assured is not None and assured > self._on:
            self._problem(row, "assured_on", _("Nobody can have asked on a day to come."))
        found = problems_of(
            replace(content, organisation=organisation or UUID(int=0)), categories=set(self._categories.values())
        )
        spoken = {problem[1] for problem in self.problems[before:]}
        for field, sentences in found.items():
            column = {"reach_metres": "reach", "cost_fen": "cost", "exceptions": "weekly"}.get(field, field)
            if column not in spoken:
                self._problem(row, column, " ".join(sentences))
        source, source_id = told["source"][:60], told["source_id"][:120]
        if source:
            earlier = self._seen.setdefault((source, source_id), row)
            if earlier != row:
                self._problem(row, "source_id", _("The same offer is in row %(row)d.") % {"row": earlier})
        if len(self.problems) > before or community is None:
            return None
        self._warn(row, name, organisation, source, source_id)
        return ReadOffer(row, community, organisation, name, content, assured, source, source_id)

    def _warn(self, row: int, name: str, organisation: UUID | None, source: str, source_id: str) -> None:
        if organisation is None and name not in self._new_names:
            self._new_names.add(name)
            sentence = _("“%(name)s” is not on record and will be registered as a partner.") % {"name": name[:60]}
            self.problems.append((row, "organisation", sentence, True))
        if (source, source_id) in self._known:
            sentence = _(
                "It is on record and will be changed. Taking the import back does not bring its old words back."
            )
            self.problems.append((row, "source_id", sentence, True))

    def _community(self, row: int, text: str) -> UUID | None:
        if not text:
            if self._default is None:
                self._problem(row, "community", _("The community is missing."))
            return self._default
        found = self._communities.get(text)
        if found is None:
            known = text in self._communities
            sentence = (
                _("Several communities are called “%(text)s”. Enter the 12-digit code.")
                if known
                else _("“%(text)s” is no community that you answer for.")
            )
            self._problem(row, "community", sentence % {"text": text[:40]})
        return found

    def _organisation(self, row: int, text: str) -> UUID | None:
        if not text:
            self._problem(row, "organisation", _("Say who gives it."))
            return None
        if len(text) > NAME_MOST:
            self._problem(row, "organisation", _("At most %(most)d characters.") % {"most": NAME_MOST})
            return None
        if text in self._organisations and self._organisations[text] is None:
            self._problem(row, "organisation", _("Several organisations have this name. Enter the credit code."))
        return self._organisations.get(text)

    def _content(self, row: int, told: Mapping[str, str]) -> OfferContent:
        kind = offer_cells.word_of(told["kind"] or Offer.Kind.SKILL, offer_cells.KIND_WORDS) or ""
        every = offer_cells.word_of(told["every"] or Offer.Every.MONTH, offer_cells.EVERY_WORDS) or ""
        weekly = offer_cells.read_weekly(told["weekly"])
        if weekly is None:
            self._problem(row, "weekly", _("Write weekly times like 周一 19:00-21:00；周六 9:00-11:30."))
        reach = offer_cells.read_reach(told["reach"] or "本社区")
        if reach is None:
            self._problem(row, "reach", _("Write 本社区, 本街道, 全区, or a number of metres."))
        categories, unknown = offer_cells.read_categories(told["categories"], self._categories)
        for word in unknown:
            sentence = _("“%(code)s” is no category of service. Choose one of the list.") % {"code": word}
            self._problem(row, "categories", sentence)
        numbers = {name: self._number(row, name, told[name], usual) or 0 for name, usual in NUMBERS.items()}
        return OfferContent(
            kind=kind,
            title=told["title"],
            from_on=self._day(row, "from_on", told["from_on"]) or self._on,
            until_on=self._day(row, "until_on", told["until_on"]),
            categories=tuple(categories),
            description=told["description"],
            conditions=told["conditions"],
            contact_name=told["contact_name"],
            place=told["place"],
            needs_venue=self._is_yes(row, told["needs_venue"], kind),
            every=every,
            quantity=self._number(row, "quantity", told["quantity"], None),
            unit=told["unit"],
            cost_fen=self._fen(row, told["cost"]),
            reach=reach[0] if reach else Offer.Reach.COMMUNITY,
            reach_metres=reach[1] if reach else None,
            weekly=tuple(weekly or ()),
            seats=numbers["seats"],
            least_people=numbers["least_people"],
            minutes=numbers["minutes"],
            times=numbers["times"],
        )

    def _number(self, row: int, column: str, text: str, usual: int | None) -> int | None:
        text = text.replace(",", "")
        if not text:
            return usual
        if not _WHOLE.fullmatch(text):
            self._problem(row, column, _("“%(text)s” is no whole number.") % {"text": text[:20]})
            return usual
        return int(float(text))

    def _fen(self, row: int, text: str) -> int:
        text = text.removesuffix("元").strip()
        if text in ("", "免费", "无"):
            return 0
        if not _YUAN.fullmatch(text):
            self._problem(row, "cost", _("“%(text)s” is no amount of money.") % {"text": text[:20]})
            return 0
        return round(float(text) * 100)

    def _day(self, row: int, column: str, text: str) -> date | None:
        if not text:
            return None
        found = offer_cells.read_moment_day(text)
        if found is None:
            self._problem(row, column, _("“%(text)s” is no day. Write it like 2026-11-22.") % {"text": text[:20]})
        return found

    def _is_yes(self, row: int, text: str, kind: str) -> bool:
        if not text:
            return kind != Offer.Kind.VENUE
        if text.lower() not in (*offer_cells.YES, *offer_cells.NO):
            self._problem(row, "needs_venue", _("Write 是 or 否."))
        return text.lower() in offer_cells.YES

    def _problem(self, row: int, column: str, sentence: str) -> None:
        self.problems.append((row, column, sentence, False))


def packed(content: OfferContent) -> dict[str, Any]:
    """Write an offer's words as plain values."""
    found: dict[str, Any] = plain(asdict(content))
    return found


def unpacked(values: Mapping[str, Any]) -> OfferContent:
    """Read an offer's words from plain values."""
    read = dict(values)
    for name in ("from_on", "until_on"):
        read[name] = date.fromisoformat(read[name]) if read[name] else None
    for name in ("organisation", "person", "venue"):
        read[name] = UUID(read[name]) if read[name] else None
    for name in ("only", "never"):
        read[name] = tuple(UUID(one) for one in read[name])
    read["categories"] = tuple((code, level) for code, level in read["categories"])
    read["weekly"] = tuple((d, time.fromisoformat(a), time.fromisoformat(b)) for d, a, b in read["weekly"])
    read["exceptions"] = tuple(
        (date.fromisoformat(a), date.fromisoformat(b), reason) for a, b, reason in read["exceptions"]
    )
    return OfferContent(**read)


def unpack(row: list[Any]) -> ReadOffer:
    """Make a clean row again from its JSON."""
    number, community, organisation, name, content, assured, source, source_id = row
    return ReadOffer(
        number,
        UUID(community),
        UUID(organisation) if organisation else None,
        name,
        unpacked(content),
        date.fromisoformat(assured) if assured else None,
        source,
        source_id,
    )
