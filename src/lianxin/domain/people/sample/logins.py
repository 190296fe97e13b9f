"""The ways into the sample district; outside of it no account is there by default."""

from __future__ import annotations

import base64
import hashlib

from lianxin.domain.people.rules.roles import needs_second_factor

# Everybody may know it: it opens a district of made-up people and nothing else.
PASSWORD = "lychee-street-125"  # noqa: S105


def totp_secret(login_name: str) -> str:
    """Give the second factor of a sample account: always the same, so that it can be printed."""
    return base64.b32encode(hashlib.sha1(f"lianxin sample {login_name}".encode()).digest()).decode()  # noqa: S324


def secret_for(login_name: str, role: str) -> str:
    """Give the second factor of an account in a role, or nothing where the role needs none."""
    return totp_secret(login_name) if needs_second_factor([role]) else ""
