"""Message catalogues without gettext's own programs: `extract`, `compile`, `check`.

`extract` reads the msgids of every app under `src/lianxin` (Python through Babel, templates through Django's
templatize) into `<app>/locale/zh_Hans/LC_MESSAGES/django.po`: translations stay, new msgids come in empty, and a
translated msgid that is no longer used is kept as obsolete. `compile` writes the `.mo` files, which are build products.
`check` fails on a msgid that is missing from the catalogue, untranslated or fuzzy, on a translation that invents a
placeholder, on a message inside an f-string, and on a msgid that two apps translate differently.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template as django_template

SOURCE = Path(__file__).resolve().parents[1] / "src" / "lianxin"
LOCALE = "zh_Hans"
ALSO = {"platform": ("engines", "config", "faces/api", "faces/cli")}
KEYWORDS = {
    "pgettext_noop": ((1, "c"), 2),
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
RESTLESS_HEADERS = (
    '"Generated-By',
    '"Language-Team',
    '"Last-Translator',
    '"PO-Revision-Date',
    '"POT-Creation-Date',
    '"Report-Msgid-Bugs-To',
)
# A call inside an f-string is invisible to the extraction, so its msgid would stay English for ever.
IN_F_STRING = re.compile(r"""\bf("|').*\{[^}"']*\b(?:_|N_|n?p?gettext(?:_lazy)?)\(""")
PLACEHOLDER = re.compile(r"%\((\w+)\)\d*[sd]|\{(\w*)\}")


def apps() -> list[Path]:
    """Folders that own a catalogue: each Django app. What is no app (`ALSO`) speaks through the platform's."""
    return sorted({path.parent for path in SOURCE.rglob("apps.py")})


def owner(path: Path, folders: list[Path]) -> Path | None:
    """The innermost app folder that a file lies in."""
    holders = [folder for folder in folders if folder in path.parents]
    return max(holders, key=lambda folder: len(folder.parts), default=None)


def catalogue_path(folder: Path) -> Path:
    """Where an app's catalogue lies."""
    return folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def sources(folder: Path, folders: list[Path]) -> Iterator[Path]:
    """Python files and templates of one app, without its tests and migrations and without apps inside it."""
    roots = [folder, *(SOURCE / name for name in ALSO.get(folder.relative_to(SOURCE).as_posix(), ()))]
    for start, path in sorted((root, path) for root in roots for path in root.rglob("*")):
        inside = path.relative_to(start).parts
        if {"tests", "migrations", "locale", "static"} & set(inside):
            continue
        if not path.is_file() or path.suffix not in {".py", ".html", ".txt"}:
            continue
        if owner(path, folders) in (folder, None) and (path.suffix == ".py" or "templates" in inside):
            yield path


def code_of(path: Path) -> bytes:
    """A file as Python source that Babel can read; a template becomes calls of gettext functions."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    code = django_template.templatize(text, origin=str(path))
    # Indentation of HTML means nothing to Python; every string stands on one line.
    return "\n".join(line.lstrip() for line in code.split("\n")).encode()


def messages_of(folder: Path, folders: list[Path]) -> Catalog:
    """All msgids of one app with the files they are in (without line numbers, which only make noise)."""
    catalog = new_catalogue()
    for path in sources(folder, folders):
        place = path.relative_to(SOURCE).as_posix()
        code = code_of(path)
        found = extract("python", io.BytesIO(code), keywords=keywords_of(code), comment_tags=("Translators:",))
        for _line, text, comments, context in found:
            if text and text != ("", ""):
                catalog.add(text, locations=[(place, None)], auto_comments=comments, context=context)
    return catalog


def keywords_of(code: bytes) -> dict:
    """The gettext functions by the names a file imports them under (`pgettext_lazy as _` takes a context first)."""
    aliases = re.findall(r"\b(\w+) as (\w+)", code.decode())
    return KEYWORDS | {alias: KEYWORDS[name] for name, alias in aliases if name in KEYWORDS}


def new_catalogue() -> Catalog:
    """An empty catalogue with only the headers that do not change from run to run."""
    catalog = Catalog(locale=LOCALE, project="Lianxin", charset="utf-8", fuzzy=False)
    catalog.header_comment = ""
    catalog.mime_headers = [
        ("Project-Id-Version", "Lianxin"),
        ("Language", LOCALE),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    ]
    return catalog


def read(path: Path) -> Catalog:
    """Read a catalogue from its file, or give an empty one."""
    if not path.exists():
        return new_catalogue()
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def merged(found: Catalog, known: Catalog) -> Catalog:
    """The msgids that the code has, with the translations that the catalogue had; unused ones stay as obsolete."""
    result = new_catalogue()
    kept = {(message.context, first(message)): message for message in [*known.obsolete.values(), *known] if message.id}
    for message in found:
        if not message.id:
            continue
        old = kept.pop((message.context, first(message)), None)
        result.add(
            message.id,
            string=shaped(message, old),
            locations=message.locations,
            flags=(set(old.flags) & {"fuzzy"} if old else set()) | (message.flags & {"python-format"}),
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old else (),
            context=message.context,
        )
    for message in kept.values():
        if any(texts(message)):
            result.obsolete[result._key_for(message.id, message.context)] = message
    return result


def shaped(message: Message, old: Message | None) -> str | tuple[str, ...]:
    """An old translation in the form, single or plural, that the msgid now has."""
    string = texts(old)[0] if old and texts(old) else ""
    return (string,) if message.pluralizable else string


def first(message: Message) -> str:
    """The singular msgid."""
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def texts(message: Message) -> list[str]:
    """The translations of a message: one, or one for each plural form."""
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string or ""]


def save(path: Path, catalog: Catalog) -> None:
    """Write a catalogue, sorted, so that two branches that add msgids seldom meet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalog, sort_output=True, width=120, include_lineno=False)
    lines = text.getvalue().decode().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(RESTLESS_HEADERS)), encoding="utf-8")


