"""Takes single values out of a file's objects and notes a sentence for each that cannot be taken."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

LARGEST = 1_000_000_000
SENTENCES_KEPT = 50


class BadFile(Exception):
    """The file cannot be matched; `sentences` say what is wrong and where."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(self.sentences))


class Faults:
    """The sentences found so far; no more than a person would read."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.more = 0

    def add(self, sentence: str) -> None:
        """Note one sentence."""
        if len(self.sentences) < SENTENCES_KEPT:
            self.sentences.append(sentence)
        else:
            self.more += 1

    def stop(self) -> None:
        """Raise when anything was noted."""
        if self.sentences:
            raise BadFile([*self.sentences, *([f"… and {self.more} more of the kind."] if self.more else [])])


class Fields:
    """One object of the file; every look-up names the object and the field when it fails."""

    def __init__(self, values: Mapping[str, Any], *, where: str, faults: Faults) -> None:
        self.values = values
        self.where = where
        self.faults = faults
        self.asked: set[str] = set()

    def text(self, name: str, *, default: str | None = None) -> str:
        """Take a string; without a default it must be there and not be empty."""
        value = self._value(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self._fault(f"{name} must be a text that is not empty")
        return default or ""

    def whole(self, name: str, *, default: int | None = None, least: int = 0) -> int:
        """Take a whole number that is at least `least`."""
        value = self._value(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST:
            return value
        self._fault(f"{name} must be a whole number from {least} to {LARGEST}, not {_shown(value)}")
        return default if default is not None else least

    def number(
        self, name: str, *, default: float | None = None, least: float = 0.0, most: float = float(LARGEST)
    ) -> float:
        """Take a finite number within bounds."""
        value = self._value(name)
        if value is None and default is not None:
            return default
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and least <= value <= most
        ):
            return float(value)
        self._fault(f"{name} must be a number from {least:g} to {most:g}, not {_shown(value)}")
        return default if default is not None else least

    def maybe_number(self, name: str) -> float | None:
        """Take a number, or None when there is none."""
        return None if self._value(name) is None else self.number(name)

    def maybe_whole(self, name: str, *, least: int = 0) -> int | None:
        """Take a whole number, or None when there is none."""
        return None if self._value(name) is None else self.whole(name, least=least)

    def truth(self, name: str, *, default: bool) -> bool:
        """Take true or false."""
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._fault(f"{name} must be true or false, not {_shown(value)}")
            return default
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of strings, sorted and each once; nothing when it is not there."""
        value = self._value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self._fault(f"{name} must be a list of texts")
            return ()
        return tuple(sorted(set(value)))

    def counts(self, name: str, *, least: int = 0, most: int = LARGEST) -> tuple[tuple[str, int], ...]:
        """Take an object of whole numbers by name, sorted."""
        value = self._value(name)
        if not isinstance(value, dict):
            self._fault(f"{name} must be an object of whole numbers")
            return ()
        for key, count in value.items():
            if not isinstance(count, int) or isinstance(count, bool) or not least <= count <= most:
                self._fault(f"{name}.{key} must be a whole number from {least} to {most}, not {_shown(count)}")
                return ()
        return tuple(sorted(value.items()))

    def end(self) -> None:
        """Note the fields that nobody asked for: most often a misspelt one."""
        for name in sorted(set(self.values) - self.asked):
            self._fault(f"{name!r} is not a field of this format")

    def _value(self, name: str) -> Any:
        self.asked.add(name)
        return self.values.get(name)

    def _fault(self, sentence: str) -> None:
        self.faults.add(f"{self.where}: {sentence}.")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
