"""A line of the log is one JSON object."""

import json
import logging
import sys

from lianxin.config.logs import JsonLines


def test_a_line_tells_event_level_and_what_was_given_besides() -> None:
    record = logging.LogRecord("lianxin", logging.WARNING, __file__, 1, "refused %s", ("表单",), None)
    record.path, record.request = "/staff/", "<WSGIRequest: GET '/staff/search/?q=陈'>"

    told = json.loads(JsonLines().format(record))

    assert told.pop("at").endswith("+00:00")
    assert told == {"level": "warning", "logger": "lianxin", "event": "refused 表单", "path": "/staff/"}


def test_a_failure_keeps_to_one_line_with_its_trace() -> None:
    try:
        raise RuntimeError("the disk is full")
    except RuntimeError:
        record = logging.LogRecord("lianxin", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())

    line = JsonLines().format(record)

    assert "\n" not in line
    assert "RuntimeError: the disk is full" in json.loads(line)["exception"]
