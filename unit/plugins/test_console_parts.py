"""Templates, static files and commands that a plug-in adds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import render_template

from dashboard.cli import main
from dashboard.config import Settings
from dashboard.plugins import OWN_COMMANDS
from unit.consoles import SECRET_KEY
from unit.plugins.conftest import Write
from unit.plugins.parts import Register, fault, with_plugins


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console with a database of its own."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Path]:
    """`files("static", {"shop/a.css": "…"})` writes files into a folder."""

    def files(folder: str, contents: dict[str, str]) -> Path:
        for name, text in contents.items():
            target = tmp_path / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return tmp_path / folder

    return files


def test_template_of_a_plugin_is_rendered(settings: Settings, files: Callable[..., Path]) -> None:
    folder = files("templates", {"shop/stock.html": "Stock: {{ number }}", ".DS_Store": ""})
    app = with_plugins(settings, lambda console: console.templates(folder))
    with app.test_request_context("/"):
        assert render_template("shop/stock.html", number=7) == "Stock: 7"


@pytest.mark.parametrize("name", ["admin/index.html", "admin/new.html", "accounts/x.html", "errors/x.html"])
def test_template_in_a_folder_of_the_console_is_refused(
    settings: Settings, files: Callable[..., Path], name: str
) -> None:
    folder = files("templates", {name: "mine"})
    space = name.partition("/")[0]
    assert fault(settings, lambda console: console.templates(folder)) == (
        f"ValueError: The folder {space} of templates is taken. Give it the name of the plug-in."
    )


def test_template_outside_of_a_folder_is_refused(settings: Settings, files: Callable[..., Path]) -> None:
    folder = files("templates", {"base.html": "mine"})
    assert "Put base.html into a folder with the name of the plug-in" in fault(
        settings, lambda console: console.templates(folder)
    )


@pytest.mark.parametrize("use", ["templates", "static"])
def test_folder_of_another_plugin_is_refused(
    settings: Settings, files: Callable[..., Path], use: str
) -> None:
    folders = [files(place, {"shop/a.css": "a {}"}) for place in ("one", "two")]
    first, second = (lambda console, f=folder: getattr(console, use)(f) for folder in folders)
    assert "The folder shop of" in fault(settings, first, second)


@pytest.mark.parametrize("use", ["templates", "static"])
def test_folder_that_is_missing_or_empty_is_refused(settings: Settings, tmp_path: Path, use: str) -> None:
    assert "There is no folder of" in fault(settings, lambda console: getattr(console, use)("/nowhere"))
    tmp_path.joinpath("empty").mkdir()
    assert "is empty." in fault(settings, lambda console: getattr(console, use)(tmp_path / "empty"))


def test_static_file_has_an_address_with_a_hash_under_the_policy(
    settings: Settings, files: Callable[..., Path]
) -> None:
    folder = files("static", {"shop/a.css": '@import "part/b.css";\na {}\n', "shop/part/b.css": "b {}\n"})
    app = with_plugins(settings, lambda console: console.static(folder))
    address = app.jinja_env.globals["asset"]("shop/a.css")  # type: ignore[operator]
    assert re.fullmatch(r"/static/shop/a\.[0-9a-f]{12}\.css", address)
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.text == "b {}\na {}\n"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert app.test_client().get("/static/shop/a.css").status_code == 404


@pytest.mark.parametrize("name", ["shop/a b.css", "shop/ä.css", "shop/a?.css"])
def test_static_file_whose_name_is_not_plain_is_refused(
    settings: Settings, files: Callable[..., Path], name: str
) -> None:
    folder = files("static", {name: ""})
    assert "may have letters, digits and . _ - only" in fault(settings, lambda c: c.static(folder))


def test_static_file_that_imports_a_missing_one_is_refused(
    settings: Settings, files: Callable[..., Path]
) -> None:
    folder = files("static", {"shop/a.css": '@import "b.css";\n'})
    assert fault(settings, lambda console: console.static(folder)).startswith("FileNotFoundError")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop/a.css", '@import "../../secret.css";\n'),
        ("shop/a.css", '@import "{outside}/secret.css";\n'),
        ("shop/a.css", '@import ".hidden";\n'),
        ("shop/part/a.js", 'import { name } from "../../../secret.css";\n'),
        ("shop/part/a.js", 'import "./../.hidden";\n'),
    ],
)
def test_import_of_what_is_no_file_of_the_plugin_is_refused(
    settings: Settings, files: Callable[..., Path], tmp_path: Path, name: str, text: str
) -> None:
    tmp_path.joinpath("secret.css").write_text("secret")
    folder = files("static", {"shop/.hidden": "secret", name: text.replace("{outside}", str(tmp_path))})
    told = fault(settings, lambda console: console.static(folder))
    assert told.startswith(f"ValueError: {Path(name).name} imports ")
    assert told.endswith(", which is not among the static files.")


@pytest.mark.parametrize("use", ["templates", "static"])
@pytest.mark.parametrize("target", ["secret.css", "{folder}/shop/.hidden"])
def test_link_to_what_is_no_file_of_the_plugin_is_refused(
    settings: Settings, files: Callable[..., Path], tmp_path: Path, use: str, target: str
) -> None:
    tmp_path.joinpath("secret.css").write_text("secret")
    folder = files(use, {"shop/a.css": "", "shop/.hidden": "secret"})
    folder.joinpath("shop/link.css").symlink_to(tmp_path / target.replace("{folder}", str(folder)))
    told = fault(settings, lambda console: getattr(console, use)(folder))
    assert told.startswith("ValueError: shop/link.css is a link to a file that is not among the ")


def test_link_to_a_file_of_the_same_folder_is_served(settings: Settings, files: Callable[..., Path]) -> None:
    folder = files("static", {"shop/a.css": "a {}\n"})
    folder.joinpath("shop/b.css").symlink_to(folder / "shop/a.css")
    files("static", {"shop/c.css": '@import "b.css";\n@import "../shop/c.css";\n'})
    app = with_plugins(settings, lambda console: console.static(folder))
    address = app.jinja_env.globals["asset"]("shop/c.css")  # type: ignore[operator]
    assert app.test_client().get(address).text == "a {}\n"


# Commands.

COMMANDS = """
    import click
    from flask import current_app
    from sqlalchemy import func, select
    from dashboard.accounts.models import User

    @click.group()
    def shop():
        "Look after the shop."

    @shop.command()
    @click.option("--loud", is_flag=True)
    def people(loud):
        "Count people."
        number = CONSOLE.db.session.scalar(select(func.count()).select_from(User))
        click.echo(f"{number} people{'!' if loud else ''}")

    def register(console):
        global CONSOLE
        CONSOLE = console
        console.commands(shop)
