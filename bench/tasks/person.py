"""A person before a page of the console, whose clicks, keys, texts and page loads are counted."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


@dataclass
class Effort:
    """The things that a person did, and how many pages were loaded for it."""

    clicks: int = 0
    keys: int = 0
    texts: int = 0
    loads: int = 0

    @property
    def actions(self) -> int:
        """The clicks, keys and texts together."""
        return self.clicks + self.keys + self.texts

    def add(self, clicks: int = 0, keys: int = 0, texts: int = 0) -> None:
        """Count something that was done."""
        self.clicks += clicks
        self.keys += keys
        self.texts += texts


class Person:
    """A person who clicks, presses keys, types and pastes on a page that is open; everything is counted.

    A key with others held down is one key, a typed text one text, however long, and a drag two clicks.
    Looking, waiting and scrolling are free. Checks of a task use ``page``, which counts nothing but loads.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.effort = Effort()
        page.on("domcontentloaded", self._count_load)

    def click(self, target: Locator, times: int = 1) -> None:
        """Click something, twice or three times in a row to select a word or a paragraph."""
        self.effort.add(clicks=times)
        target.click(click_count=times)

    def drag(self, start: Locator, end: Locator) -> None:
        """Drag something to another place."""
        self.effort.add(clicks=2)
        start.drag_to(end)

    def drop(self, file: Path, target: Locator) -> None:
        """Drag a file onto the page, whose field of files is `target`."""
        self.effort.add(clicks=2)
        target.set_input_files(file)

    def choose(self, choice: str, target: Locator) -> None:
        """Choose from a list that opens: a click on it, and one on the choice."""
        self.effort.add(clicks=2)
        target.select_option(label=choice)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.effort.add(keys=1)
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.effort.add(texts=1)
        self.page.keyboard.type(text)

    def open(self, code: str) -> None:
        """Open the record with this code by the command palette."""
        self.press("ControlOrMeta+k")
        expect(self.page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
        self.type(code)
        self.press("Enter")

    def paste(self, text: str) -> None:
        """Paste a text that was copied outside the console."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("ControlOrMeta+v")

    def download(self, target: Locator) -> Path:
        """Click something that downloads a file, and return the file."""
        with self.page.expect_download() as download:
            self.click(target)
        file = Path(download.value.path()).with_name(download.value.suggested_filename)
        download.value.save_as(file)
        return file

    def replace_in_spreadsheet(self, file: Path, column: str, old: str, new: str) -> None:
        """Replace a text in a column of a CSV file, as a spreadsheet does it.

        That is: open the file by a click; Ctrl+H, the old text, Tab, the new one; Enter for all; Ctrl+S
        and Ctrl+W.
        """
        self.effort.add(clicks=1, keys=5, texts=2)
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = [*csv.DictReader(source)]
        for row in rows:
            row[column] = row[column].replace(old, new)
        write_csv(file, [[*rows[0]], *([*row.values()] for row in rows)])

    def _count_load(self, _page: Page) -> None:
        self.effort.loads += 1


def write_csv(file: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as a CSV file."""
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
