"""The command line as a whole."""

import runpy
import sys

import pytest

from unit.cli.conftest import Run
from unit.declared import COMMANDS

GROUPS = {
    *("serve", "users", "products", "history", "sessions", "db", "doctor", "trash", "mail", "new"),
    *("jobs", "worker", "import", "export", "files"),
}


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_group_with_a_line(run: Run, flag: str) -> None:
    result = run(flag)
    assert result.exit_code == 0
    listed = dict(
        line.split(None, 1) for line in result.stdout.partition("Commands:")[2].splitlines() if line
    )
    assert listed.keys() == GROUPS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    _program, *words = command.split()
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {' '.join(words)} ")


def test_unknown_command_is_refused(run: Run) -> None:
    result = run("fly")
    assert result.exit_code == 2
    assert "No such command 'fly'." in result.stderr


def test_python_m_dashboard_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["dashboard", "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("dashboard", run_name="__main__")
    assert ended.value.code == 0
    assert "A staff console" in capsys.readouterr().out
