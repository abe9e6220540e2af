"""Lines 80 and 81: an event is one line whatever came with it, and no secret is in it."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.accounts.security_log.events import Event
from dashboard.extensions import db
from dashboard.log_lines import FORMAT, LineFormatter, json_formatter
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD
from unit.security_log.reading import the_event
from unit.security_log.scene import Scene
from unit.security_log.scenes import DEEDS

FORGED = '[2026-01-01 00:00:00,000] INFO in lines: logged-in by=1\n{"event": "logged-in"}'
SIGNS = [
    "\n",
    "\r",
    "\r\n",
    "\x1b[2K",
    "\x1b]0;title\x07",
    "\x00",
    "\x85",
    "\u2028",
    "\u202e",
    "\u200b",
    '"}',
]
FORMATTERS: dict[str, Callable[[], logging.Formatter]] = {
    "production": json_formatter,
    "development": lambda: LineFormatter(FORMAT),
}


@pytest.fixture(params=[*FORMATTERS])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The text that the handler of an environment writes."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(FORMATTERS[request.param]())
    logging.root.addHandler(handler)
    yield handler.stream
    logging.root.removeHandler(handler)


def lines(written: io.StringIO) -> list[str]:
    """The lines, each of printable characters."""
    found = written.getvalue().split("\n")
    assert found.pop() == ""
    assert all(line.isprintable() and len(line) < 1000 for line in found)
    return found


def log_in_with(app: Flask, said: str) -> str:
    """Fail to log in as a client that says something everywhere; returns the status."""
    raw = said.encode().decode("latin-1")
    environ = EnvironBuilder("/login", method="POST", data={"email": said, "password": said}).get_environ()
    headers = ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_X_REQUEST_ID", "HTTP_X_FORWARDED_FOR", "HTTP_COOKIE")
    _body, status, _headers = run_wsgi_app(
        app, {**environ, **dict.fromkeys(headers, raw), "REMOTE_ADDR": raw}
    )
    return status


@pytest.mark.security(80)
@pytest.mark.both_databases
@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_event_is_one_line_whatever_the_client_says(app: Flask, written: io.StringIO, sign: str) -> None:
    assert log_in_with(app, f"Kim{sign}{FORGED}").startswith("400")  # without a token: a refused form
    (line,) = lines(written)
    assert Event.FORGERY_REFUSED in line
    assert "by=1" not in line.replace("by=None", "")
    row = the_event(app)
    assert f"{row.address}{row.device}{row.facts}".isprintable()


@pytest.mark.security(80)
def test_long_user_agent_is_cut(app: Flask, written: io.StringIO) -> None:
    client = app.test_client()
    client.post("/login", headers={"User-Agent": "Mozilla/5.0 (X" + "x" * 8000 + ") Firefox/1.0"})
    assert len(lines(written)) == 1
    assert len(the_event(app).device) <= 100


@pytest.mark.security(81)
@pytest.mark.parametrize("event", [*DEEDS], ids=str)
def test_no_secret_is_in_any_line_or_row(scene: Scene, written: io.StringIO, event: Event) -> None:
    deed = DEEDS[event](scene)
    deed()
    row = the_event(scene.app)
    said = f"{written.getvalue()} {row.actor} {row.subject} {row.address} {row.device} {row.facts}"
    for secret in (PASSWORD, NEW_PASSWORD, *secrets_in(scene.app)):
        assert secret not in said
    assert len(lines(written)) >= 1


def secrets_in(app: Flask) -> list[str]:
    """The hashes in the database; what they are of is in no place that a test could read."""
    with app.app_context():
        found = []
        for table in db.metadata.sorted_tables:
            for name in {"token_hash", "password_hash", "key"} & set(table.columns.keys()):
                if table.name != "users" or name == "password_hash":
                    found += db.session.scalars(db.select(table.c[name])).all()
        return [text for text in found if len(str(text)) > 20]


def test_line_in_production_is_json_with_the_facts(app: Flask, scene: Scene) -> None:
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(json_formatter())
    logging.root.addHandler(handler)
    DEEDS[Event.ROLE_CHANGED](scene)()
    logging.root.removeHandler(handler)
    found = json.loads(handler.stream.getvalue())
    row = the_event(app)
    assert found == {
        "event": "role-changed",
        "level": "info",
        "logger": "dashboard.security",
        "at": found["at"],
        "by": row.actor_id,
        "about": row.subject_id,
        "address": row.address,
        "device": row.device,
        "request_id": row.request_id,
        "before": "viewer",
        "after": "editor",
    }
    assert found["at"].endswith("Z")


def test_traceback_in_production_is_within_its_line() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    logger = logging.Logger("anything")
    logger.addHandler(handler)
    try:
        raise ValueError(FORGED)
    except ValueError:
        logger.exception("It %s", "failed")
    found = json.loads(stream.getvalue())
    assert stream.getvalue().count("\n") == 1
    assert found["event"] == "It failed"
    assert "ValueError" in found["exception"]
