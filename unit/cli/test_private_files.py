"""Files that the commands write are private, and existing files that others can read become private."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, rmtree

import pytest

from dashboard.private_files import tighten
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.ports import free_port
from unit.cli.conftest import PRODUCTION, Run, Start, get

pytestmark = pytest.mark.sqlite


@pytest.fixture
def open_umask() -> Iterator[None]:
    """A shell whose new files every user can read and write."""
    before = os.umask(0)
    yield
    assert os.umask(before) == 0, "a command changed it for its caller"


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user of the machine can look into; pytest's own are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    rmtree(folder)


def modes(folder: Path) -> dict[str, int]:
    """The modes of a folder and of what it holds."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


@pytest.mark.parametrize("env", [{}, PRODUCTION], ids=["development", "production"])
def test_files_that_commands_create_are_private(
    run: Run, tmp_path: Path, open_umask: None, env: dict[str, str]
) -> None:
    folder = tmp_path / "new" / "console"
    settings = {**env, "INSTANCE": str(folder)}
    create = ("users", "create", "kim@example.test", "--role", "owner", "--password-stdin")
    assert run(*create, stdin=PASSWORD, **settings).exit_code == 0
    assert run("products", "export", str(folder / "products.csv"), **settings).exit_code == 0
    found = modes(folder)
    assert found.pop("console") == 0o700
    assert {"dashboard.sqlite3", "products.csv"} <= found.keys()
    assert set(found.values()) == {0o600}
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_database_outside_the_instance_is_private(run: Run, tmp_path: Path, open_umask: None) -> None:
    file = tmp_path / "elsewhere" / "console.sqlite3"
    assert run("db", "upgrade", DATABASE_URL=f"sqlite:///{file}").exit_code == 0
    assert set(modes(file.parent).values()) == {0o700, 0o600}


def test_open_files_of_a_production_server_are_private(
    start: Start, tmp_path: Path, open_umask: None
) -> None:
    folder = tmp_path / "console"
    port = str(free_port())
    process = start("serve", "--port", port, INSTANCE=str(folder), ALLOWED_HOSTS="127.0.0.1", **PRODUCTION)
    assert process.stdout
    process.stdout.readline()
    assert get(f"http://127.0.0.1:{port}/readyz")[0] == 200
    assert modes(folder) == {
        "console": 0o700,
        "dashboard.sqlite3": 0o600,
        "dashboard.sqlite3-wal": 0o600,
        "dashboard.sqlite3-shm": 0o600,
    }


@pytest.fixture
def installation(public: Path, database_template: Path) -> Path:
    """The folder of an installation as an earlier version left it in production."""
    folder = public / "instance"
    folder.mkdir(mode=0o755)
    copyfile(database_template, folder / "dashboard.sqlite3")
    for file in ("dashboard.sqlite3", "dashboard.sqlite3-wal", "dashboard.sqlite3-shm"):
        (folder / file).touch()
        (folder / file).chmod(0o644)
    return folder


def test_old_installation_is_made_private_at_the_next_start(run: Run, installation: Path) -> None:
    before = run("doctor", INSTANCE=str(installation))
    assert before.exit_code == 1
    assert f"can read or write {installation / 'dashboard.sqlite3'}; run: chmod o=" in before.stdout
    assert run("db", "upgrade", INSTANCE=str(installation)).exit_code == 0
    assert modes(installation)["instance"] == 0o700
    assert modes(installation)["dashboard.sqlite3"] == 0o600
    after = run("doctor", INSTANCE=str(installation))
    assert (after.exit_code, "privacy" in after.stdout) == (0, False)


def test_key_that_others_can_read_is_made_private(run: Run, public: Path) -> None:
    run("doctor", INSTANCE=str(public))
    (public / "secret_key").chmod(0o644)
    assert "secret_key; run: chmod" in run("doctor", INSTANCE=str(public)).stdout
    run("db", "upgrade", INSTANCE=str(public))
    assert modes(public)["secret_key"] == 0o600


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o750, 0o640), (0o2770, 0o660)])
def test_files_shared_with_a_group_stay_shared(installation: Path, folder_mode: int, file_mode: int) -> None:
    for file in installation.iterdir():
        file.chmod(file_mode)
    installation.chmod(folder_mode)
    tighten(installation, installation / "dashboard.sqlite3")
    found = modes(installation)
    assert (found.pop("instance"), set(found.values())) == (folder_mode, {file_mode})


def test_folder_with_other_files_keeps_its_mode(installation: Path) -> None:
    (installation / "photographs").touch()
    tighten(installation, installation / "dashboard.sqlite3")
    assert modes(installation)["instance"] == 0o755
    assert modes(installation)["dashboard.sqlite3"] == 0o600


def test_sticky_folder_keeps_its_mode(installation: Path) -> None:
    installation.chmod(0o1777)
    tighten(installation, installation / "dashboard.sqlite3")
    assert modes(installation)["instance"] == 0o1777
    assert modes(installation)["dashboard.sqlite3"] == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_user_keep_their_mode(installation: Path) -> None:
    for path in (installation, *installation.iterdir()):
        os.chown(path, 12345, 12345)
    tighten(installation, installation / "dashboard.sqlite3")
    found = modes(installation)
    assert (found.pop("instance"), set(found.values())) == (0o755, {0o644})


def test_file_in_a_private_folder_is_not_exposed(run: Run, installation: Path) -> None:
    assert "privacy" in run("doctor", INSTANCE=str(installation)).stdout
    installation.chmod(0o750)
    result = run("doctor", INSTANCE=str(installation))
    assert (result.exit_code, "privacy" in result.stdout) == (0, False)
