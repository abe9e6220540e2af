"""Fill a folder with a release of everything in the locks that is newer than the one locked, for pip to find.

On any later day newer releases are out. An install of a lock must not look at them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.M)
NEWER = "99999"


def locked_names() -> set[str]:
    """The names of everything that any lock holds, as they stand in the names of wheels."""
    texts = [lock.read_text(encoding="utf-8") for lock in ROOT.glob("requirements/*.lock")]
    return {re.sub(r"[-_.]+", "_", name).lower() for text in texts for name in LOCKED.findall(text)}


def write_wheel(folder: Path, name: str) -> None:
    """A wheel that holds nothing but its name and version."""
    parts = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with ZipFile(folder / f"{name}-{NEWER}-py3-none-any.whl", "w") as wheel:
        for part, text in parts.items():
            wheel.writestr(f"{name}-{NEWER}.dist-info/{part}", text)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True)
    for each in sorted(locked_names()):
        write_wheel(target, each)
