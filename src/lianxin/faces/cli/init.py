"""`lianxin init`: set up a first real district: divisions, tables and the three administrators, and no sample."""

import argparse
import csv
import io
from datetime import date
from pathlib import Path

from lianxin.faces.cli.setup import everything_ready

ADMINISTRATORS = {"system": "system_admin", "security": "security_admin", "audit": "audit_admin"}
SHIPPED = "440507"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Tell argparse what `init` takes."""
    parser.add_argument(
        "--district-code", required=True, help="the first six digits of the district's code, such as 440507"
    )
    parser.add_argument("--name", default="", help="of a city or province: what it is called, such as 汕头市")
    parser.add_argument(
        "--divisions",
        type=Path,
        help="CSV with the columns code, name, parent_code (UTF-8 or GB18030); 440507 is shipped",
    )
    parser.add_argument(
        "--divisions-from",
        type=date.fromisoformat,
        metavar="DATE",
        help="the day from which the list holds (default: this day)",
    )
    for name in ADMINISTRATORS:
        parser.add_argument(
            f"--admin-{name}",
            required=True,
            metavar="LOGIN[:NAME]",
            help=f"login name, and name to show, of the {name} administrator",
        )
    parser.add_argument("--base-url", help="address of the pages, for the links (default: LIANXIN_BASE_URL)")


def run(options: argparse.Namespace) -> int:
    """Set up, or, before anybody came in, print fresh links."""
    everything_ready()
    from django.conf import settings

    from lianxin.domain.activities.commands.volunteers import load_skills, read_skills
    from lianxin.domain.people.commands.first_district import Administrator, renew_first_links, set_up_district
    from lianxin.domain.reporting.commands.upper_levels import set_up_upper
    from lianxin.domain.reporting.queries.feeds import is_upper
    from lianxin.platform import clock, deployment
    from lianxin.platform.actors import Actor

    administrators = [
        Administrator(role, *_login_and_name(getattr(options, f"admin_{name}")))
        for name, role in ADMINISTRATORS.items()
    ]
    actor, at = Actor.system(via="cli"), clock.now()
    row = deployment.find_deployment()
    if row is not None and not row.is_sample:
        links = renew_first_links(actor=actor, administrators=administrators, at=at)
        print("The district is set up already. Fresh links; the former ones no longer work:")
    elif is_upper():
        links = set_up_upper(
            actor=actor, code=options.district_code, name=options.name, administrators=administrators, at=at
        )
        print(f"{options.name} is set up. Each link opens one account, once:")
    else:
        history, rows, on = _divisions(options, clock.local_day(at))
        links = set_up_district(
            actor=actor,
            code=options.district_code,
            history=history,
            rows=rows,
            on=on,
            administrators=administrators,
            at=at,
        )
        load_skills(actor=actor, skills=read_skills(Path(settings.DATA_DIR)), at=at)
        print(f"The district {options.district_code} is set up. Each link opens one account, once:")
    address = (options.base_url or _base_url()).rstrip("/")
    for link in links:
        print(f"  {link.login_name:<20} {address}/invitation/{link.token}/")
    return 0


def _login_and_name(text: str) -> tuple[str, str]:
    login_name, _colon, name = text.partition(":")
    return login_name.strip(), (name or login_name).strip()


def _divisions(options: argparse.Namespace, today: date) -> tuple:
    """Read the list of divisions: a file from one day on, or what the program ships with its history."""
    from django.conf import settings

    from lianxin.domain.places.commands.division_history import read_longhu
    from lianxin.domain.places.rules.history import UnreadableDivisions, read_rows
    from lianxin.platform.errors import Invalid

    try:
        if options.divisions is not None:
            lines = csv.DictReader(io.StringIO(_text_of(options.divisions)))
            missing = {"code", "name", "parent_code"} - set(lines.fieldnames or ())
            if missing:
                raise Invalid(f"{options.divisions}: the first line lacks the columns {', '.join(sorted(missing))}.")
            return None, read_rows(lines), options.divisions_from or today
        if options.district_code != SHIPPED:
            raise Invalid("Name the file with the divisions of this district by --divisions.")
        return read_longhu(Path(settings.DATA_DIR)), (), today
    except UnreadableDivisions as error:
        raise Invalid(f"The list of divisions cannot be read: {error}.") from error
    except OSError as error:
        raise Invalid(f"{options.divisions} cannot be opened: {error.strerror}.") from error


def _text_of(path: Path) -> str:
    """Read a text in UTF-8, or as Chinese spreadsheets save it."""
    from lianxin.platform.errors import Invalid

    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{path} is neither UTF-8 nor GB18030.")


def _base_url() -> str:
    from django.conf import settings

    return settings.BASE_URL or "http://127.0.0.1:8000"
