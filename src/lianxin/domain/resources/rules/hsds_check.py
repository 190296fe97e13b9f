"""Whether a document is one of services as the Human Services Data Specification 3.0 and 3.1 writes them."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.platform.errors import Invalid

MOST_TOLD = 20
MOST_SERVICES = 20_000


@lru_cache(maxsize=1)
def _validator() -> Any:
    # The validator is loaded by whoever reads or writes such a document, not by every worker.
    import jsonschema_rs

    schema = (settings.DATA_DIR / "hsds" / "service.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True)


def problems_of(service: Any) -> list[str]:
    """Give what is wrong with one service, each with the place in it."""
    found = []
    for error in _validator().iter_errors(service):
        place = "/".join(str(step) for step in error.instance_path)
        found.append(f"/{place}: {error.message}"[:300])
        if len(found) == MOST_TOLD:
            break
    return found


def read_services(text: bytes) -> list[dict[str, Any]]:
    """Read a file of services and check each; raises Invalid with the place of what is wrong."""
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        where = _(" (line %(line)d)") % {"line": line} if line else ""
        raise Invalid(_("This is no JSON file%(where)s.") % {"where": where}) from None
    except RecursionError:
        raise Invalid(_("This file is nested too deeply to be one of services.")) from None
    services = _services_of(document)
    if not services:
        raise Invalid(
            _("There is no service in this file. An HSDS file holds services, each with id, name and status.")
        )
    if len(services) > MOST_SERVICES:
        raise Invalid(_("More than %(most)d services. Split the file.") % {"most": MOST_SERVICES})
    told = []
    for number, service in enumerate(services, start=1):
        for sentence in problems_of(service):
            told.append(_("Service %(number)d, %(what)s") % {"number": number, "what": sentence})
        if len(told) >= MOST_TOLD:
            break
    if told:
        raise Invalid(_("The file does not follow HSDS 3.x."), fields={"file": told[:MOST_TOLD]})
    return services


def _services_of(document: Any) -> list[dict[str, Any]]:
    """Give the services of a list, of a page of a list, of organisations, or the one that the document is."""
    if isinstance(document, dict):
        for name in ("contents", "services", "service", "organizations"):
            if isinstance(document.get(name), list):
                return _with_their_organisation(document[name])
        return _with_their_organisation([document])
    return _with_their_organisation(document) if isinstance(document, list) else []


def _with_their_organisation(rows: list[Any]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("services"), list):
            giver = {name: value for name, value in row.items() if name != "services"}
            found += [{"organization": giver, **one} for one in row["services"] if isinstance(one, dict)]
        elif isinstance(row, dict):
            found.append(row)
        else:
            raise Invalid(
                _("There is no service in this file. An HSDS file holds services, each with id, name and status.")
            )
    return found