"""


@pytest.fixture
def run(tmp_path: Path, folder: Path, write: Write) -> Callable[..., Any]:
    """`run("shop", "people")` runs a command of the console with a plug-in that has commands."""
    write("shop", COMMANDS)
    variables = {"DASHBOARD_INSTANCE": str(tmp_path), "DASHBOARD_PLUGINS": "shop"}
    return lambda *words, **env: CliRunner().invoke(main, words, env={**variables, **env})


def test_command_of_a_plugin_runs_over_a_migrated_database(run: Callable[..., Any]) -> None:
    told = run("shop", "people", "--loud")
    assert (told.exit_code, told.output) == (0, "0 people!\n")


def test_commands_of_plugins_are_listed_with_those_of_the_console(run: Callable[..., Any]) -> None:
    told = run("--help").output
    assert "Look after the shop." in told
    assert "Serve the console" in told
    assert "Count people." in run("shop", "--help").output


def test_help_names_the_plugin_that_cannot_be_used(run: Callable[..., Any]) -> None:
    told = run("--help", DASHBOARD_PLUGINS="nowhere")
    assert told.exit_code == 0
    assert "The commands of plug-ins are not listed: DASHBOARD_PLUGINS names nowhere" in told.output
    assert "Serve the console" in told.output


def test_unknown_command_is_refused(run: Callable[..., Any]) -> None:
    for env in ({}, {"DASHBOARD_PLUGINS": ""}):
        told = run("nothing", **env)
        assert (told.exit_code, "No such command 'nothing'" in told.output) == (2, True)


def test_names_of_the_commands_of_the_console_are_known() -> None:
    assert set(main.commands) == OWN_COMMANDS


@pytest.mark.parametrize("name", sorted(OWN_COMMANDS))
def test_command_of_the_console_cannot_be_replaced(settings: Settings, name: str) -> None:
    group = click.Group(name)
    assert fault(settings, lambda console: console.commands(group)) == (
        f"ValueError: There is a command {name} already."
    )


def test_second_of_two_equal_commands_is_refused(settings: Settings) -> None:
    add: Register = lambda console: console.commands(click.Group("shop"))  # noqa: E731
    assert fault(settings, add, add) == "ValueError: There is a command shop already."


@pytest.mark.parametrize("wrong", [click.Command("shop"), click.Group("two words"), click.Group(None)])
def test_only_a_group_with_a_plain_name_is_taken(settings: Settings, wrong: Any) -> None:
    assert re.match("(Type|Value)Error: ", fault(settings, lambda console: console.commands(wrong)))
