"""Security line 80: whatever is put into a message stays in its line and forges no other."""

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.cli.serve import Workers, gunicorn_options
from dashboard.extensions import db
from dashboard.log_lines import FORMAT, INDENT, LineFormatter, escaped, init_logging
from unit.conftest import MakeApp

pytestmark = pytest.mark.security(80)

FORGED = "[2026-01-01 00:00:00,000] ERROR in errors: the owner logged in"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
OTHERS = [
    "\x00",
    "\x08",
    "\x1b[2K",
    "\x1b]0;title\x07",
    "\x7f",
    "\x9b31m",
    "\u202e",
    "\u200b",
    "\t",
]
EVERY_SIGN = pytest.mark.parametrize("sign", BREAKS + OTHERS, ids=ascii)


@pytest.fixture
def written() -> Iterator[StringIO]:
    """The text that our handler writes of all log records."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(FORMAT))
    logging.root.addHandler(handler)
    yield stream
    logging.root.removeHandler(handler)


def messages(stream: StringIO) -> list[str]:
    """The lines that are no lines of a traceback."""
    lines = stream.getvalue().split("\n")
    assert lines.pop() == ""
    assert all(line.isprintable() for line in lines)
    return [line for line in lines if not line.startswith(INDENT)]


@given(st.text())
def test_any_text_is_one_printable_line(value: str) -> None:
    assert escaped(value).isprintable()
    assert len(escaped(value).splitlines()) <= 1
    assert not value.isprintable() or escaped(value) == value


@EVERY_SIGN
def test_message_with_any_character_is_one_line(written: StringIO, sign: str) -> None:
    logging.getLogger("anything").error("Kim%s", f"{sign}{FORGED}")
    (line,) = messages(written)
    assert line.startswith("[")
    assert "ERROR in test_log_lines: Kim" in line


@EVERY_SIGN
def test_traceback_line_cannot_pass_for_a_message(written: StringIO, sign: str) -> None:
    try:
        raise ValueError(f"Kim{sign}{FORGED}")
    except ValueError:
        logging.getLogger("anything").exception("It failed", stack_info=True)
    assert len(messages(written)) == 1
    assert f"{INDENT}ValueError: Kim" in written.getvalue()


def test_lone_surrogate_is_escaped_in_messages_and_tracebacks() -> None:
    # Not logged: the processes of a test run cannot send it to each other.
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Kim%s", ("\ud800",), None)
    record.exc_info = (ValueError, ValueError("Kim\udcff"), None)
    written = LineFormatter(FORMAT).format(record)
    assert "Kim\\ud800" in written
    assert "ValueError: Kim\\udcff" in written


def test_traceback_formatted_by_another_handler_is_indented() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "It failed", None, None)
    record.exc_text = f"ValueError: Kim\n{FORGED}"
    record.exc_info = (ValueError, ValueError(f"Kim\n{FORGED}"), None)
    written = LineFormatter(FORMAT).format(record)
    assert f"\n{FORGED}" not in written
    assert f"\n{INDENT}{FORGED}" in written


def everything(sign: str) -> dict[str, object]:
    """A request that says it in its path, query, headers and cookies."""
    raw = f"Kim{sign}{FORGED}".encode().decode("latin-1")
    environ = EnvironBuilder("/broken/x", method="GET").get_environ()
    path = "x" if "\n" in sign else raw  # no route matches a path with a line feed
    return {**environ, "PATH_INFO": f"/broken/{path}", "QUERY_STRING": raw, "HTTP_USER_AGENT": raw,
            "HTTP_COOKIE": f"name={raw}", "HTTP_REFERER": raw}  # fmt: skip


def fails_with_the_request(_rest: str) -> str:
    """A view whose fault holds all that came with the request."""
    said = (request.path, request.query_string.decode(errors="replace"), request.headers, request.cookies)
    logging.getLogger("dashboard.anything").warning("Seen: %s %s %s %s", *said)
    raise ValueError(*said)


def fails_in_the_database(_rest: str) -> str:
    """A view whose fault is one of the database's, with a name in its statement."""
    said = f"{request.path}?{request.query_string.decode(errors='replace')}"
    return str(db.session.execute(text("SELECT nothing WHERE name = :name"), {"name": said}))


@pytest.mark.parametrize("view", [fails_with_the_request, fails_in_the_database])
@EVERY_SIGN
def test_request_cannot_forge_a_line(make_app: MakeApp, written: StringIO, view: object, sign: str) -> None:
    app = make_app()
    app.add_url_rule("/broken/<path:_rest>", "broken", view)  # type: ignore[arg-type]
    _body, status, _headers = run_wsgi_app(app, everything(sign))  # a client refuses to send some of it
    assert status[0] in "45"
    assert messages(written)
    assert all(re.match(r"\[\d{4}-.* (ERROR|WARNING) in ", line) for line in messages(written))
    assert FORGED not in written.getvalue().splitlines()


def test_stopped_redirect_is_logged_in_one_line(make_app: MakeApp, written: StringIO) -> None:
    app = make_app()
    app.add_url_rule("/away", "away", lambda: ("", 302, {"Location": f"https://evil.test/\u2028{FORGED}"}))
    app.test_client().get("/away")
    assert len(messages(written)) == 1


@pytest.mark.parametrize("name", ["dashboard", "dashboard.anything", "waitress", "sqlalchemy.engine", "x"])
def test_message_of_any_library_is_one_line(tmp_path: Path, name: str) -> None:
    code = (
        "import logging; from dashboard.app import create_app; from dashboard.config import Settings;"
        f"create_app(Settings.from_environment({{'DASHBOARD_INSTANCE': {str(tmp_path)!r}}})).logger;"
        f"logging.getLogger({name!r}).error('Kim\\n%s', {FORGED!r})"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (line,) = result.stderr.splitlines()
    assert line.endswith(f"Kim\\n{FORGED}")


def test_message_of_the_server_is_one_line(app: Flask) -> None:
    server = Workers(app, {**gunicorn_options("127.0.0.1", 8000, 1), "accesslog": "-"})
    log = server.cfg.logger_class(server.cfg)
    for logger in (log.error_log, log.access_log):
        (handler,) = logger.handlers
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, f"Kim\n{FORGED}", None, None)
        assert handler.format(record).endswith(f"Kim\\n{FORGED}")
        logger.removeHandler(handler)


def test_program_with_its_own_logging_keeps_it() -> None:
    before = list(logging.root.handlers)
    assert before, "pytest has handlers of its own"
    init_logging(as_json=False)
    assert logging.root.handlers == before


@pytest.mark.security(81)
def test_a_statement_is_logged_without_its_values(make_app: MakeApp, written: StringIO) -> None:
    """One of them may be the hash of a password."""
    app = make_app()
    app.add_url_rule("/broken/<path:_rest>", "broken", fails_in_the_database)
    app.test_client().get("/broken/hunter2")
    assert "SELECT nothing" in written.getvalue()
    assert "hunter2" not in written.getvalue()
