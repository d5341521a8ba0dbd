"""What a serving process writes about itself: one JSON line each on standard error, never a person's data."""

import json
import logging
import sys
from datetime import UTC, datetime

# What is added to lines; whoever adds it has seen to it that none of these quotes what it was working on.
_EXTRAS = (
    *("job", "key", "schedule", "step", "due", "error", "stack", "claims", "executor"),
    *("file", "mail", "kind", "number", "trouble"),
    *("bank", "reference", "delivery", "attempts", "detail", "next_try_at", "failures", "tasks"),
)


class JsonLine(logging.Formatter):
    """A line as one JSON object; lines of the web are JSON already."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        message = record.getMessage()
        if message.startswith("{"):
            return message
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": message,
            **{name: getattr(record, name) for name in _EXTRAS if hasattr(record, name)},
        }
        return json.dumps(line, ensure_ascii=False)


def install() -> None:
    """Warnings of everything and all lines of the hub go to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("hub").setLevel(logging.INFO)
    # A burst of requests is no fault; waitress says so at each.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
