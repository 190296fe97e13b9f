"""A validator of Open311 GeoReport v2, written from the frozen specification: each rule gives a sentence when broken.

It reads what a server answered, as bytes, and knows nothing of how the server made it.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

KINDS = {"xml": "text/xml", "json": "application/json"}
LISTS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
BOOLEANS = {"metadata", "variable", "required"}
NUMBERS = {"order", "code_number", "lat", "long"}
TYPES = {"realtime", "batch", "blackbox"}
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
STATUSES = {"open", "closed"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
REQUEST = (
    "service_request_id",
    "status",
    "service_name",
    "service_code",
    "description",
    "requested_datetime",
    "updated_datetime",
    "address",
    "lat",
    "long",
)
REQUEST_MAY = (
    "status_notes",
    "agency_responsible",
    "service_notice",
    "expected_datetime",
    "address_id",
    "zipcode",
    "media_url",
)


class Answer:
    """What came back: status, headers, bytes, and the content as lists and mappings of text."""

    def __init__(self, status: int, content_type: str, body: bytes, form: str) -> None:
        self.status, self.content_type, self.body, self.form = status, content_type, body, form
        self.broken: list[str] = []
        self.root = ""
        self.content: Any = None
        self._read()

    def rule(self, holds: bool, sentence: str) -> None:
        """Keep a sentence when a rule does not hold."""
        if not holds:
            self.broken.append(f"{self.form}: {sentence}")

    def _read(self) -> None:
        kind, _semicolon, rest = self.content_type.partition(";")
        self.rule(kind.strip() == KINDS[self.form], f"the content type is {KINDS[self.form]}, not {kind}")
        self.rule("charset=utf-8" in rest.replace(" ", "").lower(), "the content type names UTF-8")
        try:
            text = self.body.decode("utf-8")
        except UnicodeDecodeError:
            self.rule(False, "the body is UTF-8")
            return
        if self.form == "json":
            self.content = json.loads(text)
            return
        declared = re.match(r"<\?xml[^>]*encoding=[\"']utf-8[\"'][^>]*\?>", text, re.IGNORECASE)
        self.rule(declared is not None, "the root element comes after the XML declaration with its encoding")
        self.rule("xmlns" not in text, "there is no namespace")
        self.rule("<!DOCTYPE" not in text, "there is no document type")
        try:
            root = fromstring(self.body)
        except ParseError as error:
            self.rule(False, f"the XML can be read: {error}")
            return
        self.root, self.content = root.tag, _content(root)

    def rows(self, root: str) -> list[dict[str, Any]]:
        """Give the rows of a list, bare in JSON and under its root in XML."""
        self.rule(self.form == "json" or self.root == root, f"the root element is {root}, not {self.root}")
        self.rule(isinstance(self.content, list), "the answer is an array")
        return self.content if isinstance(self.content, list) else []


def spark(value: Any) -> Any:
    """Bring JSON to what its XML says: text only, no text for null."""
    if isinstance(value, dict):
        return {name: spark(one) for name, one in value.items()}
    if isinstance(value, list):
        return [spark(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def same(xml: Answer, json_: Answer) -> list[str]:
    """Tell whether both formats say the same."""
    return [] if xml.content == spark(json_.content) else ["XML and JSON say different things"]


def check_services(found: Answer) -> list[str]:
    """Check GET Service List."""
    rows = found.rows("services")
    found.rule(found.status == 200, "the status is 200")
    for row in rows:
        _has(found, row, SERVICE)
        _enum(found, row, "type", TYPES)
        _boolean(found, row, "metadata")
    _unique(found, rows, "service_code")
    return found.broken


def check_definition(found: Answer, *, code: str) -> list[str]:
    """Check GET Service Definition."""
    found.rule(found.status == 200, "the status is 200")
    found.rule(found.form == "json" or found.root == "service_definition", "the root element is service_definition")
    content = found.content if isinstance(found.content, dict) else {}
    found.rule(content.get("service_code") == code, "service_code is the one that was asked for")
    rows = content.get("attributes")
    found.rule(isinstance(rows, list), "attributes is an array")
    for row in rows or []:
        wanted = ("variable", "code", "datatype", "required", "datatype_description", "order", "description", "values")
        _has(found, row, wanted)
        _enum(found, row, "datatype", DATATYPES)
        _boolean(found, row, "variable")
        _boolean(found, row, "required")
        found.rule(str(row.get("order", "")).isdigit() and int(row["order"]) > 0, "order is a positive integer")
        found.rule(isinstance(row.get("values"), list), "values is an array")
        for value in row.get("values") or []:
            _has(found, value, ("key", "name"))
        if "list" in row.get("datatype", ""):
            found.rule(bool(row.get("values")), "a list has values")
        _unique(found, row.get("values") or [], "key")
    _unique(found, rows or [], "order")
    _unique(found, rows or [], "code")
    return found.broken


def check_requests(found: Answer, *, most: int = 1000, span: timedelta | None = timedelta(days=90)) -> list[str]:
    """Check GET Service Requests and GET Service Request."""
    rows = found.rows("service_requests")
    found.rule(found.status == 200, "the status is 200")
    found.rule(len(rows) <= most, f"there are at most {most} requests")
    moments = []
    for row in rows:
        _has(found, row, REQUEST)
        found.rule(set(row) <= {*REQUEST, *REQUEST_MAY}, f"no other fields: {set(row) - {*REQUEST, *REQUEST_MAY}}")
        _enum(found, row, "status", STATUSES)
        for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
            value = row.get(name) or ""
            may_lack = name == "expected_datetime"
            found.rule(bool(MOMENT.fullmatch(value)) or (may_lack and not value), f"{name} has its zone: {value!r}")
        for name, most_degrees in (("lat", 90), ("long", 180)):
            value = row.get(name)
            found.rule(value in (None, "") or abs(float(value)) <= most_degrees, f"{name} is in degrees: {value!r}")
        found.rule(bool(row.get("lat")) == bool(row.get("long")), "lat and long come together")
        found.rule(len(row.get("description") or "") <= 4000, "description has at most 4,000 characters")
        found.rule("<" not in (row.get("description") or ""), "description is no HTML")
        if MOMENT.fullmatch(row.get("requested_datetime") or ""):
            moments.append(datetime.fromisoformat(row["requested_datetime"].replace("Z", "+00:00")))
            updated = datetime.fromisoformat(row["updated_datetime"].replace("Z", "+00:00"))
            found.rule(updated >= moments[-1], "nothing was updated before it was requested")
    if moments and span is not None:
        found.rule(max(moments) - min(moments) <= span, "requests span at most 90 days")
    _unique(found, rows, "service_request_id")
    return found.broken


def check_posted(found: Answer) -> list[str]:
    """Check the answer to POST Service Request: an id or a token, never both."""
    rows = found.rows("service_requests")
    found.rule(found.status in (200, 201), "the status says that it was taken")
    found.rule(len(rows) == 1, "one request was made")
    for row in rows:
        found.rule(bool(row.get("service_request_id")) != bool(row.get("token")), "an id or a token, never both")
        known = {"service_request_id", "token", "service_notice", "account_id"}
        found.rule(set(row) <= known, "no other fields")
    return found.broken


def check_token(found: Answer, *, token: str) -> list[str]:
    """Check GET service_request_id from a token."""
    rows = found.rows("service_requests")
    found.rule(found.status == 200 and len(rows) == 1, "one request is found")
    for row in rows:
        found.rule(row.get("token") == token, "the token is the one that was asked with")
        found.rule(bool(row.get("service_request_id")), "the id is there")
    return found.broken


def check_errors(found: Answer, *, status: int) -> list[str]:
    """Check an error: its HTTP status, and a list of codes with sentences."""
    rows = found.rows("errors")
    found.rule(found.status == status, f"the status is {status}, not {found.status}")
    found.rule(bool(rows), "there is at least one error")
    for row in rows:
        found.rule(set(row) == {"code", "description"}, "an error has a code and a description")
        found.rule(str(row.get("code", "")).isdigit(), "the code is a number")
        found.rule(len(row.get("description") or "") > 5, "the description is a sentence")
    return found.broken


def check_discovery(found: Answer) -> list[str]:
    """Check service discovery."""
    found.rule(found.status == 200, "the status is 200")
    found.rule(found.form == "json" or found.root == "discovery", "the root element is discovery")
    content = found.content if isinstance(found.content, dict) else {}
    _has(found, content, ("changeset", "contact", "key_service", "endpoints"))
    for row in content.get("endpoints") or []:
        _has(found, row, ("specification", "url", "changeset", "type", "formats"))
        _enum(found, row, "type", {"production", "test"})
        found.rule("GeoReport_v2" in row.get("specification", ""), "the specification is GeoReport v2")
        found.rule("text/xml" in row.get("formats", []), "XML is among the formats")
    return found.broken


def check_updates(found: Answer) -> list[str]:
    """Check the list of updates, as servers that have it give it."""
    rows = found.rows("service_request_updates")
    found.rule(found.status == 200, "the status is 200")
    for row in rows:
        wanted = ("update_id", "service_request_id", "status", "updated_datetime", "description")
        _has(found, row, wanted)
        found.rule(row.get("status") in {"OPEN", "CLOSED"}, "the status is OPEN or CLOSED")
        found.rule(bool(MOMENT.fullmatch(row.get("updated_datetime") or "")), "updated_datetime has its zone")
    _unique(found, rows, "update_id")
    return found.broken


def _content(element: Element) -> Any:
    if element.tag in LISTS:
        return [_content(child) for child in element if child.tag == LISTS[element.tag]]
    if len(element):
        return {child.tag: _content(child) for child in element}
    return element.text or ""


def _has(found: Answer, row: dict[str, Any], names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in row]
    found.rule(not missing, f"these fields are missing: {missing}")


def _enum(found: Answer, row: dict[str, Any], name: str, allowed: set[str]) -> None:
    found.rule(row.get(name) in allowed, f"{name} is one of {sorted(allowed)}, not {row.get(name)!r}")


def _boolean(found: Answer, row: dict[str, Any], name: str) -> None:
    value = row.get(name)
    found.rule(
        value in ("true", "false") if found.form == "xml" else isinstance(value, bool), f"{name} is true or false"
    )


def _unique(found: Answer, rows: list[dict[str, Any]], name: str) -> None:
    values = [str(row.get(name)) for row in rows]
    found.rule(len(values) == len(set(values)), f"no two have the same {name}")
