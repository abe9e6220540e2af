"""The file that `dashboard products export` writes, and the one that was there before."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.testing.catalogue import products
from unit.cli.conftest import Run, the_line
from unit.file_modes import file_modes_bind
from unit.full_disk import no_file_grows

OLD = "yesterday's\n"
ROOM = 128 * 1024  # more than opening the database needs, less than the file
ROWS = 80


@pytest.fixture
def catalogue(console: Flask) -> Flask:
    """A console with so many products that their file is written in several parts."""
    products(ROWS, description="long " * 1000)
    db.session.commit()
    return console


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing but an old file."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "products.csv").write_text(OLD)
    return folder


@pytest.fixture
def file(folder: Path) -> Path:
    """The old file."""
    return folder / "products.csv"


def lines(file: Path) -> int:
    """How many lines a file has."""
    return len(file.read_text("utf-8").splitlines())


def names(folder: Path) -> list[str]:
    """The names of what a folder holds."""
    return [path.name for path in folder.iterdir()]


def test_export_replaces_the_old_file(run: Run, catalogue: Flask, file: Path) -> None:
    assert run("products", "export", str(file)).exit_code == 0
    assert lines(file) == ROWS + 1
    assert names(file.parent) == [file.name]


def test_full_disk_leaves_the_old_file_and_nothing_else(run: Run, catalogue: Flask, file: Path) -> None:
    with no_file_grows(beyond=ROOM):
        line = the_line(run("products", "export", str(file)))
    assert line.startswith(f"Error: {file} cannot be written: ")
    assert file.read_text() == OLD
    assert names(file.parent) == [file.name]


def test_full_disk_leaves_no_part_of_a_new_file(run: Run, catalogue: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with no_file_grows(beyond=ROOM):
        the_line(run("products", "export", str(folder / "products.csv")))
    assert names(folder) == []


@pytest.mark.sqlite
def test_failing_database_leaves_the_old_file(run: Run, catalogue: Flask, file: Path, instance: Path) -> None:
    damage_the_last_pages(instance / "dashboard.sqlite3")
    line = the_line(run("products", "export", str(file)))
    assert "malformed" in line or "disk image" in line
    assert file.read_text() == OLD
    assert names(file.parent) == [file.name]


def damage_the_last_pages(database: Path) -> None:
    """Overwrite the half of the file that holds the later products."""
    db.session.remove()
    db.engine.dispose()
    size = database.stat().st_size
    with database.open("r+b") as content:
        content.seek(size // 3)
        content.write(b"\xff" * (size - size // 3))


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o644])
def test_new_file_has_the_mode_of_the_old_one(run: Run, console: Flask, file: Path, mode: int) -> None:
    file.chmod(mode)
    run("products", "export", str(file))
    assert lines(file) == 1
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_new_file_has_the_owner_of_the_old_one(run: Run, console: Flask, file: Path) -> None:
    os.chown(file, 12345, 23456)
    run("products", "export", str(file))
    assert (lines(file), file.stat().st_uid, file.stat().st_gid) == (1, 12345, 23456)


@pytest.mark.parametrize("target", ["products.csv", "new.csv"])
def test_link_stays_a_link_to_the_new_file(run: Run, console: Flask, folder: Path, target: str) -> None:
    link = folder / "latest.csv"
    link.symlink_to(target)
    assert run("products", "export", str(link)).exit_code == 0
    assert link.is_symlink()
    assert lines(folder / target) == 1


def test_circular_link_is_refused_and_unchanged(run: Run, console: Flask, folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    result = run("products", "export", str(folder / "a"))
    assert (result.exit_code in (1, 2), "Traceback" in result.stderr) == (True, False)
    assert "Too many levels of symbolic links" in result.stderr
    assert (folder / "a").is_symlink()


def test_longest_file_name_is_written_and_a_longer_one_refused(
    run: Run, console: Flask, folder: Path
) -> None:
    assert run("products", "export", str(folder / ("x" * 255))).exit_code == 0
    assert the_line(run("products", "export", str(folder / ("x" * 256)))).endswith("File name too long")
    assert sorted(names(folder)) == ["products.csv", "x" * 255]
    assert lines(folder / ("x" * 255)) == 1


def test_unwritable_folder_is_named(run: Run, console: Flask, file: Path) -> None:
    file.parent.chmod(0o555)
    with file_modes_bind():
        line = the_line(run("products", "export", str(file)))
    file.parent.chmod(0o755)
    assert line == f"Error: {file} cannot be written: nothing can be written into {file.parent}"
    assert file.read_text() == OLD


def test_read_only_file_is_unchanged(run: Run, console: Flask, file: Path) -> None:
    file.chmod(0o444)
    with file_modes_bind():
        line = the_line(run("products", "export", str(file)))
    assert line == f"Error: {file} cannot be written: Permission denied"
    assert file.read_text() == OLD


def test_folder_as_file_is_refused(run: Run, console: Flask, folder: Path) -> None:
    result = run("products", "export", str(folder))
    assert result.exit_code == 2
    assert "is a directory" in result.stderr
    assert names(folder) == ["products.csv"]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["dashboard.sqlite3", "dashboard.sqlite3-wal", "secret_key", "link", "hard"])
def test_files_of_the_console_are_not_overwritten(
    run: Run, catalogue: Flask, instance: Path, name: str
) -> None:
    (instance / "link").symlink_to("dashboard.sqlite3")
    (instance / "hard").hardlink_to(instance / "dashboard.sqlite3")
    line = the_line(run("products", "export", str(instance / name)))
    assert line == f"Error: {instance / name} belongs to the console. Choose another file."
    assert run("products", "export", "-").stderr == f"{ROWS:,} products written.\n"


@pytest.fixture
def exporting(instance: Path) -> Iterator[list[str]]:
    """The command line of an export of its own process, without its FILE."""
    os.environ["DASHBOARD_INSTANCE"] = str(instance)
    yield [sys.executable, "-m", "dashboard", "products", "export"]
    del os.environ["DASHBOARD_INSTANCE"]


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"])
def test_output_redirected_to_a_file_is_appended(
    catalogue: Flask, file: Path, exporting: list[str], name: str
) -> None:
    inode = file.stat().st_ino
    with file.open("ab") as output:
        subprocess.run([*exporting, name], stdout=output, check=True, capture_output=False)
    assert file.read_text("utf-8").startswith(OLD + "sku,")
    assert (lines(file), file.stat().st_ino) == (ROWS + 2, inode)


@pytest.mark.parametrize("name", ["/dev/stdout", "-"])
def test_pipe_gets_every_line(catalogue: Flask, exporting: list[str], name: str) -> None:
    result = subprocess.run([*exporting, name], capture_output=True, check=True)
    assert len(result.stdout.decode().splitlines()) == ROWS + 1


def test_named_pipe_is_written_to_and_stays(run: Run, catalogue: Flask, folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()
    assert run("products", "export", str(pipe)).exit_code == 0
    reader.join(10)
    assert (len(got[0].splitlines()), pipe.is_fifo()) == (ROWS + 1, True)


def test_killed_export_leaves_the_old_file(catalogue: Flask, file: Path, exporting: list[str]) -> None:
    process = subprocess.Popen([*exporting, str(file)], stderr=subprocess.DEVNULL)
    deadline = monotonic() + 30
    while len(names(file.parent)) == 1 and process.poll() is None and monotonic() < deadline:
        sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert file.read_text() == OLD or lines(file) == ROWS + 1
