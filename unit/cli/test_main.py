"""The command line as a whole."""

import runpy
import sys

import pytest

from unit.cli.conftest import Run

GROUPS = {"serve", "users", "products", "history", "sessions", "db", "doctor", "trash"}


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_group_with_a_line(run: Run, flag: str) -> None:
    result = run(flag)
    assert result.exit_code == 0
    listed = dict(
        line.split(None, 1) for line in result.stdout.partition("Commands:")[2].splitlines() if line
    )
    assert listed.keys() == GROUPS


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "users create",
        "products export",
        "history verify",
        "sessions inspect",
        "db upgrade",
        "doctor",
    ],
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {command} ")


def test_a_command_that_is_none_is_refused(run: Run) -> None:
    assert run("fly").exit_code == 2


def test_the_package_runs_as_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dashboard", "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("dashboard", run_name="__main__")
    assert ended.value.code == 0
    assert "A staff console" in capsys.readouterr().out
