"""How the program writes its log: one JSON object a line, for people with `grep` and for whatever collects logs."""

import json
import logging
from datetime import UTC, datetime

# What every record has; anything else was given by the caller as `extra` and is told too. Not so Django's request: its
# text has what somebody searched for.
_UNTOLD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


class JsonLines(logging.Formatter):
    """Writes a record with its moment, level, logger, whatever was given besides, and the trace of a failure."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        told |= {name: value for name, value in vars(record).items() if name not in _UNTOLD}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)
