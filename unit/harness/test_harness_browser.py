"""Where a browser is looked for, in which order, and what happens when there is none."""

import subprocess
from pathlib import Path

import pytest

from dashboard.testing.harness import browser
from dashboard.testing.harness.browser import (
    BrowserMissingError,
    FoundBrowser,
    find,
    find_or_install,
    flags,
    main,
)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser; programs put into the returned folder are on its PATH."""
    monkeypatch.delenv(browser.VARIABLE, raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.touch(mode=0o755)
    return str(path)


def download(folder: Path) -> None:
    for revision in range(1000, 2000):
        path = folder / "downloads" / f"chromium_headless_shell-{revision}"
        path.mkdir(parents=True)
        (path / "INSTALLATION_COMPLETE").touch()


def commands(monkeypatch: pytest.MonkeyPatch, code: int = 1) -> list[str]:
    ran: list[str] = []

    def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(" ".join(command[-3:]))
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_browsers_are_tried_in_order(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find() is None
    for name in ("google-chrome", "chromium", "chromium-headless-shell"):
        path = program(bare, name)
        assert find() == FoundBrowser(name, path)
    download(bare)
    assert find() == FoundBrowser("Playwright's own", None)
    monkeypatch.setenv(browser.VARIABLE, program(bare, "mine"))
    assert find() == FoundBrowser(browser.VARIABLE, str(bare / "mine"))


def test_variable_that_names_no_program_is_an_error(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare, "chromium")
    monkeypatch.setenv(browser.VARIABLE, "/nowhere/chromium")
    with pytest.raises(BrowserMissingError, match="'/nowhere/chromium', which is not a program"):
        find()


def test_nothing_is_installed_if_a_browser_exists(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = commands(monkeypatch)
    program(bare, "chromium")
    assert find_or_install().source == "chromium"
    assert ran == []


def test_root_on_debian_falls_back_to_its_package(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = commands(monkeypatch, code=0)
    program(bare, "apt-get")
    monkeypatch.setattr(browser, "DEBIAN", bare / "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(BrowserMissingError):  # the pretended installs leave nothing behind
        find_or_install()
    assert [command.split()[-1] for command in ran] == ["chromium", "update", "chromium-headless-shell"]


def test_error_says_how_to_install_a_browser(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands(monkeypatch)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert main() == 1
    said = capsys.readouterr().err
    for hint in ("playwright install", "apt-get install chromium-headless-shell", browser.VARIABLE):
        assert hint in said


def test_the_command_names_the_browser_it_found(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(bare, "chromium")
    assert main() == 0
    assert capsys.readouterr().out == f"Browser: {path}\n"


@pytest.mark.parametrize(("user", "sandboxed"), [(0, False), (1000, True)])
def test_only_root_runs_without_the_sandbox(
    monkeypatch: pytest.MonkeyPatch, user: int, sandboxed: bool
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert ("--no-sandbox" not in flags()) == sandboxed
