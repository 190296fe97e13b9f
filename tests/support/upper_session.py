"""A program beside a city's site: makes somebody of its department and gives a session, as the entrance would."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import auth  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from lianxin.domain.people.commands.accounts import create_account  # noqa: E402
from lianxin.domain.people.commands.staff import grant_role  # noqa: E402
from lianxin.domain.people.sample.logins import totp_secret  # noqa: E402
from lianxin.faces.entrance.session import BACKEND, SEEN  # noqa: E402
from lianxin.platform import clock  # noqa: E402
from lianxin.platform.actors import Actor  # noqa: E402


def main() -> None:
    """Print the name and the value of the cookie of a session."""
    actor, at = Actor.system(via="cli"), clock.now()
    account = create_account(
        actor=actor,
        login_name="department",
        display_name="市级",
        encoded_password=make_password("a-password-of-the-tests"),
        totp_secret=totp_secret("department"),
        must_change_password=False,
        at=at,
    )
    grant_role(actor=actor, account=account.pk, role="district_staff", at=at)
    session = SessionStore()
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = at.isoformat()
    session.create()
    sys.stdout.write(json.dumps({"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}) + "\n")


if __name__ == "__main__":
    main()
