"""A phone's whole conversation with a running server, spoken by Python's own HTTP client."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from lianxin.domain.needs.tests.test_survey_devices import PNG
from tests.support.site import Site
from tests.support.survey_forms import filled_xml

REALM, BOUNDARY = "Lianxin surveys", "----x7MA4YWxkTrZu0gW"
LARGE = 200 * 1024 * 1024
FORMS = "{http://openrosa.org/xforms/xformsList}"
MESSAGE = "{http://openrosa.org/http/response}message"


@pytest.fixture(scope="module")
def survey(site: Site) -> dict[str, Any]:
    return site.run_module("tests.support.survey_steps", "open", "second")


@pytest.fixture
def collect(site: Site, survey: dict[str, Any]) -> urllib.request.OpenerDirector:
    """A client that answers a challenge by itself, as Collect's does."""
    passwords = urllib.request.HTTPPasswordMgr()
    passwords.add_password(REALM, site.url, survey["login"], survey["secret"])
    return urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))


def ask(opener: urllib.request.OpenerDirector, url: str, data: Any = None, **more: Any) -> tuple[int, Any, bytes]:
    headers = {"X-OpenRosa-Version": "1.0"} | more.pop("headers", {})
    request = urllib.request.Request(url, data=data, headers=headers, **more)
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def body(xml: str, **pictures: bytes) -> bytes:
    parts = [("xml_submission_file", "form.xml", "text/xml", xml.encode())]
    parts += [(name.replace("_", "."), name.replace("_", "."), "image/png", data) for name, data in pictures.items()]
    out = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, file, kind, data in parts
    )
    return out + f"--{BOUNDARY}--\r\n".encode()


MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def memory_of(site: Site) -> int:
    """Give the largest memory that any process of the site has had, in MB."""
    group, largest = site.process.pid, 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if int((status.parent / "stat").read_text().rsplit(")", 1)[1].split()[2]) == group and "VmHWM" in fields:
                largest = max(largest, int(fields["VmHWM"].split()[0]) // 1024)
        except (OSError, IndexError, ValueError):
            continue
    return largest


def test_a_phone_fetches_the_form_and_sends_it_in_over_a_real_line(
    site: Site, survey: dict[str, Any], collect: urllib.request.OpenerDirector
) -> None:
    status, headers, text = ask(collect, f"{site.url}/openrosa/formList?deviceID=collect%3A1")
    forms = fromstring(text).findall(f"{FORMS}xform")
    [form] = [one for one in forms if one.findtext(f"{FORMS}formID") == "autumn-second"]
    _status, _headers, xform = ask(collect, form.findtext(f"{FORMS}downloadUrl") or "")
    ready, head, _empty = ask(collect, f"{site.url}/openrosa/submission", method="HEAD")
    xml = filled_xml(at=datetime.now(UTC), text=survey["text"], photo="door.png")
    url = f"{site.url}/openrosa/submission"
    first = ask(collect, url, body(xml), headers=MULTIPART)
    picture = ask(collect, url, body(xml, door_png=PNG), headers=MULTIPART)
    conflict = ask(collect, url, body(xml.replace("<age>45<", "<age>46<")), headers=MULTIPART)

    assert (status, headers["X-OpenRosa-Version"], len(headers.get_all("Date"))) == (200, "1.0", 1)
    assert xform.decode() == survey["xform"]
    assert (ready, int(head["X-OpenRosa-Accept-Content-Length"]) > 1_000_000) == (204, True)
    assert [first[0], picture[0], conflict[0]] == [201, 201, 409]
    assert fromstring(conflict[2]).findtext(MESSAGE)
    there = site.run_module("tests.support.survey_steps", "came", "second")
    assert (there["how"], there["files"], there["needs"]) == (["device"], 1, ["想请人来剪头发"])


def chunks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]


def test_a_body_in_chunks_and_a_picture_of_200_mb_get_their_sentence_and_no_memory(
    site: Site, survey: dict[str, Any]
) -> None:
    path = f"/openrosa/key/{survey['secret']}/submission"
    xml = filled_xml(at=datetime.now(UTC), text=survey["text"], wish="")
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    line.request("POST", path, body=chunks(body(xml)), headers=MULTIPART, encode_chunked=True)
    chunked = line.getresponse()
    told = chunked.read()
    before = memory_of(site)
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    line.putrequest("POST", path)
    line.putheader("Content-Type", MULTIPART["Content-Type"])
    start, end = body(xml, big_png=b"\0").split(b"\0")
    line.putheader("Content-Length", str(len(start) + LARGE + len(end)))
    line.endheaders(start)
    for _block in range(LARGE >> 20):
        line.send(b"\0" * (1 << 20))
    line.send(end)
    large = line.getresponse()
    sentence = fromstring(large.read()).findtext(MESSAGE)

    assert chunked.status == 201, told
    assert (large.status, bool(sentence)) == (413, True)
    assert memory_of(site) - before < 100
