"""Log lines: exactly one for each message, so that text in a message cannot forge another."""

from __future__ import annotations

import logging
from copy import copy

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
        return escaped(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """The indented lines of a traceback."""
        return indented(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        """The indented lines of a stack."""
        return indented(super().formatStack(stack_info))


def indented(lines: str) -> str:
    r"""Return each line of `lines`, which end with ``\n`` alone, each escaped and indented."""
    return "\n".join(f"{INDENT}{escaped(line)}" for line in lines.split("\n"))


def init_logging() -> None:
    """Write all logs to standard error, unless the program that embeds the console has set up logging."""
    if not logging.root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(LineFormatter(FORMAT))
        logging.root.addHandler(handler)
