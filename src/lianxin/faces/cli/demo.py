"""`lianxin demo`: build the sample district through the real commands, and say how to get into it."""

import argparse
import sys
import time
from dataclasses import replace
from datetime import date
from itertools import groupby

from lianxin.faces.cli.setup import everything_ready

DEFAULT_SEED = 440507
DEFAULT_RESIDENTS = 20_000
PART_NAMES = {
    "divisions": "divisions, calendar, standard",
    "venues": "centres and stations",
    "organisations": "organisations",
    "staff": "staff",
    "residents": "residents",
    "upgrades": "programme, upgrades, produce",
    "openings and visits": "openings and visits",
    "seal": "audit seals and sums",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `demo` takes."""
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="another number makes other people (default: %(default)s)"
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day that is today in the sample (default: this day)"
    )
    parser.add_argument(
        "--residents", type=int, default=DEFAULT_RESIDENTS, help="how many residents (default: %(default)s)"
    )
    parser.add_argument(
        "--communities", type=int, help="only so many communities (default: all 125; of each made-up district 18)"
    )
    parser.add_argument(
        "--districts",
        type=int,
        default=7,
        help="of a sample city or province: how many districts (default: %(default)s)",
    )
    parser.add_argument(
        "--whole", action="store_true", help="build also what the worker would add later, before this command ends"
    )
    parser.add_argument("--logins", action="store_true", help="build nothing; print the sample's login names again")
    parser.add_argument("--code", metavar="NAME", help="build nothing; print the 6-digit code of a sample account now")


def run(options: argparse.Namespace) -> int:
    """Build, or print a code or the logins."""
    if options.code:
        from lianxin.faces.cli.setup import django_ready

        django_ready()
        return _print_code(options.code)
    everything_ready()
    if options.logins:
        if not is_sample():
            print("This is not a sample district: it has no printed logins.", file=sys.stderr)
            return 1
        print(logins_text(_address()))
        return 0
    if not is_empty():
        print("This database is in use already. Give an empty one by LIANXIN_DATABASE_URL.", file=sys.stderr)
        return 1
    if options.residents < 0:
        print("The number of residents cannot be negative.", file=sys.stderr)
        return 2
    if is_upper():
        return _build_upper(options)
    build_ground_with_progress(
        seed=options.seed,
        today=options.today,
        residents=options.residents,
        communities=options.communities,
        is_whole=options.whole,
    )
    print(logins_text(_address()))
    return 0


def is_upper() -> bool:
    """Tell whether this instance serves a city or a province."""
    from lianxin.domain.reporting.queries import feeds

    return feeds.is_upper()


def _build_upper(options: argparse.Namespace) -> int:
    """Build a sample city or province of made-up districts."""
    from lianxin.domain.reporting.sample.upper import COMMUNITIES, build_upper
    from lianxin.platform import clock

    if not 1 <= options.districts <= 97:
        print("A sample has 1 to 97 districts.", file=sys.stderr)
        return 2
    now = clock.now()
    today = options.today or clock.local_day(now)
    print("Building the sample districts …", flush=True)
    build_upper(
        at=now,
        today=today,
        seed=options.seed,
        districts=options.districts,
        communities=COMMUNITIES if options.communities is None else options.communities,
        tell=_Teller(),
    )
    print(logins_text(_address()))
    return 0


def is_empty() -> bool:
    """Tell whether no district was ever set up in this database."""
    from lianxin.domain.places.queries.divisions import has_divisions
    from lianxin.platform import deployment

    return deployment.find_deployment() is None and not has_divisions()


def is_sample() -> bool:
    """Tell whether this database holds a sample district."""
    from lianxin.platform import deployment

    return deployment.is_sample()


def build_ground_with_progress(
    *,
    seed: int = DEFAULT_SEED,
    today: date | None = None,
    residents: int = DEFAULT_RESIDENTS,
    communities: int | None = None,
    is_whole: bool = False,
) -> None:
    """Build the ground of the sample district, all or nothing, and tell how far it is.

    `is_whole`: the parts that are the worker's are built, too, one after the other.
    """
    from lianxin.platform import clock
    from lianxin.platform.sample import Plan, build_background, build_ground

    now = clock.now()
    started = time.monotonic()
    print("Building the sample district …", flush=True)
    plan = Plan(
        seed=seed,
        today=today or clock.local_day(now),
        residents=residents,
        communities=communities,
        tell=_Teller(),
    )
    build_ground(plan=plan, at=now)
    if is_whole:
        build_background(plan=replace(plan, actors={}, notes={}, logins=[]), at=now)
    print(f"The sample district is built ({time.monotonic() - started:.0f} s).", flush=True)


class _Teller:
    """Prints a line when a part begins, and at each tenth of a long one."""

    def __init__(self) -> None:
        self.part, self.tenths, self.began = "", -1, 0.0

    def __call__(self, part: str, share: float) -> None:
        """Tell that a part is done by so much."""
        tenths = int(share * 10)
        if part not in PART_NAMES and part != self.part:
            PART_NAMES[part] = part
        if part != self.part:
            self.part, self.tenths, self.began = part, -1, time.monotonic()
        if tenths > self.tenths and (tenths in (0, 10) or time.monotonic() - self.began > 2):
            self.tenths = tenths
            if tenths:
                print(f"  {share:4.0%}  {PART_NAMES[part]}  ({time.monotonic() - self.began:.1f} s)", flush=True)


def logins_text(address: str) -> str:
    """Say how to get into the sample district; nothing where there is none."""
    from lianxin.domain.people.sample.logins import PASSWORD
    from lianxin.platform import deployment

    row = deployment.find_deployment()
    if row is None or not row.is_sample:
        return ""
    staff = [login for login in row.logins if login["login_name"]]
    residents = [login for login in row.logins if login["phone"]]
    lines = [f"Sample district. Staff log in on {address}/login/ with the password {PASSWORD}", ""]
    for _role, group in groupby(staff, key=lambda login: login["role"]):
        lines += [f"  {login['login_name']:<22} {login['title']}" for login in group]
    lines += ["", "  Second factor: lianxin demo --code NAME prints the current six digits."]
    if residents:
        lines += ["", f"  Residents log in on {address}/login/phone/; the page shows the code that would be sent:"]
        lines += [f"  {login['phone']:<22} {login['title']}" for login in residents]
    return "\n".join(lines)


def _print_code(name: str) -> int:
    from lianxin.domain.people.rules import login
    from lianxin.domain.people.sample.logins import secret_for
    from lianxin.platform import clock, deployment

    row = deployment.find_deployment()
    known = {one["login_name"]: one["role"] for one in row.logins if one["login_name"]} if row and row.is_sample else {}
    if row is None or not row.is_sample:
        print("This is not a sample district: use the authenticator of the account.", file=sys.stderr)
        return 1
    from lianxin.domain.people.queries.accounts import find_account_by_login_name

    account = find_account_by_login_name(name)
    secret = secret_for(account.login_name or "", known.get(account.login_name or "", "community_staff"))
    if not secret:
        print(f"{name} logs in without a second factor.")
        return 0
    now = clock.now()
    print(login.totp_at(secret, int(now.timestamp()) // login.TOTP_STEP))
    return 0


def _address() -> str:
    from django.conf import settings

    return settings.BASE_URL or "http://127.0.0.1:8000"
