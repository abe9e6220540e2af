"""A database that cannot be reached: nothing that is printed or logged holds its password."""

import logging
from io import StringIO
from urllib.parse import quote

import pytest

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.url import shown
from dashboard.log_lines import LineFormatter
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.ports import free_port
from dashboard.variables import SettingsError
from unit.cli.conftest import Run
from unit.consoles import SECRET_KEY
from unit.environment import read

HIDDEN = "hunter2 @:/?#%"
QUOTED = quote(HIDDEN, safe="")
COMMANDS = {
    "doctor": ("doctor",),
    "serve": ("serve", "--port", str(free_port())),
    "db upgrade": ("db", "upgrade"),
    "users create": ("users", "create", "kim@example.test", "--role", "viewer", "--password-stdin"),
    "products export": ("products", "export", "-"),
    "history verify": ("history", "verify"),
    "sessions inspect": ("sessions", "inspect", "x"),
    "trash purge": ("trash", "purge"),
}
ADDRESSES = {
    "in its place": f"postgresql+psycopg://kim:{QUOTED}@127.0.0.1:1/console",
    "without a user": f"postgresql+psycopg://:{QUOTED}@127.0.0.1:1/console",
    "as an option": f"postgresql+psycopg://kim@127.0.0.1:1/console?password={QUOTED}",
    "of a key": f"postgresql+psycopg://kim@127.0.0.1:1/console?sslpassword={QUOTED}&connect_timeout=2",
    "written large": f"postgresql+psycopg://kim@127.0.0.1:1/console?PASSWORD={QUOTED}",
    "twice": f"postgresql+psycopg://kim:{QUOTED}@127.0.0.1:1/c?password={QUOTED}&password={QUOTED}",
    "with an unknown option": f"postgresql+psycopg://kim:{QUOTED}@127.0.0.1:1/c?colour=blue",
    "of an unknown host": f"postgresql+psycopg://kim:{QUOTED}@no-such-host.invalid/console",
    "of an invalid host": f"postgresql+psycopg://kim:{QUOTED}@{'x' * 70}.invalid/console",
    "of an invalid port": f"postgresql+psycopg://kim:{QUOTED}@127.0.0.1:hunter2/console",
    "not quoted": "postgresql+psycopg://kim:pass@hunter2@127.0.0.1:1/console",
    "of another database": f"mysql://kim:{QUOTED}@127.0.0.1/console",
    "of a file": f"sqlite://kim:{QUOTED}@host/console.sqlite3",
    "of no address": f"kim:{QUOTED}@127.0.0.1/console",
    "with a line break": f"postgresql+psycopg://kim:{QUOTED}%0A@127.0.0.1:1/console",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_no_command_shows_the_password(
    run: Run, command: tuple[str, ...], url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    result = run(*command, stdin=PASSWORD, DATABASE_URL=url)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "hunter2" not in result.output + caplog.text
    assert len(result.stderr.splitlines()) <= 1


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_settings_and_their_errors_do_not_hold_the_password(tmp_path, url: str) -> None:  # type: ignore[no-untyped-def]
    try:
        settings = read(tmp_path, DATABASE_URL=url)
    except SettingsError as error:
        assert "hunter2" not in str(error) + repr(error)
    else:
        assert "hunter2" not in repr(settings) + str(settings) + shown(settings.database_url)


def test_host_and_public_options_are_shown() -> None:
    url = "postgresql+psycopg://kim:hunter2@db.example:5433/console?password=x&connect_timeout=2"
    assert shown(url) == "postgresql+psycopg://kim:***@db.example:5433/console?connect_timeout=2"


@pytest.mark.parametrize("case", ["in its place", "as an option", "of an unknown host"])
@pytest.mark.parametrize("path", ["/readyz", "/login"])
def test_neither_page_nor_log_holds_the_password(  # type: ignore[no-untyped-def]
    tmp_path, case: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", HIDDEN)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logging.root.addHandler(handler)
    try:
        app = create_app(Settings(secret_key=SECRET_KEY, database_url=ADDRESSES[case], instance=tmp_path))
        client = app.test_client()
        client.set_cookie(
            "session", app.session_interface.get_signing_serializer(app).dumps({"_user_id": "x"})
        )
        answer = client.get(path)
    finally:
        logging.root.removeHandler(handler)
    assert answer.status_code == 503
    assert stream.getvalue()
    assert "hunter2" not in answer.text + stream.getvalue()
