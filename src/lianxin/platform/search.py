"""Global search: one table of documents, found by their tokens; who may see what is in the index too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from lianxin.engines import text
from lianxin.platform import clock, scope, search_index
from lianxin.platform.search_index import TABLE

CHUNK = 1000
TITLE_LETTERS = 8
MANY_COMMUNITIES = 8
COLUMNS = {
    "kind": "text",
    "record_id": "uuid",
    "community_id": "uuid",
    "title": "text",
    "detail": "text",
    "url_name": "text",
    "public": "boolean",
    "tokens": "text",
    "weight": "smallint",
    "updated_at": "timestamptz",
}
CHANGED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in ("kind", "record_id"))

# The tokeniser's own tokens begin with u, p or d; ours with z.
PUBLIC = "zqpublic"
PROMINENT = "zqweight"


class Entry(NamedTuple):
    """What a module hands in for one record.

    `exact` holds keyed digests, `weight` > 0 lifts it above the crowd, `is_person` reads the title as surname and name.
    """

    kind: str
    record_id: UUID
    title: str
    community_id: UUID | None = None
    detail: str = ""
    words: Sequence[str] = ()
    public: bool = False
    url_name: str = ""
    exact: Sequence[str] = ()
    weight: int = 0
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One found record."""

    kind: str
    record_id: UUID
    community_id: UUID | None
    title: str
    detail: str
    url_name: str
    public: bool
    weight: int


@lru_cache(maxsize=256)
def _kind_token(kind: str) -> str:
    return "zk" + "".join(letter for letter in kind.lower() if letter.isalnum())


def _title_token(plain: str) -> str:
    """The beginning of a title in hex; a final z says that it is the whole title."""
    return "zt" + plain[:TITLE_LETTERS].encode().hex() + ("z" if len(plain) <= TITLE_LETTERS else "")


def _letter_token(letter: str) -> str:
    return "zi" + letter


@lru_cache(maxsize=1024)
def _letters(initials: str) -> str:
    return "".join(f" {_letter_token(letter)}" for letter in dict.fromkeys(initials))


@lru_cache(maxsize=1024)
def _head(kind: str, community_id: UUID | None, public: bool, prominent: bool) -> str:
    """The tokens that a whole crowd of records has alike."""
    own = [_kind_token(kind)]
    if community_id is not None:
        own.append(f"zc{community_id.hex}")
    if public:
        own.append(PUBLIC)
    if prominent:
        own.append(PROMINENT)
    return " ".join(own)


def _term(token: text.QueryToken) -> str:
    if token.prefix and len(token.text) == 2 and token.text[0] == "p":
        return _letter_token(token.text[1])
    return token.text + "*" * token.prefix


def _exact_token(digest: str) -> str:
    # 64 bits: no two numbers of a district share them, and digests are half of what an import adds to the index.
    return "zx" + digest[:16].lower()


def _with_letters(found: list[str]) -> list[str]:
    # A single typed letter is a token too: as a prefix it would touch half the index.
    return found + list({"zi" + token[1] for token in found if token[0] == "p"})


@lru_cache(maxsize=1024)
def _word_tokens(word: str) -> list[str]:
    # Cached, as categories and streets repeat; people's names hardly do.
    return _with_letters(text.search_tokens(word))


def _tokens(entry: Entry) -> str:
    title = entry.title
    head = _head(entry.kind, entry.community_id, entry.public, entry.weight > 0)
    own = [head, *map(_exact_token, entry.exact)]
    if entry.is_person and not entry.words:
        words, initials = text.name_words(title)
        if words:
            # Such a name is in its plain form already.
            return f"{' '.join(own)} {_title_token(title)} {words}{_letters(initials)}"
    own.append(_title_token(text.normalise(title)))
    own += _with_letters(text.search_tokens(title, is_person=True)) if entry.is_person else _word_tokens(title)
    if not entry.words:
        return " ".join(own)
    for word in entry.words:
        own += _word_tokens(word)
    return " ".join(dict.fromkeys(own))


def _rows(entries: Sequence[Entry], at: datetime) -> list[tuple[Any, ...]]:
    """The columns of these entries in the driver's form."""
    plain = connection.vendor == "postgresql"
    moment = at if plain else connection.ops.adapt_datetimefield_value(at)
    rows: list[tuple[Any, ...]] = []
    last = community = None
    for entry in entries:
        kind, record_id, title, community_id, detail, _words, public, url_name, _exact, weight, _is_person = entry
        if not plain:
            record_id, public = record_id.hex, int(public)  # type: ignore[assignment]
        # Neighbours are of one community.
        if community_id is not last:
            last = community_id
            community = community_id if plain or community_id is None else community_id.hex  # type: ignore[assignment]
        rows.append(
            (kind, record_id, community, title[:200], detail[:300], url_name, public, _tokens(entry), weight, moment)
        )
    return rows


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while part := list(islice(remaining, CHUNK)):
        yield part


def put(entries: Iterable[Entry], *, at: datetime | None = None) -> None:
    """Make these records findable, or findable by what they are called now."""
    at = at or clock.now()
    with transaction.atomic(savepoint=False):
        for part in _chunks(entries):
            # The last one wins; one order for all writers, so that two of them never wait for each other in a ring.
            latest = {(entry.kind, entry.record_id.int): entry for entry in part}
            _write(_rows([latest[name] for name in sorted(latest)], at))


