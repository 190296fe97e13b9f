"""What the deployment tells us, typed and checked; the only module that reads the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[3]


class Environment(BaseSettings):
    """Every setting an operator may give, as `LIANXIN_<NAME>`; a bad value stops the start with its reason."""

    model_config = SettingsConfigDict(env_prefix="LIANXIN_", extra="ignore")

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
    upload_limit_mb: int = Field(default=50, ge=1, le=500)
    idle_minutes: int = Field(default=30, ge=1, le=240)
    sqlite_cache_kb: int = Field(default=16_000, ge=500, le=1_000_000)
    log_level: str = "INFO"
    seal_copy_dir: Path | None = None

    @field_validator("database_url")
    @classmethod
    def known_scheme(cls, value: str) -> str:
        """Refuse a database URL of a kind that Lianxin does not run on."""
        if value and urlsplit(value).scheme not in {"sqlite", "postgresql"}:
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @property
    def keys(self) -> Path:
        """The key ring's file."""
        return self.key_file or self.var_dir / "keys.json"


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
