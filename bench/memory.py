"""The memory of a process (Linux)."""

from __future__ import annotations

import re
from pathlib import Path

STATUS, PEAKS = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"
KIB = 1024


def megabytes() -> dict[str, float]:
    """The memory of this process in MB (1,000,000 bytes): at most so far, ``peak``, and ``now``."""
    text = STATUS.read_text() if STATUS.exists() else ""
    found = dict(re.findall(r"^(VmHWM|VmRSS):\s+(\d+) kB", text, re.M))
    return {
        "peak": int(found.get("VmHWM", 0)) * KIB / 1e6,
        "now": int(found.get("VmRSS", 0)) * KIB / 1e6,
    }


def forget_peak() -> None:
    """Reset the peak; see proc_pid_clear_refs(5)."""
    if PEAKS.exists():
        PEAKS.write_text(FORGET_PEAK)
