"""A phone at the door whose connection breaks: before the server had everything, or before its answer was read."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

LONGEST = 30.0
MOST_AT_ONCE = 25
# How a sending ends: cut in the middle of the request; sent whole, hung up at once; the answer begins to come and is
# lost; everything is well.
CUT, HUNG_UP, LOST, WELL = "cut", "hung up", "lost", "well"
FATES = (CUT, HUNG_UP, LOST, WELL, WELL)


@dataclass
class DoorPhone:
    """One device: what it scanned and has no answer for yet, and what became of each sending."""

    port: int
    path: str
    headers: dict[str, str]
    scans: list[dict[str, Any]]
    chance: Random
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)

    def send_all(self) -> None:
        """Send in parts, again and again, until each scan has its answer."""
        while waiting := [scan for scan in self.scans if scan["id"] not in self.answered]:
            part = waiting[: self.chance.randint(1, MOST_AT_ONCE)]
            fate = self.chance.choice(FATES)
            self.fates[fate] += 1
            self._send(part, fate)

    def _send(self, part: Sequence[dict[str, Any]], fate: str) -> None:
        body = json.dumps({"scans": part}).encode()
        head = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", "Content-Type": "application/json"}
        lines = (head | self.headers | {"Content-Length": str(len(body))}).items()
        request = f"POST {self.path} HTTP/1.1\r\n".encode() + "".join(f"{k}: {v}\r\n" for k, v in lines).encode()
        request += b"\r\n" + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST) as line:
            if fate == CUT:
                line.sendall(request[: len(request) - self.chance.randint(1, len(body))])
                return
            line.sendall(request)
            if fate == HUNG_UP:
                return
            if fate == LOST:
                line.recv(self.chance.randint(1, 40))
                return
            data = b""
            while piece := line.recv(65536):
                data += piece
        self._read(data)

    def _read(self, data: bytes) -> None:
        head, _sep, body = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        self.statuses[status] += 1
        if status == 200:
            self.answered |= {one["id"]: one for one in json.loads(body)["answers"]}
