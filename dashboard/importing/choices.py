"""The choices of a user about an import: which column fills which field, and what rows may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.importing.fields import Importer, ImportField
from dashboard.importing.notation import DATES, NUMBERS
from dashboard.refusal import Refusal

BOTH, CREATE, CHANGE = "both", "create", "change"
MODES = {
    BOTH: "Create new records and change existing ones",
    CREATE: "Only create new records",
    CHANGE: "Only change existing records",
}
WITH_TABLE = "Upload the table and its files in one, or leave this column out."
KEEP, CLEAR = "keep", "clear"
BLANKS = {KEEP: "Keep the value that the record has", CLEAR: "Empty the field"}


@dataclass(frozen=True)
class Choices:
    """The choices of a user; ``columns`` has the name of a field for each column of the file, or a blank.

    ``key`` is the field by which rows find their records; blank where each row is a new one. ``related`` are
    the fields whose unknown names create records. ``numbers`` and ``dates`` say how the file writes them.
    """

    columns: Sequence[str]
    key: str = ""
    mode: str = BOTH
    blank: str = KEEP
    numbers: str = "point"
    dates: str = "year"
    related: Sequence[str] = ()

    @property
    def creates(self) -> bool:
        """Whether rows may create records."""
        return self.mode != CHANGE

    @property
    def changes(self) -> bool:
        """Whether rows may change records."""
        return self.mode != CREATE and bool(self.key)

    @property
    def clears(self) -> bool:
        """Whether a blank cell empties the field of a record."""
        return self.blank == CLEAR

    @property
    def creates_related(self) -> frozenset[str]:
        """The fields whose unknown names create records."""
        return frozenset(self.related)

    def as_json(self) -> dict[str, Any]:
        """The values that a job stores."""
        return asdict(self)

    def check(self, importer: Importer, header: Sequence[str], *, has_files: bool) -> None:
        """Raise Refusal, with the field of the form at fault, where these choices make no import.

        `has_files` says whether the table came in a ZIP, with the files that its rows name.
        """
        known = {each.name: each for each in importer.fields}
        chosen = [name for name in self.columns if name]
        if len(self.columns) != len(header) or not {*chosen} <= {*known}:
            raise Refusal("The columns of the file are others than those of this page. Choose again.")
        for name in chosen:
            if chosen.count(name) > 1:
                raise Refusal(f"Two columns fill “{known[name].label}”. Choose one of them.", "columns")
        _refuse_files([] if has_files else [known[name] for name in chosen])
        if not any(known[name].is_written for name in chosen):
            raise Refusal("Choose at least one field that a column fills.", "columns")
        self._check_key(known, chosen)
        if self.mode not in MODES or self.blank not in BLANKS:
            raise Refusal("Choose what rows may do.")
        if self.numbers not in NUMBERS or self.dates not in DATES:
            raise Refusal("Choose how the file writes numbers and dates.")
        missing = [each.label for each in importer.fields if each.is_needed and each.name not in chosen]
        if self.creates and missing:
            raise Refusal(
                f"New records need a column for “{missing[0]}”. Choose one, or only change existing records.",
                "columns",
            )

    def _check_key(self, known: Mapping[str, Any], chosen: Sequence[str]) -> None:
        if self.key and not (self.key in known and known[self.key].is_key):
            raise Refusal("Choose one of these.", "key")
        if self.key and self.key not in chosen:
            raise Refusal(f"No column fills “{known[self.key].label}”, by which records are found.", "key")
        if not self.key and self.mode == CHANGE:
            raise Refusal("Choose the field by which rows find their records.", "key")


def _refuse_files(chosen: Iterable[ImportField]) -> None:
    """Raise Refusal where a column without a ZIP fills a list of files."""
    for each in chosen:
        if each.files is not None:
            raise Refusal(f"“{each.label}” takes files from a ZIP only. {WITH_TABLE}", "columns")


def read_choices(stored: Mapping[str, Any]) -> Choices:
    """The choices that a job stored."""
    return Choices(**stored)
