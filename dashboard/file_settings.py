"""Where the files of records are stored, and how many bytes of them, as settings say."""

from __future__ import annotations

from dataclasses import dataclass, field

from dashboard.store_address import store_url_fault
from dashboard.variables import Variables
from dashboard.words import MEGABYTE

NAMES = {"FILES_URL", "FILES_MAX_BYTES", "FILES_QUOTA_BYTES"}
MOST_BYTES = 1024 * MEGABYTE
MOST_QUOTA = 1024**5


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """The place of the files, empty for a folder of the instance, and their limits.

    ``bytes`` bounds one upload, ``quota`` all files of the console together.
    """

    url: str = field(default="", repr=False)
    bytes: int = 20 * MEGABYTE
    quota: int = 10 * 1024 * MEGABYTE


def read_file_settings(variables: Variables) -> FileSettings:
    """Read the variables ``FILES_*``; a wrong one is noted among the complaints."""
    usual = FileSettings()
    return FileSettings(
        url=variables.checked("FILES_URL", store_url_fault) or "",
        bytes=variables.whole_number("FILES_MAX_BYTES", usual.bytes, 1, MOST_BYTES),
        quota=variables.whole_number("FILES_QUOTA_BYTES", usual.quota, 1, MOST_QUOTA),
    )
