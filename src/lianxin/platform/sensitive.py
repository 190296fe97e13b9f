"""Sensitive fields: ciphertext with a key id in the column, a keyed digest beside it for exact search."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError, ValidationError
from django.db import connections, models, router, transaction
from django.db.models.lookups import Exact

from lianxin.platform import keys

FORMAT = 1
NONCE_BYTES = 12
HEADER_BYTES = 3  # format byte, key id in two
# 128 bits: no two numbers of a country share them, and the random indexes are half as large.
DIGEST_BYTES = 16
MASK = "••••"


class Unreadable(Exception):
    """A sealed value was changed, moved from another column, or sealed with a key that is gone."""


class Sealed:
    """A sealed text: it shows nothing of itself until someone asks for it by `reveal()`."""

    __slots__ = ("ciphertext", "purpose")

    def __init__(self, ciphertext: bytes, purpose: str) -> None:
        self.ciphertext = ciphertext
        self.purpose = purpose

    @property
    def key_id(self) -> int:
        """Which key of the ring sealed this."""
        return int.from_bytes(self.ciphertext[1:HEADER_BYTES])

    def reveal(self) -> str:
        """The plain text; raises Unreadable."""
        blob = self.ciphertext
        if len(blob) < HEADER_BYTES + NONCE_BYTES + keys.TAG_BYTES or blob[0] != FORMAT:
            raise Unreadable(f"The sealed value of {self.purpose} is not in a known format.")
        cipher = keys.ring().ciphers.get(self.key_id) or keys.ring(fresh=True).ciphers.get(self.key_id)
        if cipher is None:
            raise Unreadable(f"The sealed value of {self.purpose} needs key {self.key_id}, which is not in the ring.")
        nonce, data = blob[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES], blob[HEADER_BYTES + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, data, self.purpose.encode()).decode()
        except InvalidTag:
            raise Unreadable(f"The sealed value of {self.purpose} was changed or moved.") from None

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"<Sealed {self.purpose}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sealed):
            if (self.ciphertext, self.purpose) == (other.ciphertext, other.purpose):
                return True
            raise TypeError("Two sealed values cannot be compared: compare their digests.")
        if isinstance(other, str) and other:
            raise TypeError("A sealed value cannot be compared with a text: compare digests.")
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.ciphertext, self.purpose))

    def __reduce__(self) -> tuple[type[Sealed], tuple[bytes, str]]:
        return Sealed, (self.ciphertext, self.purpose)


def seal(text: str, purpose: str) -> Sealed:
    """Seal a text with the active key; the purpose ("people.person.phone") binds it to its column."""
    return seal_many([text], purpose)[0]


def seal_many(texts: Sequence[str], purpose: str) -> list[Sealed]:
    """Seal many texts as `seal` does one."""
    ring = keys.ring()
    encrypt, bound = ring.ciphers[ring.sealing_id].encrypt, purpose.encode()
    header = bytes((FORMAT, *ring.sealing_id.to_bytes(2)))
    noise = os.urandom(NONCE_BYTES * len(texts))
    nonces = (noise[at : at + NONCE_BYTES] for at in range(0, len(noise), NONCE_BYTES))
    return [
        Sealed(header + nonce + encrypt(nonce, text.encode(), bound), purpose)
        for text, nonce in zip(texts, nonces, strict=True)
    ]


def _keyed(primitive: Any, text: str, purpose: str) -> str:
    return _finished(primitive.copy(), f"{purpose}\0{text}")


def _finished(work: Any, text: str) -> str:
    work.update(text.encode())
    return str(work.finalize()[:DIGEST_BYTES].hex())


def digest(text: str, purpose: str) -> str:
    """Keyed digest, 32 hex digits, of a text that the caller has normalised."""
    return _keyed(keys.ring().digests[0], text, purpose)


def digest_many(texts: Iterable[str], purpose: str) -> list[str]:
    """Digest many texts as `digest` does one."""
    begun = keys.ring().digests[0].copy()
    begun.update(f"{purpose}\0".encode())
    return [_finished(begun.copy(), text) for text in texts]


def digest_candidates(text: str, purpose: str) -> list[str]:
    """The digest under every digest key, newest first: what a search looks for until all rows are digested anew."""
    return [_keyed(primitive, text, purpose) for primitive in keys.ring().digests]


class SealedField(models.BinaryField):
    """A column of sealed text; the value is `Sealed` or None and cannot be filtered on except for null.

    The purpose is "app.model.field" unless given; a renamed model or field must give its former purpose.
    `digest` names the column beside it that holds the digest of exactly the sealed text, under the same purpose or
    under `digest_purpose`; both are for re-encryption and no part of a migration.
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: Sealed  # type: ignore[assignment]
        _pyi_private_get_type: Sealed  # type: ignore[assignment]

    def __init__(
        self, *args: Any, purpose: str = "", digest: str = "", digest_purpose: str = "", **kwargs: Any
    ) -> None:
        self.given_purpose = purpose
        self.purpose = purpose
        self.digest = digest
        self.digest_purpose = digest_purpose
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.purpose = self.given_purpose or f"{cls._meta.label_lower}.{name}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.given_purpose:
            kwargs["purpose"] = self.given_purpose
        return name, path, args, kwargs

    def seal(self, text: str) -> Sealed:
        """Seal a text for this column."""
        return seal(text, self.purpose)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.purpose)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return Sealed(base64.b64decode(value, validate=True), self.purpose)
            except ValueError:
                raise ValidationError("A sealed value is base64 of its ciphertext.") from None
        return value

    def value_to_string(self, obj: models.Model) -> str:
        value: Any = self.value_from_object(obj)
        return "" if value is None else base64.b64encode(value.ciphertext).decode()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or not isinstance(value, Sealed | str | bytes | memoryview):
            return value
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.purpose} takes a sealed value: seal(text, {self.purpose!r}).")
        if value.purpose != self.purpose:
            raise TypeError(f"{self.purpose} was given a value sealed for {value.purpose}.")
        return super().get_db_prep_value(value.ciphertext, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "isnull") else None


