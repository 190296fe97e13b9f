"""What the deployment tells us, typed and checked; the only module that reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

PROJECT_ROOT = Path(__file__).resolve().parents[3]
PREFIX = "LIANXIN_"
YES, NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


DISTRICT_LEVEL = "district"
LEVELS = (DISTRICT_LEVEL, "city", "province")


def _within(least: int, most: int, *, default: int) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Every setting an operator may give, as `LIANXIN_<NAME>`; a bad value stops the start with its reason.

    Read without pydantic, which only the API needs: in a server of pages it would take as much room as a module.
    """

    var_dir: Path = PROJECT_ROOT / "var"
    data_dir: Path = PROJECT_ROOT / "data"
    database_url: str = ""
    key_file: Path | None = None
    secret_key: str = ""
    debug: bool = False
    testing: bool = False
    hosts: str = "127.0.0.1,localhost,[::1],testserver"
    base_url: str = ""
    https: bool = False
    trusted_proxy: bool = False
    tianditu_key: str = ""
    upload_limit_mb: int = _within(1, 500, default=50)
    idle_minutes: int = _within(1, 240, default=30)
    sqlite_cache_kb: int = _within(500, 1_000_000, default=16_000)
    log_level: str = "INFO"
    seal_copy_dir: Path | None = None
    level: str = field(default=DISTRICT_LEVEL, metadata={"choices": LEVELS})
    feed_dir: Path | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """Take what is given and leave the rest as it is; an empty value is none. Every wrong one is told at once."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in fields(cls):
            text = given.get(PREFIX + setting.name.upper(), "").strip()
            if text:
                try:
                    values[setting.name] = _value(text, setting.type, setting.metadata)
                except ValueError as problem:
                    wrong.append(f"{PREFIX}{setting.name.upper()} {problem}")
        if not _is_known_scheme(values.get("database_url", "")):
            wrong.append(f"{PREFIX}DATABASE_URL must start with sqlite:/// or postgresql://")
        if wrong:
            raise ValueError("; ".join(wrong))
        return cls(**values)

    @property
    def keys(self) -> Path:
        """The key ring's file."""
        return self.key_file or self.var_dir / "keys.json"


def _value(text: str, kind: Any, limits: Mapping[str, Any]) -> Any:
    if kind is bool:
        if text.lower() not in YES | NO:
            raise ValueError(f"must be true or false, not {text!r}")
        return text.lower() in YES
    if kind is int:
        if not text.isascii() or not text.isdigit() or not limits["least"] <= int(text) <= limits["most"]:
            raise ValueError(f"must be a whole number from {limits['least']} to {limits['most']}, not {text!r}")
        return int(text)
    if kind is str:
        if "choices" in limits and text not in limits["choices"]:
            raise ValueError(f"must be one of {', '.join(limits['choices'])}, not {text!r}")
        return text
    return Path(text)


def _is_known_scheme(url: str) -> bool:
    return not url or urlsplit(url).scheme in {"sqlite", "postgresql"}


def database_from(url: str, var_dir: Path, *, cache_kb: int = 16_000) -> dict[str, Any]:
    """Turn a database URL into Django's dictionary; SQLite under `var/` when none is given."""
    parts = urlsplit(url or f"sqlite:///{var_dir / 'lianxin.sqlite3'}")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) if parts.path.startswith("//") else unquote(parts.path),
            # To open the file and its log anew for each request would cost more than most requests do.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # Each thread's connection keeps its own: python's 128 would hold as much memory as the pages' cache.
                "cached_statements": 32,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                    # 16 MB of log before it is copied back: a page that an import writes in each chunk is copied once.
                    "PRAGMA wal_autocheckpoint=4000;"
                    f"PRAGMA cache_size=-{cache_kb};PRAGMA temp_store=MEMORY;PRAGMA mmap_size=0;"
                ),
            },
        }
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
