"""The records that a field can refer to, each read once a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from flask import g
from sqlalchemy import BigInteger, func, select, type_coerce

from dashboard.admin.kit.links import has_own_scope
from dashboard.admin.record_view.columns import mapped_columns, nouns_of
from dashboard.admin.record_view.relations.key_texts import QUOTE, key_in_text, text_of_key
from dashboard.database.keys import key_text, read_key
from dashboard.database.read_each import read_each
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.registry import registry

BLANK = ""
LONGEST = 300
"""Characters of a name or a key that people type."""
AT_ONCE, MOST_KNOWN = 1000, 50_000
"""Records that a statement asks for, and the keys that are remembered while a file is written."""
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
        self.beside: Sequence[Target] = ()
        """Other targets whose first records are asked for along with its own."""

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
        """So many of them, by their names; those of the targets beside it are read at once."""
        if number not in self._known.first:
            list_first([self, *self.beside], number)
        return self._known.first[number]

    def named(self, name: Any) -> Sequence[Any]:
        """The first two that have exactly this name."""
        learn_names({self: [name]})
        return self._known.named.get(name, ())

    def with_key(self, text: str) -> Any:
        """The key and the name of the one whose key is `text`; None where there is none."""
        learn_keys({self: [text]})
        return self._known.with_key[text]

    def learn(self, texts: Iterable[str]) -> None:
        """Read those with these keys or names in few statements, before fields ask for each of them."""
        learn({self: texts})

    def learn_many(self, texts: Iterable[str]) -> None:
        """Read very many with these keys or names, so many at a time."""
        wanted = [*dict.fromkeys(texts)]
        for at in range(0, len(wanted), AT_ONCE):
            self.learn(wanted[at : at + AT_ONCE])

    def learn_keys(self, texts: Iterable[str]) -> None:
        """Read those whose keys are among `texts` and that were not read before."""
        learn_keys({self: texts})

    def with_keys(self, texts: Sequence[str]) -> Sequence[Any]:
        """The keys and the names of those whose keys are among `texts`, in one statement."""
        keys = [key for text in texts if (key := read_key(self.columns.key.type, text)) is not None]
        return db.session.execute(self._having(keys)).all() if keys else []

    def _having(self, keys: Iterable[Any]) -> Any:
        return self.visible().where(self.columns.key.in_(keys))

    def _unknown_keys(self, texts: Iterable[str]) -> dict[str, Any]:
        known, kind = self._known.with_key, self.columns.key.type
        return {text: read_key(kind, text) for text in texts if text not in known}

    def _unknown_names(self, names: Iterable[Any]) -> set[str]:
        known, is_text = self._known.named, self.title.type.python_type is str
        return {name for name in names if is_text and isinstance(name, str) and name not in known}

    def _called(self, names: Iterable[str]) -> Any:
        """The first two of each of these names, with their places."""
        place = _place(partition_by=self.title, order_by=self.columns.key)
        numbered = self.visible().where(self.title.in_(names)).add_columns(place).subquery()
        return select(numbered).where(numbered.c.place <= AMBIGUOUS)

    def text_of(self, key: Any, name: Any) -> str:
        """The text by which a field finds one of them again: its name where that is enough, else its key."""
        return str(name) if self._is_enough(name) else text_of_key(key)

    def texts_of(self, names: Mapping[Any, Any]) -> dict[Any, str]:
        """Such texts by the keys of records, whose `names` are known; very many are not remembered."""
        keys, texts = [*names], dict[Any, str]()
        for at in range(0, len(keys), AT_ONCE):
            part = keys[at : at + AT_ONCE]
            self.learn(map(key_text, part))
            texts |= {key: self.text_of(key, names[key]) for key in part}
            if len(self._known.with_key) > MOST_KNOWN:
                g.pop("known_targets")
        return texts

    def _is_enough(self, name: Any) -> bool:
        """Whether a name means one record, as it is typed: no other is called so, or has it for a key."""
        is_plain = isinstance(name, str) and name == " ".join(name.split()) and "\0" not in name
        if not (name and is_plain) or len(name) > LONGEST or name.startswith(QUOTE):
            return False
        return len(self.named(name)) == 1 and self.with_key(name) is None

    def name_of(self, key: Any) -> str | None:
        """The name of the one with this key; None where there is no key."""
        found = None if key is None else self.with_key(key_text(key))
        return self.words(*found) if found else None if key is None else f"no. {key_text(key)}"

    def words_for(self, text: str) -> str:
        """The one whose key is `text`, for people."""
        found = self.with_key(text)
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
        one = self.with_key(key_in_text(text)) or self.with_key(text) or self.with_key(name)
        named = [one] if one else self.named(name)
        if not named:
            raise ValueError(f"No {self.noun} is called “{name}”.")
        if len(named) > 1:
            raise ValueError(f"More than one {self.noun} is called “{name}”. Enter its number.")
        return named[0][0]

    def words(self, key: Any, name: Any) -> str:
        """One of them, for people."""
        return str(name) if name not in (None, BLANK) else f"no. {key_text(key)}"


Wanted = Mapping[Target, Iterable[Any]]
"""Targets, each with the texts that are asked of it."""


def list_first(targets: Iterable[Target], number: int) -> None:
    """Read so many records of each target, by their names, in one statement."""
    new = [each for each in _by_model(targets) if number not in each._known.first]
    ordered = [
        each.visible()
        .add_columns(_place(order_by=(each.title, each.columns.key)))
        .order_by(each.title, each.columns.key)
        .limit(number)
        for each in new
    ]
    for target, rows in zip(new, read_each(db.session, ordered), strict=True):
        known = target._known
        known.first[number] = [row[:2] for row in sorted(rows, key=itemgetter(2))]
        known.with_key.update({key_text(key): (key, name) for key, name in known.first[number]})


def learn(wanted: Wanted) -> None:
    """Read the records with these keys or names, of all targets at once, by three statements."""
    texts = {target: [*dict.fromkeys(its)] for target, its in wanted.items()}
    learn_keys(texts)
    names = {
        target: [found[1] for found in map(target._known.with_key.get, its) if found]
        for target, its in texts.items()
    }
    learn_names({target: [*its, *names[target]] for target, its in texts.items()})
    # A name that is the key of another record does not tell which is meant.
    plain = {
        target: [name for name in its if isinstance(name, str) and "\0" not in name]
        for target, its in names.items()
    }
    learn_keys(plain)


def learn_keys(wanted: Wanted) -> None:
    """Read the records whose keys are among these texts and that were not read before."""
    new = {target: target._unknown_keys(its) for target, its in wanted.items()}
    asked = {t: keys for t, its in new.items() if (keys := [key for key in its.values() if key is not None])}
    rows = read_each(db.session, [target._having(keys) for target, keys in asked.items()])
    found = {target: {row[0]: row for row in its} for target, its in zip(asked, rows, strict=True)}
    for target, its in new.items():
        target._known.with_key.update({text: found.get(target, {}).get(key) for text, key in its.items()})


def learn_names(wanted: Wanted) -> None:
    """Read the first two records of each of these names that was not read before."""
    new = {target: target._unknown_names(its) for target, its in wanted.items()}
    new = {target: names for target, names in new.items() if names}
    read = read_each(db.session, [target._called(names) for target, names in new.items()])
    for (target, names), rows in zip(new.items(), read, strict=True):
        known = target._known.named
        known.update({name: [] for name in names})
        for key, name, _ in sorted(rows, key=itemgetter(2)):
            known.setdefault(name, []).append((key, name))


def _place(**over: Any) -> Any:
    """The place of a row, counted from 1."""
    return type_coerce(func.row_number().over(**over), BigInteger).label("place")


def _by_model(targets: Iterable[Target]) -> Iterable[Target]:
    return {target.model: target for target in targets}.values()