@SealedField.register_lookup
class _NullOnly(Exact):  # type: ignore[type-arg]
    def get_prep_lookup(self) -> Any:
        if self.rhs is not None:
            raise FieldError("A sealed column cannot be searched: filter on its digest.")
        return None


@dataclass(frozen=True)
class DigestColumn:
    """A digest column that belongs to a sealed one, and how its text is normalised before digesting."""

    name: str
    purpose: str
    normalise: Callable[[str], str] = str


@dataclass(frozen=True)
class Progress:
    """How far a re-encryption is; hand `last` to the next call as `after`."""

    seen: int
    changed: int
    last: str | None
    finished: bool


def reencrypt(
    *,
    model: type[models.Model],
    field: str,
    chunk: int = 1000,
    after: str | None = None,
    digests: tuple[DigestColumn, ...] = (),
) -> Progress:
    """Bring one chunk of rows, in key order, to the active keys; a row changed meanwhile is left to its writer.

    Run it within the whole district. It may start again from any point: a row that is already right is not written.
    """
    column = model._meta.get_field(field)
    assert isinstance(column, SealedField)
    using = router.db_for_write(model)
    ring = keys.ring(fresh=True)
    quote = connections[using].ops.quote_name
    table, key, sealed = quote(model._meta.db_table), quote(str(model._meta.pk.column)), quote(str(column.column))
    wanted = ", ".join([key, sealed, *(quote(_column(model, each.name)) for each in digests)])
    start, values = ("", []) if after is None else (f" AND {key} > %s", [after])
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted} FROM {table} WHERE {sealed} IS NOT NULL{start} ORDER BY {key} LIMIT %s", [*values, chunk]
        )
        rows = cursor.fetchall()
        changes = [change for row in rows if (change := _renewed(row, column.purpose, digests, ring.sealing_id))]
        columns = [str(column.column), *(_column(model, each.name) for each in digests)]
        sets = ", ".join(f"{quote(name)} = %s" for name in columns)
        if changes:
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} = %s AND {sealed} = %s", changes)
    last = str(rows[-1][0]) if rows else after
    return Progress(seen=len(rows), changed=len(changes), last=last, finished=len(rows) < chunk)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _renewed(row: Any, purpose: str, digests: tuple[DigestColumn, ...], active: int) -> list[Any] | None:
    old = Sealed(bytes(row[1]), purpose)
    if old.key_id == active and not digests:
        return None
    text = old.reveal()
    fresh = [digest(each.normalise(text), each.purpose) for each in digests]
    if old.key_id == active and fresh == list(row[2:]):
        return None
    new = old if old.key_id == active else seal(text, purpose)
    return [new.ciphertext, *fresh, row[0], old.ciphertext]


def reencrypt_all(
    *, columns: Mapping[type[models.Model], Mapping[str, tuple[DigestColumn, ...]]], chunk: int = 1000
) -> int:
    """Bring every row of the given columns to the active keys; returns how many rows were changed."""
    changed = 0
    for model, fields in columns.items():
        for field, digests in fields.items():
            after, finished = None, False
            while not finished:
                step = reencrypt(model=model, field=field, chunk=chunk, after=after, digests=digests)
                changed, after, finished = changed + step.changed, step.last, step.finished
    return changed
