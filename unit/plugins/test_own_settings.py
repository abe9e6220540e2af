"""Settings of a plug-in: each is read from the environment, and each fault stops the start with a line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from dashboard.cli import main
from dashboard.config import Settings
from dashboard.plugin_settings import settings_told
from dashboard.records import CardText, Setting
from dashboard.testing.kinds import client_as, console_for_tests
from dashboard.variables import SettingsError
from unit.consoles import SECRET_KEY
from unit.plugins.conftest import Write
from unit.plugins.parts import fault, with_plugins

CURRENCY = Setting("SHOP_CURRENCY", default="EUR", choices=("EUR", "GBP"))
DAYS = Setting("SHOP_DAYS", int, default=14, lowest=1, highest=90)
MAIL = Setting("SHOP_MAIL", bool, default=False)
KEY = Setting("SHOP_API_KEY", default="")
PLACE = Setting("SHOP_PLACE", default="here")
CODE = Setting("SHOP_CODE", int, default=1, secret=True)
ALL = (CURRENCY, DAYS, MAIL, KEY, PLACE, CODE)


def register(console: Any) -> None:
    console.add_settings("SHOP_", *ALL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console with a database of its own."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


def started(settings: Settings, register: Callable[[Any], None] = register, **variables: str) -> Flask:
    """A console with a plug-in in an environment."""
    return with_plugins(replace(settings, environment=variables), register)


def complaints(settings: Settings, register: Callable[[Any], None] = register, **variables: str) -> list[str]:
    """The lines that stop the start."""
    with pytest.raises(SettingsError) as told:
        started(settings, register, **variables)
    return told.value.lines


def values(app: Flask) -> list[Any]:
    """The values of all settings."""
    with app.app_context():
        return [setting.value for setting in ALL]


def test_setting_that_is_not_set_has_its_default(settings: Settings) -> None:
    assert values(started(settings)) == ["EUR", 14, False, "", "here", 1]


def test_setting_has_the_value_of_its_variable(settings: Settings) -> None:
    sent = {"SHOP_CURRENCY": " GBP ", "SHOP_DAYS": "90", "SHOP_MAIL": "true", "SHOP_API_KEY": "k"}
    assert values(started(settings, **sent)) == ["GBP", 90, True, "k", "here", 1]
    assert values(started(settings, SHOP_MAIL="false", SHOP_DAYS="001"))[1:3] == [1, False]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SHOP_DAYS", "many", "must be a whole number from 1 to 90; it is 'many'."),
        ("SHOP_DAYS", "0", "must be a whole number from 1 to 90; it is '0'."),
        ("SHOP_DAYS", "91", "must be a whole number from 1 to 90; it is '91'."),
        ("SHOP_DAYS", "1.5", "must be a whole number from 1 to 90; it is '1.5'."),
        ("SHOP_DAYS", "٣", "must be a whole number from 1 to 90; it is '٣'."),
        ("SHOP_DAYS", "0000000001", "must be a whole number from 1 to 90; it is '0000000001'."),
        ("SHOP_CURRENCY", "eur", "must be one of EUR, GBP; it is 'eur'."),
        ("SHOP_MAIL", "yes", "must be one of true, false; it is 'yes'."),
        ("SHOP_MAIL", "True", "must be one of true, false; it is 'True'."),
        ("SHOP_DAYS", "", "is empty. Give it a value, or remove it to have the default."),
        ("SHOP_PLACE", "  ", "is empty. Give it a value, or remove it to have the default."),
        ("SHOP_PLACE", "x" * 4097, "is longer than 4,096 characters."),
        ("SHOP_PLACE", "\udcff", "must be text in UTF-8; it is '\\udcff'."),
        ("SHOP_API_KEY", "\udcff", "must be text in UTF-8."),
        ("SHOP_CODE", "hunter2", "must be a whole number from 0 to 999999999."),
    ],
)
def test_value_that_cannot_be_used_stops_the_start(
    settings: Settings, name: str, value: str, line: str
) -> None:
    assert complaints(settings, **{name: value}) == [f"{name} {line}"]


def test_unknown_variable_with_the_prefix_stops_the_start(settings: Settings) -> None:
    assert complaints(settings, SHOP_DAY="1") == [
        "SHOP_DAY is not a setting; those with SHOP_ are "
        "SHOP_CURRENCY, SHOP_DAYS, SHOP_MAIL, SHOP_API_KEY, SHOP_PLACE, SHOP_CODE."
    ]


def test_variables_of_other_programs_do_not_matter(settings: Settings) -> None:
    assert values(started(settings, SHOPS="1", shop_days="many", WORKSHOP_DAYS=""))[1] == 14


def test_start_names_every_setting_with_a_fault(settings: Settings) -> None:
    def register(console: Any) -> None:
        console.add_settings("SHOP_", DAYS, MAIL, Setting("SHOP_OWNER"))

    lines = complaints(settings, register, SHOP_DAYS="many", SHOP_MAIL="", SHOP_X="1")
    assert [line.split()[0] for line in lines] == ["SHOP_DAYS", "SHOP_MAIL", "SHOP_OWNER", "SHOP_X"]
    assert "SHOP_OWNER is required." in lines


def test_required_setting_is_asked_for_where_it_is_empty(settings: Settings) -> None:
    def register(console: Any) -> None:
        console.add_settings("SHOP_", Setting("SHOP_OWNER"))

    assert complaints(settings, register, SHOP_OWNER="") == ["SHOP_OWNER is empty. Give it a value."]


@pytest.mark.parametrize(
    ("declare", "line"),
    [
        (lambda: Setting("shop_days"), "The setting shop_days has no name of a plug-in"),
        (lambda: Setting("DASHBOARD_DAYS"), "The setting DASHBOARD_DAYS has no name of a plug-in"),
        (lambda: Setting("SHOP_DAYS", float), "holds a str, an int or a bool."),
        (lambda: Setting("SHOP_DAYS", int, default="x"), "has a default that it could not be set to."),
        (lambda: Setting("SHOP_DAYS", int, default=True), "has a default that it could not be set to."),
        (lambda: Setting("SHOP_DAYS", int, default=9, highest=8), "has a default that it could not be set"),
        (lambda: Setting("SHOP_DAYS", default="a", choices=("b",)), "has a default that it could not be set"),
        (lambda: Setting("SHOP_DAYS", default="a", highest=8), "has bounds, but holds no int."),
        (lambda: Setting("SHOP_DAYS", int, choices=("1",)), "has choices, but holds no str."),
    ],
)
def test_setting_that_is_declared_wrongly_is_refused(declare: Callable[[], Any], line: str) -> None:
    with pytest.raises(ValueError, match="The setting") as told:
        declare()
    assert line in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("SHOP", DAYS), "The prefix of settings is capitals and a _ at the end, such as SHOP_"),
        (("shop_", DAYS), "The prefix of settings is capitals and a _ at the end, such as SHOP_"),
        (("_", DAYS), "The prefix of settings is capitals and a _ at the end, such as SHOP_"),
        (("DASHBOARD_", DAYS), "The prefix of settings is capitals and a _ at the end, such as SHOP_"),
        (("STORE_", DAYS), "The setting SHOP_DAYS has to begin with STORE_, and to be there once."),
        (("SHOP_", DAYS, DAYS), "The setting SHOP_DAYS has to begin with SHOP_, and to be there once."),
    ],
)
def test_prefix_that_cannot_be_used_stops_the_start(
    settings: Settings, arguments: tuple[Any, ...], line: str
) -> None:
    assert line in fault(settings, lambda console: console.add_settings(*arguments))


@pytest.mark.parametrize("prefix", ["SHOP_", "SHOP_ORDERS_"])
def test_two_plugins_whose_prefixes_overlap_clash_in_one_line(settings: Settings, prefix: str) -> None:
    def second(console: Any) -> None:
        console.add_settings(prefix, Setting(f"{prefix}X"))

    assert fault(settings, register, second) == (
        f"ValueError: Settings that begin with SHOP_ are there already, so {prefix} cannot be used."
    )


def test_value_of_a_setting_that_nothing_added_is_a_fault(settings: Settings) -> None:
    app = started(settings)
    with app.app_context(), pytest.raises(LookupError, match="Nothing added the setting X_Y;"):
        _ = Setting("X_Y").value


def test_two_consoles_in_one_process_have_values_of_their_own(settings: Settings) -> None:
    first, second = started(settings, SHOP_DAYS="1"), started(settings, SHOP_DAYS="2")
    assert [values(app)[1] for app in (first, second)] == [1, 2]


def test_card_shows_a_setting(settings: Settings) -> None:
    def register(console: Any) -> None:
        console.add_settings("SHOP_", DAYS)
        console.home_card("Days", lambda: CardText(DAYS.value))

    app = started(settings, register, SHOP_DAYS="77")
    assert "<strong>77</strong>" in client_as(app, "viewer").get("/admin/").text


def test_console_for_tests_takes_settings(tmp_path: Path) -> None:
    module = ModuleType("shop")
    module.register = register  # type: ignore[attr-defined]
    with console_for_tests(tmp_path, module, environment={"SHOP_DAYS": "5"}) as app:
        assert values(app)[1] == 5


@pytest.mark.security(81)
def test_secrets_are_not_shown(settings: Settings) -> None:
    app = started(settings, SHOP_API_KEY="hunter2", SHOP_CODE="4711", SHOP_PLACE="a\nb")
    assert settings_told(app) == [
        "SHOP_CURRENCY is EUR, the default",
        "SHOP_DAYS is 14, the default",
        "SHOP_MAIL is false, the default",
        "SHOP_API_KEY is a secret, set",
        "SHOP_PLACE is a\\nb, set",
        "SHOP_CODE is a secret, set",
    ]
    assert "hunter2" not in repr(app.extensions["settings"])


# By commands, from the environment.

SOURCE = """
    from dashboard.records import Setting

    DAYS = Setting("SHOP_DAYS", int, default=14, highest=90)

    def register(console):
        console.add_settings("SHOP_", DAYS, Setting("SHOP_TOKEN"))
