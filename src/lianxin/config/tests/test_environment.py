"""What an operator sets is taken, and what cannot be is told."""

from dataclasses import fields
from pathlib import Path

import pytest

from lianxin.config.environment import PREFIX, Environment


def test_what_is_given_is_taken_in_its_own_kind() -> None:
    read = Environment.read(
        {
            "LIANXIN_VAR_DIR": "/srv/lianxin",
            "LIANXIN_HTTPS": "Yes",
            "LIANXIN_TRUSTED_PROXY": "off",
            "LIANXIN_IDLE_MINUTES": "15",
            "LIANXIN_LEVEL": "city",
            "LIANXIN_DATABASE_URL": "postgresql:///lianxin",
            "PATH": "/bin",
        }
    )

    assert (read.var_dir, read.https, read.trusted_proxy, read.idle_minutes) == (Path("/srv/lianxin"), True, False, 15)
    assert read.level == "city"
    assert read.database_url == "postgresql:///lianxin"
    assert read.keys == Path("/srv/lianxin/keys.json")


def test_an_empty_value_is_none() -> None:
    given = {f"{PREFIX}{setting.name.upper()}": " " for setting in fields(Environment)}

    assert Environment.read(given) == Environment()


def test_every_wrong_value_is_told_at_once() -> None:
    given = {
        "LIANXIN_DEBUG": "maybe",
        "LIANXIN_UPLOAD_LIMIT_MB": "501",
        "LIANXIN_IDLE_MINUTES": "half an hour",
        "LIANXIN_LEVEL": "village",
        "LIANXIN_DATABASE_URL": "mysql://localhost/lianxin",
    }

    with pytest.raises(ValueError, match="LIANXIN_DEBUG") as found:
        Environment.read(given)

    assert str(found.value).split("; ") == [
        "LIANXIN_DEBUG must be true or false, not 'maybe'",
        "LIANXIN_UPLOAD_LIMIT_MB must be a whole number from 1 to 500, not '501'",
        "LIANXIN_IDLE_MINUTES must be a whole number from 1 to 240, not 'half an hour'",
        "LIANXIN_LEVEL must be one of district, city, province, not 'village'",
        "LIANXIN_DATABASE_URL must start with sqlite:/// or postgresql://",
    ]
