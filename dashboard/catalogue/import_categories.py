"""The categories that the rows of a file name, and those that they create."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import or_, select

from dashboard.catalogue.lookalikes import CategoryLooks
from dashboard.catalogue.models import CATEGORY_LENGTH, Category
from dashboard.catalogue.rules import clean_category_name
from dashboard.database.keys import read_key
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.text.characters import is_unicode
from dashboard.text.shortening import quoted


class NamedCategories:
    """Categories by the texts that name them, a name or a number, and by their ids.

    ``creates`` says whether unknown names create categories; with ``lock`` nobody else adds them until the
    transaction ends.
    """

    def __init__(self, texts: Collection[str], ids: Iterable[int], *, creates: bool, lock: bool) -> None:
        self.names: dict[int, str] = {}
        self.ids: dict[str, int] = {}
        self.new: set[str] = set()
        numbers = {number for text in texts if (number := _number(text))}
        self._read([*{*ids, *numbers}], [*{name for text in texts for name in _names(text)}])
        self.looks: CategoryLooks | None = None
        unknown = [text for text in texts if creates and self.find(text) is None]
        if unknown:
            self.looks = CategoryLooks(lock=lock)
            self._read([], [*{name for text in unknown for name in _names(text)}])

    def _read(self, ids: Sequence[int], names: Sequence[str]) -> None:
        its = or_(among(Category.id, ids), among(Category.name, names))
        if ids or names:
            found = db.session.connection().execute(select(Category.id, Category.name).where(its))
            self.names.update((key, name) for key, name in found)
            self.ids = {name: key for key, name in self.names.items()}

    def find(self, text: str) -> int | None:
        """The id of the category that `text` names; None where there is none."""
        key = self.ids.get(text)  # as most texts are
        if key is None:
            key = next((self.ids[name] for name in _names(text) if name in self.ids), _number(text))
        return key if key in self.names else None

    def new_name(self, text: str) -> str:
        """The name of the category that an unknown `text` creates; raises Refusal where it cannot."""
        if self.looks is None:
            raise Refusal(f"No category is called {quoted(text.strip())}.")
        name = clean_category_name(text)
        if name not in self.new and (fault := self.looks.fault(name)):
            raise Refusal(fault)
        return name

    def add(self, name: str) -> None:
        """Compare with a name that a row creates too."""
        if self.looks is not None and name not in self.new:
            self.new.add(name)
            self.looks.add(name)


def _names(text: str) -> Sequence[str]:
    """The names that `text` may stand for: as it is, or as it would be stored."""
    if len(text) > CATEGORY_LENGTH or "\0" in text or not is_unicode(text):
        return ()
    try:
        return text, clean_category_name(text)
    except Refusal:
        return (text,)


def _number(text: str) -> int | None:
    number: int | None = read_key(Category.id.type, text.strip())
    return number
