"""Log lines: exactly one for each message, so that text in a message cannot forge another.

In production a line is JSON, of whatever library: those who collect logs read each in the same way.
"""

from __future__ import annotations

import logging
from copy import copy

import structlog

FORMAT = "[%(asctime)s] %(levelname)s in %(module)s: %(message)s"  # Flask's own
INDENT = "    "


def escaped(text: str) -> str:
    r"""`text` in one line: line breaks, control and invisible characters as ``\n``, ``\x1b``, ``\u2028``.

    Half a surrogate pair, which stands for a byte of a file name that is not UTF-8, is escaped too.
    """
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text
    )


class LineFormatter(logging.Formatter):
    """Writes a message in one line and indents its traceback, whose lines then cannot pass for messages."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record, even if another handler has formatted its traceback already."""
        record = copy(record)
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line of the message."""
        facts = "".join(f" {name}={value!r}" for name, value in facts_of(record).items())
        return escaped(super().formatMessage(record) + facts)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """The indented lines of a traceback."""
        return indented(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        """The indented lines of a stack."""
        return indented(super().formatStack(stack_info))


def indented(lines: str) -> str:
    r"""Return each line of `lines`, which end with ``\n`` alone, each escaped and indented."""
    return "\n".join(f"{INDENT}{escaped(line)}" for line in lines.split("\n"))


def facts_of(record: logging.LogRecord) -> structlog.typing.EventDict:
    """Return what a message says by name besides its text."""
    found = FACTS(logging.root, "", {"_record": record})
    return {name: value for name, value in found.items() if name not in NOT_FACTS}


def _add_facts(_logger: object, _name: str, said: structlog.typing.EventDict) -> structlog.typing.EventDict:
    said.update(facts_of(said["_record"]))
    return said


FACTS = structlog.stdlib.ExtraAdder()
NOT_FACTS = ("_record", "message", "asctime")


def json_formatter() -> logging.Formatter:
    """Return a formatter that writes a message, its facts and its traceback as one object of JSON.

    What is not ASCII is escaped.
    """
    named: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    written: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.JSONRenderer(),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[_add_facts, *named], processors=written)


def init_logging(*, as_json: bool) -> None:
    """Write all logs to standard error, unless the program that embeds the console has set up logging."""
    if not logging.root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(json_formatter() if as_json else LineFormatter(FORMAT))
        logging.root.addHandler(handler)
