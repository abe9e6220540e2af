"""The fields of a kind of record that a file can fill, and what one row becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from dashboard.files.lists import Files
from dashboard.importing.named_files import NamedFile
from dashboard.registry import Record


class Kind(StrEnum):
    """The meaning of the texts of a field, so that files may write them in their own way."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TRUTH = "truth"
    CHOICE = "choice"
    LIST = "list"
    """Several records: a cell has their names with semicolons between them, the text of a form one a line."""
    FILES = "files"
    """Files: a cell has their names in the ZIP of the import, with semicolons between them."""


@dataclass(frozen=True, kw_only=True)
class ImportField:
    """A field that a column of a file can fill; ``name`` is that of the form, ``label`` its words.

    ``is_key`` says that no two records have the same value, so that a row can name its record by it.
    ``is_written`` is False for a number that only finds records. ``is_needed`` fields cannot be blank in new
    records. ``others`` are further names by which headers call it. ``choices`` are the texts of the form by
    what people and files call them. ``can_create`` is the noun of what a name that is unknown may create.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    is_needed: bool = False
    is_key: bool = False
    is_written: bool = True
    others: Sequence[str] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    can_create: str = ""
    files: Files | None = None


NO_FILES: Mapping[str, Any] = MappingProxyType({})


class Given(NamedTuple):
    """A row of a file: its number there, the texts of the fields that it fills, and the files of others."""

    number: int
    texts: Mapping[str, str]
    files: Mapping[str, Sequence[NamedFile]] = NO_FILES


def file_field(declared: Files, label: str) -> ImportField:
    """The field for a list of files."""
    return ImportField(name=declared.field, label=label, kind=Kind.FILES, files=declared)


class Does(StrEnum):
    """The effect of importing a row."""

    CREATE = "create"
    CHANGE = "change"
    NOTHING = "nothing"
    REFUSE = "refuse"


@dataclass(slots=True)
class Outcome:
    """The effect of importing one row, or the effect that it would have.

    ``errors`` are sentences by the names of fields, ``""`` for the whole row; such a row is refused.
    ``key`` is that of the record that it changes, as the history holds it, ``before`` and ``after`` are the
    texts of its fields. ``data`` is for the importer alone.
    """

    number: int
    does: Does
    errors: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    key: Any = None
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    creates: Sequence[tuple[str, str]] = ()
    """Related records that it creates: the name of the field, and that of the record."""
    data: Any = None
    needs: Sequence[NamedFile] = ()
    """Files that have to be stored before it is written."""


class RowRefused(Exception):  # noqa: N818 - says what happened, as `Refusal` does
    """A row that cannot be written, though it could when it was checked; nothing of its batch is stored."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Matching(Protocol):
    """Which records rows are about; `dashboard.importing.choices.Choices` is one."""

    @property
    def key(self) -> str:
        """The field by which rows find their records; blank where each row is a new one."""

    @property
    def creates(self) -> bool:
        """Whether rows may create records."""

    @property
    def changes(self) -> bool:
        """Whether rows may change records."""

    @property
    def clears(self) -> bool:
        """Whether a blank cell empties the field of a record."""

    @property
    def creates_related(self) -> frozenset[str]:
        """The fields whose unknown names create records."""


class Importer(Protocol):
    """How records of one kind are imported. Its rows come a few hundred at a time, within one transaction."""

    at_once: int
    """Rows that are written in a transaction within about a second, so that nobody waits longer."""

    @property
    def record(self) -> Record:
        """The kind of record."""

    @property
    def fields(self) -> Sequence[ImportField]:
        """The fields that a column of a file can fill, in their order."""

    def examples(self, name: str) -> Sequence[str]:
        """The first records that the field `name` can refer to, as its form names them; empty for others."""

    def same(self, name: str, text: str) -> str:
        """The text that all texts of one value of a unique field have in common; blank for no value."""

    def outcomes(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> Sequence[Outcome]:
        """Say what each row does, by the rules of the kind; no two rows have the same text of the key.

        Changes nothing. Where `lock` is set, the records found stay as they are until the transaction ends.
        A blank text clears a field where ``how.clears``, and leaves it as it is otherwise.
        """

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Create and change the records of these outcomes, each of which does one of both.

        Raises RowRefused.
        """

    def after(self) -> None:
        """Do what waits until rows that were written are committed."""
