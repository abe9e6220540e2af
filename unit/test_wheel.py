"""The wheel holds all that it needs: installed into an empty folder, it serves a page and its looks."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = sysconfig.get_paths()["purelib"]
PATIENCE_SECONDS = 120
SERVER = """
import dashboard, sys, threading
from werkzeug.serving import make_server
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.app import create_app

settings = Settings.from_environment({"DASHBOARD_INSTANCE": sys.argv[1]})
upgrade(settings.database_url)
server = make_server("127.0.0.1", 0, create_app(settings))
print(dashboard.__file__, f"http://127.0.0.1:{server.port}", flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown())).start()
server.serve_forever()
"""


def run(*command: object, **options: Any) -> str:
    words = [str(part) for part in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    pip = (
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
    )
    run(*pip, "--target", folder, wheel, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def environment(installed: Path) -> dict[str, str]:
    """An environment that knows the wheel and the libraries, but not the checkout."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DASHBOARD_", "PYTHON"))
    }
    return {**kept, "PYTHONPATH": os.pathsep.join((str(installed), LIBRARIES)), "PYTHONSAFEPATH": "1"}


@pytest.fixture(scope="module")
def served(
    installed: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a console that runs from the wheel, in an empty folder."""
    empty = tmp_path_factory.mktemp("empty")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(empty / "instance")],
        cwd=empty,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin
    assert server.stdout
    file, _, address = server.stdout.readline().strip().partition(" ")
    try:
        assert Path(file).is_relative_to(installed), file  # not the checkout
        yield address
    finally:
        server.communicate(timeout=PATIENCE_SECONDS)  # closes its input, by which it ends


def test_an_installed_console_serves_its_pages(served: str) -> None:
    with urlopen(f"{served}/login") as answer:
        page = answer.read().decode()
    assert "<h1>" in page
    assert 'name="password"' in page


def test_installed_console_serves_its_assets(served: str) -> None:
    with urlopen(f"{served}/login") as answer:
        assets = set(re.findall(r'"(/static/[^"#]+)', answer.read().decode()))
    assert {Path(path).suffix for path in assets} >= {".css", ".js", ".svg"}
    for path in assets:
        with urlopen(served + path) as answer:
            assert answer.read()


def test_an_installed_console_has_its_command_and_its_data(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**environment, "DASHBOARD_INSTANCE": str(tmp_path)}
    told = run(installed / "bin" / "dashboard", "products", "export", "-", cwd=tmp_path, env=environment)
    assert told.startswith("sku,name,")
    sample = "from dashboard.catalogue.sample import FILE; print(FILE.is_file())"
    assert run(sys.executable, "-c", sample, cwd=tmp_path, env=environment).strip() == "True"


def test_installed_command_finds_a_plugin_in_its_folder(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    module = "def register(console):\n    print('kiosk is there')\n"
    (tmp_path / "kiosk.py").write_text(module, encoding="utf-8")
    own = {"DASHBOARD_INSTANCE": str(tmp_path / "instance"), "DASHBOARD_PLUGINS": "kiosk"}
    told = run(installed / "bin" / "dashboard", "db", "upgrade", cwd=tmp_path, env={**environment, **own})
    assert "kiosk is there" in told


HARNESS = """
from pathlib import Path
from dashboard.testing.harness import guard

def test_it(guard, browser_name, pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("dashboard.testing.harness.entry")
    assert browser_name == "wide"
    assert Path({module}).is_relative_to({folder!r})
"""


def test_installed_harness_runs_if_there_is_a_configuration(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    tests = HARNESS.format(module="__import__('dashboard').__file__", folder=str(installed))
    tmp_path.joinpath("test_it.py").write_text(tests)
    tmp_path.joinpath("playwright.config.py").write_text("config = {'projects': [{'name': 'wide'}]}\n")
    told = run(sys.executable, "-m", "pytest", "-p", "no:randomly", cwd=tmp_path, env=environment)
    assert "1 passed" in told


def test_plugin_begun_with_the_wheel_passes_its_tests(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    run(installed / "bin" / "dashboard", "new", "plugin", "shop", cwd=tmp_path, env=environment)
    told = run(sys.executable, "-m", "pytest", "-p", "no:randomly", cwd=tmp_path / "shop", env=environment)
    assert "2 passed" in told


def test_the_wheel_holds_the_harness_with_its_readme_and_what_it_needs(wheel: Path) -> None:
    folder = ROOT / "dashboard/testing/harness"
    files = {path.relative_to(ROOT).as_posix() for path in folder.glob("*.*")}
    with ZipFile(wheel) as archive:
        assert files <= set(archive.namelist())
        [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        told = archive.read(metadata).decode()
    needed = re.findall(r"^Requires-Dist: ([\w-]+).*; extra == 'testing'$", told, re.M)
    assert sorted(needed) == ["axe-playwright-python", "playwright", "pytest", "pytest-playwright"]


def test_wheel_holds_only_the_package_and_its_templates(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"dashboard", "staff_dashboard"}
    files = {str(path.relative_to(ROOT / "templates")) for path in ROOT.joinpath("templates").rglob("*.html")}
    packed = {name.removeprefix("dashboard/templates/") for name in names if name.endswith(".html")}
    assert packed == files
    assert not [name for name in names if name.endswith((".pyc", ".sqlite3", "secret_key"))]
