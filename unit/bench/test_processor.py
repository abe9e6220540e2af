"""The processor of a measurement."""

import os
import subprocess
import sys

import pytest

from bench.processor import one_processor

COUNT = "import os; print(len(os.sched_getaffinity(0)))"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system chooses by itself")
def test_child_processes_share_one_processor() -> None:
    before = os.sched_getaffinity(0)
    with one_processor():
        assert len(os.sched_getaffinity(0)) == 1
        assert subprocess.run([sys.executable, "-c", COUNT], capture_output=True, check=True).stdout == b"1\n"
    assert os.sched_getaffinity(0) == before