def faults_of(folder: Path, folders: list[Path]) -> list[str]:
    """Sentences about what is wrong with one app's catalogue."""
    path = catalogue_path(folder)
    known = {(message.context, first(message)): message for message in read(path) if message.id}
    where = folder.relative_to(SOURCE)
    faults = [f"{where}: a message inside an f-string: {line}" for line in hidden_lines(folder, folders)]
    for message in messages_of(folder, folders):
        if not message.id:
            continue
        have = known.get((message.context, first(message)))
        if have is None:
            faults.append(f"{where}: not in the catalogue: {first(message)!r}")
        elif not all(texts(have)):
            faults.append(f"{where}: not translated: {first(message)!r}")
        elif have.fuzzy:
            faults.append(f"{where}: fuzzy: {first(message)!r}")
        else:
            faults += [f"{where}: {fault}" for fault in placeholder_faults(message, texts(have))]
    return faults


def hidden_lines(folder: Path, folders: list[Path]) -> Iterator[str]:
    """Lines of Python where a message hides inside an f-string."""
    for path in sources(folder, folders):
        if path.suffix == ".py":
            yield from (line.strip() for line in path.read_text("utf-8").splitlines() if IN_F_STRING.search(line))


def conflicts(folders: list[Path]) -> list[str]:
    """Msgids that two apps translate differently: Django would silently show one of the two everywhere."""
    seen: dict[tuple[str | None, str], tuple[Path, list[str]]] = {}
    faults = []
    for folder in folders:
        for message in read(catalogue_path(folder)):
            if not message.id or not all(texts(message)):
                continue
            other, words = seen.setdefault((message.context, first(message)), (folder, texts(message)))
            if words != texts(message):
                both = f"{other.relative_to(SOURCE)} ({words[0]}), {folder.relative_to(SOURCE)} ({texts(message)[0]})"
                faults.append(f"{first(message)!r} has two translations, {both}: give one of them a context")
    return faults


def placeholder_faults(message: Message, translations: list[str]) -> list[str]:
    """Placeholders that a translation invents; one that it leaves out (a singular's number) is allowed."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    allowed = {name for text in ids for pair in PLACEHOLDER.findall(text) for name in pair}
    used = {name for text in translations for pair in PLACEHOLDER.findall(text) for name in pair}
    extra = used - allowed
    return [f"unknown placeholder {sorted(extra)} in the translation of {ids[0]!r}"] if extra else []


def extract_all(folders: list[Path]) -> int:
    """Bring every catalogue up to the code."""
    for folder in folders:
        path = catalogue_path(folder)
        found = messages_of(folder, apps())
        if len(found) or path.exists():
            catalog = merged(found, read(path))
            save(path, catalog)
            missing = sum(1 for message in catalog if message.id and not all(texts(message)))
            print(f"{folder.relative_to(SOURCE)}: {len(catalog)} msgids, {missing} to translate")
    return 0


def compile_all(folders: list[Path]) -> int:
    """Write the `.mo` files beside the catalogues."""
    for folder in folders:
        path = catalogue_path(folder)
        if path.exists():
            target = path.with_suffix(".mo")
            partial = target.with_suffix(".mo.part")
            with partial.open("wb") as file:
                write_mo(file, read(path), use_fuzzy=False)
            partial.replace(target)
    return 0


def check_all(folders: list[Path]) -> int:
    """Print what is wrong; the number of faults decides the exit status."""
    faults = [fault for folder in folders for fault in faults_of(folder, apps())] + conflicts(apps())
    print("\n".join(faults) or "All messages are translated.")
    return 1 if faults else 0


def main() -> int:
    """Run one of the three jobs, on all apps or on those named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=["extract", "compile", "check"])
    parser.add_argument("apps", nargs="*", help="app folders under src/lianxin, such as faces/kit; default: all")
    asked = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=True)
    folders = apps()
    if asked.apps:
        folders_asked = {SOURCE / name for name in asked.apps}
        unknown = folders_asked - set(folders)
        if unknown:
            parser.error(f"no such app: {', '.join(sorted(path.name for path in unknown))}")
    jobs = {"extract": extract_all, "compile": compile_all, "check": check_all}
    return jobs[asked.job]([folder for folder in folders if not asked.apps or folder in folders_asked])


if __name__ == "__main__":
    sys.exit(main())
