"""The settings of mail: what is read, what is refused, and that no password is shown."""

from pathlib import Path

import pytest

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.mail_server import Protection
from unit.environment import complaints, in_production, read

FROM = "console@example.org"


@pytest.mark.parametrize(
    ("url", "host", "port", "protection", "user", "password"),
    [
        ("smtp://mail.example.org", "mail.example.org", 587, Protection.STARTTLS, "", ""),
        ("smtp://u:p@mail.example.org:25", "mail.example.org", 25, Protection.STARTTLS, "u", "p"),
        ("smtps://u:p@mail.example.org", "mail.example.org", 465, Protection.TLS, "u", "p"),
        ("smtp://u:a%40b%3A%2F%25@h", "h", 587, Protection.STARTTLS, "u", "a@b:/%"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Protection.NOTHING, "", ""),
        ("smtp://localhost:25", "localhost", 25, Protection.NOTHING, "", ""),
        ("smtp://[::1]:25", "::1", 25, Protection.NOTHING, "", ""),
        ("smtp://relay:25?tls=off", "relay", 25, Protection.NOTHING, "", ""),
        ("smtps://127.0.0.1", "127.0.0.1", 465, Protection.TLS, "", ""),
    ],
)
def test_url_names_the_server(
    tmp_path: Path, url: str, host: str, port: int, protection: Protection, user: str, password: str
) -> None:
    mail = read(tmp_path, MAIL_URL=url, MAIL_FROM=FROM).mail
    assert mail
    assert (mail.host, mail.port, mail.protection) == (host, port, protection)
    assert (mail.user, mail.password, mail.sender) == (user, password, FROM)


def test_without_a_url_no_mail_is_sent(tmp_path: Path) -> None:
    assert read(tmp_path, MAIL_FROM=FROM).mail is None


def test_sender_is_the_user_where_that_is_an_email(tmp_path: Path) -> None:
    mail = read(tmp_path, MAIL_URL="smtp://console%40example.org:p@h").mail
    assert mail
    assert mail.sender == FROM


def test_sender_is_required_where_the_url_does_not_say_it(tmp_path: Path) -> None:
    assert complaints(tmp_path, MAIL_URL="smtp://u:p@h") == [
        "DASHBOARD_MAIL_FROM is required with DASHBOARD_MAIL_URL, for example console@example.org."
    ]


@pytest.mark.security(81)
@pytest.mark.parametrize(
    "url",
    [
        "hush",
        "http://u:hush@h",
        "smtp://u:hush@",
        "smtp://u:hush@h:0",
        "smtp://u:hush@h:99999",
        "smtp://u:hush@h:port",
        "smtp://u:hush@h/path",
        "smtp://u:hush@h#part",
        "smtp://u:hush@h?tls=on",
        "smtp://u:hush@h?tls=off",
        "smtps://h?tls=off&hush=1",
        "smtp://u:hu sh@h",
        "smtp://u:hu\tsh@h",
        "smtp://u:hush%@h",
        "smtp://u:hush%0d@h",
        "smtp://u:hush%ff@h",
        "smtp://u:hush\u00e9@h",
        "smtp://u:hu/sh@h",
        "smtp://u:hu[sh@h",
        "smtp://u:@h",
        "smtp://:hush@h",
        "smtp://u@h",
        "smtp://u:hush@h h",
        "smtp://u:hush@-h",
        "smtp:hush",
    ],
)
def test_invalid_url_is_refused_without_being_shown(tmp_path: Path, url: str) -> None:
    lines = complaints(tmp_path, MAIL_URL=url, MAIL_FROM=FROM)
    (line,) = lines
    assert line.startswith("DASHBOARD_MAIL_URL ")
    assert "hush" not in line
    assert "hu" not in line.split("must")[0]


@pytest.mark.parametrize("sender", ["console", "a@b@c", "Console <console@example.org>", "a@b\nc", "a b@c.d"])
def test_invalid_sender_is_refused(tmp_path: Path, sender: str) -> None:
    (line,) = complaints(tmp_path, MAIL_URL="smtp://h", MAIL_FROM=sender)
    assert line.startswith("DASHBOARD_MAIL_FROM must be an email alone")


@pytest.mark.security(81)
def test_settings_do_not_show_the_password(tmp_path: Path) -> None:
    settings = read(tmp_path, MAIL_URL="smtp://u:hush@h", MAIL_FROM=FROM)
    assert "hush" not in repr(settings)
    assert "hush" not in f"{settings} {settings.mail}"
    assert "hush" not in repr(create_app(settings).config)


@pytest.mark.security(43)
def test_links_in_mail_begin_with_the_address_of_the_settings(tmp_path: Path) -> None:
    assert read(tmp_path).address == "http://127.0.0.1:8000"
    assert read(tmp_path, BASE_URL="http://localhost:8123").address == "http://localhost:8123"
    assert Settings.from_environment(in_production(tmp_path)).address == "https://console.example.org"
