"""Gives back memory of a web worker that has loaded everything, before its first visitor comes."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import FrozenInstanceError, fields, is_dataclass
from reprlib import recursive_repr
from typing import Any


def loaded_dataclasses() -> list[type]:
    """Give every dataclass of this process that was loaded so far."""
    return [found for found in gc.get_objects() if isinstance(found, type) and is_dataclass(found)]


def share_generated_methods(classes: Iterable[type]) -> int:
    """Let dataclasses share the methods that were generated for each alike and are seldom called; give how many did.

    The module `dataclasses` compiles a `__repr__`, and a frozen one's two refusals, for each class anew: with 500 of
    them that is 3 MB. Equality and hashes stay, as pages depend on their speed. Left alone is a class that inherits or
    is inherited from, where what is generated tells one class of the line from another.
    """
    shared = 0
    for each in classes:
        if each.__bases__ != (object,) or each.__subclasses__():
            continue
        own, kind = vars(each), each.__dataclass_params__  # type: ignore[attr-defined]
        if kind.frozen:
            for name, method in (("__setattr__", _refuse_to_assign), ("__delattr__", _refuse_to_delete)):
                setattr(each, name, method)
                shared += 1
        if kind.repr and _is_generated(own.get("__repr__")):
            each.__repr__ = _shown  # type: ignore[assignment]
            shared += 1
    return shared


def _is_generated(method: Any) -> bool:
    code = getattr(getattr(method, "__wrapped__", None), "__code__", None)
    return code is not None and code.co_filename == "<string>"


@recursive_repr()
def _shown(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_assign(self: Any, name: str, value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")
