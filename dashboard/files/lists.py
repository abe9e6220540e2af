"""The files of a record: one column holds the list of them, like any other value of the record.

So the history keeps every change of the list, and an undo, a merge or the trash brings it back. The files
themselves never change: another picture is another file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.types import inner_type

WORDS_LENGTH = 300
MOST_FILES = 100
"""Files in one list; a declaration allows fewer."""


class AttachedFile(NamedTuple):
    """A file in the list of a record: the ``key`` of its row, and words for it.

    ``words`` say what a picture shows, to those who do not see it; of another file they are its name.
    """

    key: str
    words: str = ""


Attached = tuple[AttachedFile, ...]


class FileList(TypeDecorator[Attached]):
    """A column with the list of files of a record, in their order.

    The value is a tuple of `AttachedFile`, or None where there are no files; the column is a text with JSON.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Sequence[str]] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Turn a list into the text for it; an empty one is NULL."""
        listed = [[*each] for each in value or ()]
        return json.dumps(listed, ensure_ascii=False, separators=(",", ":")) if listed else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Attached | None:  # noqa: ARG002
        """Read a stored list."""
        return tuple(AttachedFile(*each) for each in json.loads(value)) if value else None


class ImageList(FileList):
    """A column with a list of pictures."""

    cache_ok = True


@dataclass(frozen=True)
class Files:
    """The declaration that a column is a list of files: at most ``max`` of them.

    ``types`` are the media types that are taken, recognised by the content; without any every type is.
    """

    field: str
    max: int = 12
    types: Sequence[str] = ()

    @property
    def are_pictures(self) -> bool:
        """Whether only pictures are taken, which are shown and not only downloaded."""
        return False


@dataclass(frozen=True)
class Images(Files):
    """The declaration that a column is a list of pictures: at most ``max`` of them."""

    @property
    def are_pictures(self) -> bool:
        """Whether only pictures are taken."""
        return True


def refuse_undeclared(model: type[Any], lists: Iterable[Files]) -> None:
    """Raise ValueError with a line that says what to write where a list has no column of its type."""
    for each in lists:
        wanted = ImageList if each.are_pictures else FileList
        if type(getattr(getattr(model, each.field, None), "type", None)) is not wanted:
            column = f"{each.field} = mapped_column({wanted.__name__}, nullable=True)"
            raise ValueError(f"{model.__name__} needs {column} for {type(each).__name__}.")
        if not 1 <= each.max <= MOST_FILES:
            raise ValueError(f"{model.__name__}.{each.field} can have from 1 to {MOST_FILES} files.")


def is_file_list(kind: TypeEngine[Any]) -> bool:
    """Whether a column of this type holds a list of files."""
    return isinstance(inner_type(kind), FileList)


def keys_in(value: Iterable[Sequence[str]] | None) -> list[str]:
    """The keys of the files in a list, in its order."""
    return [each[0] for each in value or ()]


def stored_keys(text: str | None) -> list[str]:
    """The keys in a list as the history and the database store it."""
    return keys_in(json.loads(text)) if text else []


def file_fields(types: Mapping[str, TypeEngine[Any]]) -> list[str]:
    """The names of those of these columns that hold lists of files."""
    return [name for name, kind in types.items() if is_file_list(kind)]