"""


@pytest.fixture
def run(tmp_path: Path, folder: Path, write: Write) -> Callable[..., Any]:
    """`run("doctor", SHOP_DAYS="1")` runs a command of a console with a plug-in that has settings."""
    write("shop", SOURCE)
    variables = {"DASHBOARD_INSTANCE": str(tmp_path), "DASHBOARD_PLUGINS": "shop"}
    return lambda *words, **env: CliRunner().invoke(main, words, env={**variables, **env})


def test_doctor_shows_settings_and_no_secret(run: Callable[..., Any]) -> None:
    assert run("db", "upgrade", SHOP_TOKEN="hunter2").exit_code == 0
    told = run("doctor", SHOP_TOKEN="hunter2", SHOP_DAYS="30")
    assert told.exit_code == 0
    assert "ok    setting: SHOP_DAYS is 30, set\n" in told.output
    assert "ok    setting: SHOP_TOKEN is a secret, set\n" in told.output
    assert "hunter2" not in told.output


@pytest.mark.parametrize("words", [("doctor",), ("db", "upgrade"), ("serve",), ("history", "verify")])
def test_command_ends_with_a_line_for_each_fault(run: Callable[..., Any], words: tuple[str, ...]) -> None:
    told = run(*words, SHOP_DAYS="91")
    assert told.exit_code == 1
    assert told.output == (
        "Error: SHOP_DAYS must be a whole number from 0 to 90; it is '91'.\n       SHOP_TOKEN is required.\n"
    )
