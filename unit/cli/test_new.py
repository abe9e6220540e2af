"""The command that begins a plug-in: its tests pass at once, and nothing is written where it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dashboard.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def begin(name: str) -> Result:
    """The result of the command."""
    return CliRunner().invoke(main, ["new", "plugin", name])


def run_tests(folder: Path, *arguments: str) -> str:
    """The words of pytest in the folder of a plug-in, which knows the console but is not installed."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DASHBOARD_", "PYTEST"))
    }
    flags = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *flags, *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return run.stdout + run.stderr


def test_new_plugin_has_unit_tests_that_pass_at_once(here: Path) -> None:
    told = begin("shop")
    assert told.exit_code == 0
    assert "cd shop && python -m pytest" in told.output
    assert "2 passed" in run_tests(here / "shop", "-W", "error")


def test_new_plugin_has_browser_tests_that_pass_at_once(here: Path) -> None:
    begin("shop")
    assert "2 passed" in run_tests(here / "shop", "e2e", "-p", "dashboard.testing.harness.entry")


def test_new_plugin_has_these_files_and_no_other(here: Path) -> None:
    begin("corner_shop")
    files = {path.relative_to(here / "corner_shop").as_posix() for path in here.rglob("*") if path.is_file()}
    assert files == {
        "pyproject.toml",
        "playwright.config.py",
        "corner_shop/__init__.py",
        "corner_shop/model.py",
        "corner_shop/view.py",
        "corner_shop/migrations/corner_shop_0001.py",
        "unit/test_records.py",
        "e2e/conftest.py",
        "e2e/test_pages.py",
    }
    for file in files:
        text = (here / "corner_shop" / file).read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 30, file
        assert "$" not in text, file


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Shop", "'Shop' cannot be the name of a plug-in."),
        ("1shop", "cannot be the name of a plug-in."),
        ("shop-console", "cannot be the name of a plug-in."),
        ("../shop", "cannot be the name of a plug-in."),
        ("class", "cannot be the name of a plug-in."),
        ("läden", "cannot be the name of a plug-in."),
        ("shop\n", "cannot be the name of a plug-in."),
        ("x" * 31, "Use at most 30 characters; this has 31."),
        ("json", "There is a module json already, which the plug-in would hide."),
        ("flask", "There is a module flask already, which the plug-in would hide."),
        ("dashboard", "There is a module dashboard already"),
        ("unit", "There is a module unit already"),
        ("e2e", "There is a module e2e already"),
    ],
)
def test_name_that_cannot_be_used_is_refused_in_one_line(here: Path, name: str, line: str) -> None:
    told = begin(name)
    assert told.exit_code == 1
    assert line in told.output
    assert told.output.count("\n") == 1
    assert not list(here.iterdir())


@pytest.mark.parametrize("kind", ["folder", "file", "dead link"])
def test_existing_folder_is_left_alone(here: Path, kind: str) -> None:
    place = here / "shop"
    {
        "folder": place.mkdir,
        "file": lambda: place.write_text("mine"),
        "dead link": lambda: place.symlink_to("nowhere"),
    }[kind]()
    told = begin("shop")
    assert (told.exit_code, told.output) == (1, "Error: shop exists already. Nothing was written.\n")
    assert [path.name for path in here.iterdir()] == ["shop"]


def test_nothing_is_left_of_a_plugin_that_cannot_be_written(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, written = sys.modules["dashboard.cli.new"], list[Path]()
    write_file = new._write_file

    def fails_late(target: Path, *rest: object) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(target)
        write_file(target, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(new, "_write_file", fails_late)
    told = begin("shop")
    assert told.output == "Error: The folder shop cannot be written: No space left on device\n"
    assert told.exit_code == 1
    assert not list(here.iterdir())
