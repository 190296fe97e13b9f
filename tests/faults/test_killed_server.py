"""A server that dies between commit and answer: the client sends again and gets what it would have got."""

import json
import urllib.error
import urllib.request
from uuid import uuid4

import pytest

from tests.faults.deployment import Deployment, wait_for, wait_until_killed
from tests.support.site import free_port

pytestmark = pytest.mark.faults
TOKEN = "t" * 32


def answers(port: int) -> bool:
    """Tell whether the server is up."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def send_visits(port: int, known: dict[str, str], key: str) -> dict[str, object]:
    """Count twelve visitors of the centre, as a client would."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/venues/{known['venue']}/visits",
        data=json.dumps({"count": 12, "purpose": "", "key": key}).encode(),
        headers={
            "Content-Type": "application/json",
            "Cookie": f"{known['cookie']}={known['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        },
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)


def test_answer_lost_with_the_server_is_given_again_for_the_same_key(deployment: Deployment) -> None:
    known = deployment.known
    key, port = str(uuid4()), free_port()
    server = deployment.start("serve", str(port), "dies")
    wait_for(lambda: answers(port), "the server's start")

    with pytest.raises((urllib.error.URLError, ConnectionError)):
        send_visits(port, known, key)
    wait_until_killed(server)
    assert deployment.ask("SELECT count(*) FROM places_visitcount") == 1
    deployment.start("serve", str(port))
    wait_for(lambda: answers(port), "the server's return")
    first, second = send_visits(port, known, key), send_visits(port, known, key)

    assert first == second
    assert deployment.ask("SELECT count(*) FROM places_visitcount") == 1
    assert deployment.ask("SELECT sum(quantity) FROM platform_fact WHERE measure = 'visits'") == 12
    assert deployment.ask("SELECT count(*) FROM platform_auditentry WHERE action LIKE 'places.%visits'") == 1
