"""Temporary files of workers: those of a killed one are gone once another starts."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dashboard.jobs.temporary import delete_abandoned, folder_of_its_own

HOLDING = """
import sys, tempfile
from dashboard.jobs.temporary import folder_of_its_own
tempfile.tempdir = sys.argv[1]
with folder_of_its_own() as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_files_of_killed_workers_are_deleted_and_others_stay(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        (folder / "half.xlsx").write_text("half")
        delete_abandoned(tmp_path)
        assert (folder / "half.xlsx").exists()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert folder.exists()
    delete_abandoned(tmp_path)
    assert not folder.exists()


def test_folder_is_gone_when_a_worker_ends() -> None:
    usual = tempfile.gettempdir()
    with folder_of_its_own() as folder:
        assert Path(tempfile.gettempdir()) == folder
    assert (tempfile.gettempdir(), folder.exists()) == (usual, False)
