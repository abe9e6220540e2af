"""Finds a Chromium on this machine, or installs one; run as a module, it does only that."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import playwright

VARIABLE = "PLAYWRIGHT_CHROMIUM_EXECUTABLE"
# The headless shell goes first: it starts a page two to four times as fast as a full Chromium.
NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEBIAN = Path("/etc/debian_version")
MISSING = f"""\
No Chromium was found, and installing one failed. Any one of these helps:
  - python -m playwright install --only-shell chromium   (needs its download host)
  - apt-get install chromium-headless-shell              (Debian, as root)
  - {VARIABLE}=/path/to/chromium                         (one that you have)"""


class BrowserMissingError(Exception):
    """There is no browser and no way to get one; the text says what to do."""


@dataclass(frozen=True)
class FoundBrowser:
    """A browser; without `executable`, Playwright's own download, which it finds by itself."""

    source: str
    executable: str | None = None


def flags() -> list[str]:
    """Command-line flags for Chromium; its sandbox refuses to work for root."""
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]


def find() -> FoundBrowser | None:
    """Return the browser that the variable names, else Playwright's own, else one on the PATH, else None."""
    if named := os.environ.get(VARIABLE):
        if not shutil.which(named):
            raise BrowserMissingError(f"{VARIABLE} is {named!r}, which is not a program that can be run.")
        return FoundBrowser(VARIABLE, named)
    if _downloaded(os.environ):
        return FoundBrowser("Playwright's own")
    for name in NAMES:
        if path := shutil.which(name):
            return FoundBrowser(name, path)
    return None


def find_or_install() -> FoundBrowser:
    """Return a browser, installed now if necessary; raises BrowserMissingError."""
    if found := find():
        return found
    for install in (_install_own, _install_from_debian):
        if install() and (found := find()):
            return found
    raise BrowserMissingError(MISSING)


def _downloaded(environ: Mapping[str, str]) -> bool:
    """Whether `playwright install` has fetched the headless shell of this Playwright version."""
    cache = Path(environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    versions = Path(playwright.__file__).parent / "driver/package/browsers.json"
    for browser in json.loads(versions.read_text())["browsers"]:
        if browser["name"] == "chromium-headless-shell":
            folder = cache / f"chromium_headless_shell-{browser['revision']}"
            return (folder / "INSTALLATION_COMPLETE").exists()
    return False


def _install_own() -> bool:
    return _run(sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")


def _install_from_debian() -> bool:
    if os.geteuid() != 0 or not DEBIAN.exists() or not shutil.which("apt-get"):
        return False
    install = ("apt-get", "install", "--yes", "--no-install-recommends", "chromium-headless-shell")
    return _run("apt-get", "update") and _run(*install)


def _run(*command: str) -> bool:
    sys.stderr.write(f"$ {' '.join(command)}\n")
    # Each command is written out above.
    return subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0  # noqa: S603


def main() -> int:
    """Make sure that there is a browser and say which; 1 if there is none."""
    try:
        found = find_or_install()
    except BrowserMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Browser: {found.executable or found.source}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