def _write(rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(COLUMNS)
    conflict = f"ON CONFLICT (kind, record_id) DO UPDATE SET {CHANGED}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(f"INSERT INTO {TABLE} ({names}) SELECT * FROM unnest({arrays}) {conflict}", columns)
            return
        marks = ", ".join(["%s"] * len(COLUMNS))
        before = search_index.last_document(connection)
        cursor.executemany(f"INSERT INTO {TABLE} ({names}) VALUES ({marks}) {conflict}", rows)
    search_index.index_new(connection, before)


def drop(kind: str, ids: Iterable[UUID]) -> None:
    """Make these records unfindable."""
    remaining = iter(ids)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        while part := list(islice(remaining, CHUNK)):
            marks = ", ".join(["%s"] * len(part))
            values = part if connection.vendor == "postgresql" else [one.hex for one in part]
            cursor.execute(f"DELETE FROM {TABLE} WHERE kind = %s AND record_id IN ({marks})", [kind, *values])


def _fence(public_only: bool) -> tuple[list[str], list[UUID] | None]:
    """What keeps a search within the scope: an expression for few communities, a filter on the rows for many."""
    if public_only:
        return [search_index.any_of(connection, [PUBLIC])], None
    communities = scope.ids()
    if communities is None:
        return [], None
    if len(communities) > MANY_COMMUNITIES:
        return [], sorted(communities)
    return [search_index.any_of(connection, [PUBLIC, *(f"zc{one.hex}" for one in sorted(communities))])], None


def find(
    query: str,
    kinds: Iterable[str] | None = None,
    public_only: bool = False,
    limit: int = 20,
    *,
    exact: Sequence[str] = (),
) -> list[Hit]:
    """Records that match every word, in one statement: exact digest, exact title, title prefix, then by weight.

    Words are 1 or more characters, pinyin or its initials, digits; `exact` takes digests of a typed phone or ID number.
    """
    plain = text.normalise(query)
    fence, communities = _fence(public_only)
    if kinds is not None:
        wanted = [_kind_token(kind) for kind in kinds]
        if not wanted:
            return []
        fence.append(search_index.any_of(connection, wanted))
    searches: list[list[str]] = []
    if exact:
        # As a beginning, since documents that were put earlier bear the whole digest.
        searches.append([search_index.any_of(connection, [f"{_exact_token(each)}*" for each in exact])])
    words = [search_index.any_of(connection, [_term(token)]) for token in text.query_tokens(query)]
    if words:
        title = _title_token(plain)
        begins = search_index.any_of(connection, [title.rstrip("z") + "*"])
        prominent = search_index.any_of(connection, [PROMINENT])
        whole = search_index.any_of(connection, [title])
        searches += [[whole], [*words, prominent], [begins], words]
    if not searches:
        return []
    rows = _read([[*fence, *each] for each in searches], communities, limit)
    rows.sort(key=lambda row: _order(plain, row, bool(exact)))
    return [_hit(row) for row in rows[:limit]]


def _read(searches: list[list[str]], communities: list[UUID] | None, limit: int) -> list[Any]:
    # Each branch reads a bounded number of documents, whatever the size of the district.
    depth = max(3 * limit, 60)
    branch = search_index.branch(connection, 0 if communities is None else len(communities))
    keys = [one if connection.vendor == "postgresql" else one.hex for one in communities or ()]
    found = " UNION ALL ".join(f"SELECT id, {rank} AS rank FROM ({branch}) AS b{rank}" for rank in range(len(searches)))
    parameters: list[Any] = []
    for search in searches:
        parameters += [search_index.all_of(connection, search), *keys, depth]
    names = "kind, record_id, community_id, title, detail, url_name, public, weight"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, min(rank) FROM ({found}) AS f JOIN {TABLE} d ON d.id = f.id GROUP BY d.id, {names}",
            parameters,
        )
        return list(cursor.fetchall())


def _order(plain: str, row: Any, exact: bool) -> tuple[Any, ...]:
    title, weight, rank = text.normalise(row[3]), row[7], row[8]
    return (
        not (exact and rank == 0),
        title != plain,
        not title.startswith(plain),
        -weight,
        len(title),
        title,
        str(row[1]),
    )


def _hit(row: Any) -> Hit:
    kind, record_id, community_id, title, detail, url_name, public, weight, _rank = row
    if isinstance(record_id, str):
        record_id, community_id = UUID(record_id), UUID(community_id) if community_id else None
    return Hit(kind, record_id, community_id, title, detail, url_name, bool(public), weight)


def rebuild(
    sources: Iterable[Callable[[], Iterable[Entry]]], *, kinds: Iterable[str] | None = None, at: datetime | None = None
) -> int:
    """Put every record of these kinds (all, unless named) anew, chunk by chunk, and drop what no source gave."""
    at = at or clock.now()
    wanted = None if kinds is None else frozenset(kinds)
    count = 0
    for source in sources:
        for part in _chunks(entry for entry in source() if wanted is None or entry.kind in wanted):
            put(part, at=at)
            count += len(part)
    moment = at if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(at)
    named = "" if wanted is None else f" AND kind IN ({', '.join(['%s'] * len(wanted))})"
    if wanted is None or wanted:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE updated_at < %s{named}", [moment, *sorted(wanted or ())])
    return count


def check() -> list[str]:
    """Name what is wrong with the index; every document must be found by each of its tokens."""
    return search_index.check()
