"""The records that a field can refer to, each read once a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g
from sqlalchemy import func, select

from dashboard.admin.kit.links import has_own_scope
from dashboard.admin.record_view.columns import mapped_columns, nouns_of
from dashboard.database.keys import key_text, read_key
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.registry import registry

BLANK = ""
LONGEST = 300
"""Characters of a name or a key that people type."""
AMBIGUOUS = 2
"""Records of one name that are enough to tell that the name is not enough."""


def is_restricted(model: type[Any]) -> bool:
    """Whether some users who see the console may not see all records of a class."""
    record = registry().find(model)
    if record is None:
        return False
    return (
        record.personal
        or has_own_scope(record)
        or record.roles.get(Access.READ, Role.VIEWER) is not Role.VIEWER
    )


@dataclass
class Known:
    """Records that were read: the first ones, and by the texts of their keys and by their names."""

    first: dict[int, Sequence[Any]] = field(default_factory=dict)
    with_key: dict[str, Any] = field(default_factory=dict)
    named: dict[Any, list[Any]] = field(default_factory=dict)


class Target:
    """The records that a field can refer to, as far as the current user may see them."""

    def __init__(self, model: type[Any]) -> None:
        self.columns, self.model = mapped_columns(model), model

    @property
    def noun(self) -> str:
        """The noun for one of them."""
        record = registry().find(self.model)
        return record.singular if record else nouns_of(self.model)

    @property
    def title(self) -> Any:
        """The column that names one of them."""
        record = registry().find(self.model)
        return record.title if record else self.columns.title

    def visible(self) -> Any:
        """The keys and the names of those that the current user may see."""
        record, key = registry().find(self.model), self.columns.key
        found = select(key, self.title)
        if record is None:
            return found
        return found.where(*record.scope()) if record.allows(Access.READ) else found.where(key.is_(None))

    @property
    def _known(self) -> Known:
        """The ones that were read in this request."""
        known: dict[type[Any], Known] = g.setdefault("known_targets", {})
        return known.setdefault(self.model, Known())

    def first(self, number: int) -> Sequence[Any]:
        """So many of them, by their names."""
        first = self._known.first
        if number not in first:
            ordered = self.visible().order_by(self.title, self.columns.key).limit(number)
            first[number] = db.session.execute(ordered).all()
        return first[number]

    def named(self, name: Any) -> Sequence[Any]:
        """The first two that have exactly this name."""
        self.learn_names([name])
        return self._known.named.get(name, ())

    def with_key(self, text: str) -> Any:
        """The key and the name of the one whose key is `text`; None where there is none."""
        self.learn_keys([text])
        return self._known.with_key[text]

    def learn(self, texts: Iterable[str]) -> None:
        """Read those with these keys or names in few statements, before fields ask for each of them."""
        wanted = [*dict.fromkeys(texts)]
        self.learn_keys(wanted)
        found = filter(None, map(self._known.with_key.get, wanted))
        names = [name for _, name in found]
        self.learn_names([*wanted, *names])
        # A name that is the key of another record does not tell which is meant.
        self.learn_keys([name for name in names if isinstance(name, str) and "\0" not in name])

    def learn_keys(self, texts: Iterable[str]) -> None:
        """Read those whose keys are among `texts` and that were not read before."""
        known = self._known.with_key
        new = {text: read_key(self.columns.key.type, text) for text in texts if text not in known}
        found = {row[0]: row for row in self.with_keys([*new])}
        known.update({text: found.get(key) for text, key in new.items()})

    def learn_names(self, names: Iterable[Any]) -> None:
        """Read the first two of each of these names that was not read before."""
        known, is_text = self._known.named, self.title.type.python_type is str
        new = {name for name in names if is_text and isinstance(name, str) and name not in known}
        if not new:
            return
        place = func.row_number().over(partition_by=self.title, order_by=self.columns.key).label("place")
        numbered = self.visible().where(self.title.in_(new)).add_columns(place).subquery()
        found = db.session.execute(select(numbered).where(numbered.c.place <= AMBIGUOUS))
        known.update({name: [] for name in new})
        for key, name, _ in found:
            known.setdefault(name, []).append((key, name))

    def with_keys(self, texts: Sequence[str]) -> Sequence[Any]:
        """The keys and the names of those whose keys are among `texts`, in one statement."""
        keys = [key for text in texts if (key := read_key(self.columns.key.type, text)) is not None]
        if not keys:
            return []
        return db.session.execute(self.visible().where(self.columns.key.in_(keys))).all()

    def text_of(self, key: Any, name: Any) -> str:
        """The text by which a field finds one of them again: its name where that is enough, else its key."""
        return str(name) if self._is_enough(name) else key_text(key)

    def _is_enough(self, name: Any) -> bool:
        """Whether a name means one record, as it is typed: no other is called so, or has it for a key."""
        is_plain = isinstance(name, str) and name == " ".join(name.split()) and "\0" not in name
        if not (name and is_plain) or len(name) > LONGEST:
            return False
        return len(self.named(name)) == 1 and self.with_key(name) is None

    def name_of(self, key: Any) -> str | None:
        """The name of the one with this key; None where there is no key."""
        found = None if key is None else self.with_key(key_text(key))
        return self.words(*found) if found else None if key is None else f"no. {key}"

    def words_for(self, text: str) -> str:
        """The one whose key is `text`, for people."""
        found = self.with_key(text) if text else None
        return self.words(*found) if found else f"{text} (not found)" if text else text

    def keys_for(self, lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        """The keys of those that `lines` name, by a name or a key, and a sentence for each other line."""
        self.learn([line for line in lines if "\0" not in line])
        found, faults = dict[str, Any](), list[str]()
        for line in lines:
            try:
                found[line] = self.key_for(line)
            except ValueError as error:
                faults.append(str(error))
        return found, faults

    def key_for(self, text: str) -> Any:
        """The key of the one that has this key or name; raises ValueError where there are none or several."""
        if "\0" in text:
            raise ValueError(f"No {self.noun} is called that.")
        name = text.strip()
        one = self.with_key(text) or self.with_key(name)
        named = [one] if one else self.named(name)
        if not named:
            raise ValueError(f"No {self.noun} is called “{name}”.")
        if len(named) > 1:
            raise ValueError(f"More than one {self.noun} is called “{name}”. Enter its number.")
        return named[0][0]

    def words(self, key: Any, name: Any) -> str:
        """One of them, for people."""
        return str(name) if name not in (None, BLANK) else f"no. {key}"
