"""Reading rows of a residents' workbook: each becomes a clean row, or sentences about the cells that are wrong.

Pure and made for files of 100,000 rows: one `ResidentReader` sees all rows of a file in order and remembers only what
it needs to find repeats. Nothing here reads a database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.people.models.persons import Person
from lianxin.domain.people.rules import contacts
from lianxin.domain.people.rules import import_words as words
from lianxin.domain.people.rules.import_columns import COLUMNS
from lianxin.domain.people.rules.import_rows import NOBODY, CellProblem, KnownDigests, ResidentRow, household_id
from lianxin.domain.people.rules.persons import OLDEST, is_plausible_birth
from lianxin.engines.identity import ResidentId

LONGEST_CELL = 200
LONGEST_NAME = 40
_EXCEL_DAY_ZERO = date(1899, 12, 30)


class _Wrong(Exception):
    """A cell cannot be read; carries the sentence."""


class ResidentReader:
    """Reads the rows of one file in order.

    `communities` maps every name, alias and code that a community has to its id; a name that belongs to several
    communities maps to None. `on` is the day of the import.
    """

    def __init__(
        self,
        *,
        run: UUID,
        communities: Mapping[str, UUID | None],
        on: date,
        default_community: UUID | None = None,
        known_ids: KnownDigests = NOBODY,
        is_known_person: Callable[[str, str, date], bool] = lambda name, sex, birth_on: False,
    ) -> None:
        self.on = on
        self.problems: list[CellProblem] = []
        self._run = run
        self._known_ids = known_ids
        self._is_known_person = is_known_person
        self._communities = communities
        self._default_community = default_community
        self._ids_seen: dict[int, int] = {}
        self._people_seen: dict[tuple[str, str, date], int] = {}
        self._heads: dict[str, int] = {}
        self._dates: dict[str, date] = {}
        self._row = 0

    def read(self, row: int, cells: Sequence[str]) -> ResidentRow | None:
        """Read a row's cells in the order of COLUMNS; give the clean row, or None and sentences in `problems`."""
        self._row = row
        before = len(self.problems)
        texts = [cell.strip() if cell.isascii() else cell.translate(words.HALF_WIDTH).strip() for cell in cells]
        if max(map(len, texts)) > LONGEST_CELL:
            for place, text in enumerate(texts):
                if len(text) > LONGEST_CELL:
                    self._problem(COLUMNS[place].name, _("Longer than %(most)d characters.") % {"most": LONGEST_CELL})
                    texts[place] = ""
        (
            community_text,
            number,
            address,
            building,
            unit,
            room,
            name_text,
            relation_text,
            sex_text,
            birth_text,
            id_text,
            phone_text,
            residence_text,
            teochew_text,
            large_text,
            no_phone_text,
            latin,
        ) = texts

        community = self._community(community_text)
        name = self._name(name_text)
        relation = self._word("relation", relation_text, words.RELATIONS)
        sex = self._word("sex", sex_text, words.SEXES)
        residence = self._word("residence", residence_text, words.RESIDENCES) or Person.Residence.REGISTERED.value
        birth_on = self._birth(birth_text)
        read = self._id_number(id_text)
        id_number = "" if read is None else read.number
        phone = self._phone_number(phone_text)
        if read is not None:
            sex, birth_on = self._agree_with_id(read, sex, birth_on)
        if birth_on is not None and not is_plausible_birth(birth_on, self.on):
            self._problem(
                "birth_on",
                _("Somebody born on %(day)s would be older than %(most)d, or not yet born.")
                % {"day": birth_on.isoformat(), "most": OLDEST},
            )
        if not id_number and birth_on is None:
            self._problem("birth_on", _("Without an ID number the date of birth is needed."))
        no_phone = self._tick("no_phone", no_phone_text)
        if no_phone and phone:
            self._problem("no_phone", _("A phone number is given, so “no phone” is left out."), is_warning=True)
            no_phone = False
        prefers_teochew = self._tick("prefers_teochew", teochew_text)
        prefers_large_print = self._tick("prefers_large_print", large_text)
        if not number and not address and not building and not room:
            self._problem(
                "household_number", _("Give a household number or an address, so that families can be kept together.")
            )
        if any(not problem.is_warning for problem in self.problems[before:]) or community is None:
            return None
        if not id_number and self._repeats(name, sex, birth_on):
            return None
        return ResidentRow(
            row,
            community,
            self._household(community, number, f"{address}|{building}|{unit}|{room}", relation),
            number[:32],
            address,
            building[:40],
            unit[:20],
            room[:20],
            name,
            latin[:120],
            relation,
            sex,
            birth_on,
            id_number,
            phone,
            residence,
            prefers_teochew,
            prefers_large_print,
            no_phone,
        )

    def _problem(self, column: str, sentence: str, *, is_warning: bool = False) -> None:
        self.problems.append(CellProblem(self._row, column, sentence, is_warning))

    def _community(self, text: str) -> UUID | None:
        if not text:
            if self._default_community is None:
                self._problem("community", _("The community is missing."))
            return self._default_community
        found = self._communities.get(text)
        if found is None:
            if text in self._communities:
                sentence = _("“%(name)s” is the name of several communities. Give the 12-digit code instead.")
            else:
                sentence = _("There is no community “%(name)s” here that you may write to.")
            self._problem("community", sentence % {"name": text})
        return found

    def _name(self, text: str) -> str:
        if not text:
            self._problem("name", _("The name is missing."))
        elif len(text) > LONGEST_NAME:
            self._problem("name", _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME})
        elif not text.isalpha() and not words.NAME.fullmatch(text):
            self._problem("name", _("A name has no digits or signs. Please check “%(name)s”.") % {"name": text})
        return text

    def _word(self, column: str, text: str, known: Mapping[str, str]) -> str:
        if not text:
            if column == "relation":
                self._problem(column, _("The relation to the head of the household is missing."))
            return ""
        found = known.get(text)
        if found is None:
            found = known.get(text.lower())
        if found is None:
            self._problem(
                column,
                _("“%(word)s” is not known here. Use one of: %(known)s.")
                % {"word": text, "known": "、".join(words.examples(known))},
            )
            return ""
        return found

    def _tick(self, column: str, text: str) -> bool:
        if not text:
            return False
        found = words.TICKS.get(text.lower())
        if found is None:
            self._problem(column, _("Write 是 or 否, or leave it empty."))
        return bool(found)

    def _birth(self, text: str) -> date | None:
        if not text:
            return None
        known = self._dates.get(text)
        if known is None:
            try:
                known = self._dates[text] = read_date(text)
            except _Wrong as wrong:
                self._problem("birth_on", str(wrong))
        return known

    def _id_number(self, text: str) -> ResidentId | None:
        if not text:
            return None
        read = contacts.check_id(text, self.on)
        if isinstance(read, str):
            self._problem("id_number", read)
            return None
        for warning in read.warnings:
            self._problem("id_number", contacts.sentence(warning), is_warning=True)
        number = read.number
        earlier = self._ids_seen.setdefault(int(number[:17]), self._row)
        if earlier != self._row:
            self._problem("id_number", _("The same ID number is in row %(row)d.") % {"row": earlier})
            return None
        if contacts.id_digest(number) in self._known_ids:
            self._problem("id_number", _("Somebody with this ID number is on record already."))
            return None
        return read

    def _agree_with_id(self, read: ResidentId, sex: str, birth_on: date | None) -> tuple[str, date]:
        """Take sex and birthday from the ID number; tell when the row says otherwise."""
        id_sex = "m" if read.sex == "M" else "f"
        if sex and sex != id_sex:
            self._problem("sex", _("The ID number says otherwise. The ID number was taken."), is_warning=True)
        if birth_on is not None and birth_on != read.birth_on:
            self._problem(
                "birth_on",
                _("The ID number says %(day)s. The ID number was taken.") % {"day": read.birth_on.isoformat()},
                is_warning=True,
            )
        return id_sex, read.birth_on

    def _phone_number(self, text: str) -> str:
        if not text or words.MOBILE.fullmatch(text):
            return text
        number, wrong = contacts.check_phone(text)
        if wrong:
            self._problem("phone", wrong)
        return number

    def _repeats(self, name: str, sex: str, birth_on: date | None) -> bool:
        if birth_on is None:
            return False
        if self._is_known_person(name, sex, birth_on):
            self._problem(
                "name",
                _("This name, sex and birthday are on record here. Give the ID number to tell the two apart."),
            )
            return True
        earlier = self._people_seen.setdefault((name, sex, birth_on), self._row)
        if earlier == self._row:
            return False
        self._problem(
            "name",
            _("Row %(row)d has the same name, sex and birthday. Give the ID number of both, or leave one out.")
            % {"row": earlier},
        )
        return True

    def _household(self, community: UUID, number: str, place: str, relation: str) -> UUID:
        """Give the id of the family: by its number, or by its address and which of the families there it is."""
        if number:
            return household_id(self._run, community, f"#{number}")
        name = f"{community.hex}@{place}"
        if relation == "head":
            self._heads[name] = self._heads.get(name, 0) + 1
        return household_id(self._run, community, f"{place}@{self._heads.get(name, 1)}")


def read_date(text: str) -> date:
    """Read a day from 1960-01-31, 19600131, 1960年1月31日 or a serial of five digits; raises a sentence."""
    if len(text) == 8 and text.isdigit():
        year, month, day = text[:4], text[4:6], text[6:]
    elif len(text) == 5 and text.isdigit():
        return _EXCEL_DAY_ZERO + timedelta(days=int(text))
    else:
        match = words.DAY.fullmatch(text)
        if match is None:
            raise _Wrong(_("“%(text)s” is not a whole date. Write it as 1960-01-31.") % {"text": text[:20]})
        year, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Wrong(_("There is no such day: %(text)s.") % {"text": text[:20]}) from None
