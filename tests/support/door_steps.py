"""One step of a door without a network, in a process of its own: make the date and its people, or count who came."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from lianxin.domain.activities.commands.sign_ups import Somebody, sign_up
from lianxin.domain.activities.models import Attendance, Occurrence
from lianxin.domain.activities.rules import tokens
from lianxin.domain.activities.tests.attendance_factories import differences, make_hall
from lianxin.domain.people.models import Account
from lianxin.domain.people.tests.account_factories import give_role
from lianxin.domain.points.models import Claim, Transfer
from lianxin.faces.cli.setup import everything_ready
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.platform import facts, scope
from lianxin.platform.clock import local_day, now

AT_ONCE = 10


def prepare(people: str) -> None:
    """Make tables, keys and files, a date that is just over, its people's sign-ups, and who sits at the door."""
    everything_ready()
    at = now().replace(microsecond=0)
    starts = at - timedelta(hours=2)
    hall = make_hall(
        households=int(people), size=int(people), starts_at=starts, ends_at=at - timedelta(minutes=5), late_minutes=120
    )
    heads, made = hall.town.heads, []
    for first in range(0, len(heads), AT_ONCE):
        some = [Somebody(person=one.pk) for one in heads[first : first + AT_ONCE]]
        made += sign_up(
            actor=hall.keeper, occurrence=hall.occurrence.pk, people=some, how="staff", at=starts - timedelta(hours=3)
        )
    account = Account.objects.get(pk=hall.keeper.account)
    give_role(account, "community_staff", division=hall.town.community)
    tell(
        {
            "occurrence": str(hall.occurrence.pk),
            "session": _session(account),
            "starts_at": starts.isoformat(),
            "shown": [tokens.qr_text(tokens.token_for(row.pk)) for row in made],
        }
    )


def _session(account: Account) -> str:
    """Open a session as the entrance does after the second factor; gives its key."""
    session = SessionStore()
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = now().isoformat()
    session.create()
    return str(session.session_key)


def count(occurrence: str) -> None:
    """Tell who is on record, what facts, claims and passbooks say, and what the proofs find."""
    with scope.everything():
        place = Occurrence.objects.get(pk=occurrence)
        there = Attendance.objects.filter(occurrence=place)
        claims = Claim.objects.filter(source_id__in=there.values("pk"))
        on = local_day(place.starts_at)
        told = {
            "attendances": there.count(),
            "people": there.filter(undone_at=None).values("person").distinct().count(),
            "claims": list(claims.order_by().values_list("state", "points")),
            "claimed": claims.values("source_id").distinct().count(),
            "earned": sum(Transfer.objects.filter(txn__in=claims.values("txn_id")).values_list("points", flat=True)),
            "facts": facts.figure("person_times", from_on=on, until_on=on + timedelta(days=1)),
            "differences": differences(),
        }
    tell(told)


def tell(what: dict[str, Any]) -> None:
    """Write what was found as the last line."""
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    {"prepare": prepare, "count": count}[sys.argv[1]](*sys.argv[2:])
