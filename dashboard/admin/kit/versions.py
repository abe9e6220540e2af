"""The states of records as pages carry them: signed, so that no request can forge one.

A record whose table has a version is compared by it, and the history has the texts of that version. Any other
is compared by the texts that its form showed, so that changes by other programs are found as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self
from urllib.parse import quote

from flask import abort
from itsdangerous import BadSignature

from dashboard.database.keys import Key
from dashboard.registry import registry
from dashboard.web.signing import serializer, signer

FORM, PAGE = "version of a record", "versions of a page"
"""The salts of the state in a form, and of the states of all rows of a list."""
LONG = 200
"""Characters from which a text is carried as a digest: enough to tell whether it was changed."""
DIGEST = "\0sha256:"
"""The beginning of a digest; no text of a form has it."""
SHORT_DIGEST = 8


@dataclass(frozen=True)
class State:
    """A record at a moment: by its version, or by the texts of its form and the number of its last change."""

    at: int
    texts: Mapping[str, str] | None = None

    def differs(self, now: State) -> bool:
        """Whether the record was changed between this state and that of `now`."""
        if self.texts is None or now.texts is None:
            return self.at != now.at
        return any(now.texts.get(name, text) != text for name, text in self.texts.items())

    def only(self, name: str) -> State:
        """This state with the text of one field."""
        if self.texts is None:
            return self
        return State(self.at, {name: self.texts[name]} if name in self.texts else {})

    def opened(self, name: str, *now: str) -> str | None:
        """The text of a field; of a long one only where one of the texts of `now` is still the same."""
        text = (self.texts or {}).get(name)
        if text is None or not text.startswith(DIGEST):
            return text
        return next((each for each in now if carried_text(each) == text), None)

    def dump(self) -> Any:
        """The state as JSON."""
        return self.at if self.texts is None else [self.at, dict(self.texts)]

    @classmethod
    def load(cls, stored: Any) -> Self:
        """The state that `dump` wrote."""
        return cls(stored) if isinstance(stored, int) else cls(stored[0], stored[1])


def carried_text(text: str) -> str:
    """A text as a form carries it."""
    return text if len(text) <= LONG else DIGEST + sha256(text.encode()).hexdigest()[: SHORT_DIGEST * 4]


def sign(salt: str, record: Any, what: Any) -> str:
    """Sign a value about `record` for its form to carry."""
    return serializer(salt).dumps([*_identity(record), what])


def read_signed(salt: str, record: Any, text: str) -> Any:
    """The value that `sign` was given; answers 400 where `text` is forged or about another record."""
    try:
        kind, key, what = serializer(salt).loads(text)
    except (BadSignature, ValueError):
        abort(400, "The form is incomplete. Open the record again.")
    if [kind, key] != _identity(record):
        abort(400, "The form belongs to another record. Open the record again.")
    return what


def _identity(record: Any) -> list[Any]:
    return [type(record).__name__, registry().of(type(record)).key_of(record)]


def short_digest(text: str) -> str:
    """A few signs that tell whether a text is another one now."""
    return sha256(text.encode()).hexdigest()[:SHORT_DIGEST]


def sign_rows(endpoint: str, rows: Iterable[tuple[Key, str]]) -> str:
    """The states of the rows of a list, each after its key, with one signature for all: that adds little."""
    states = [f"{quote(str(key), safe='')}:{state}" for key, state in rows]
    return signer(PAGE).sign(" ".join([endpoint, *states])).decode()


def read_row(endpoint: str, key: Key, text: str) -> str:
    """The state of one row from the text of `sign_rows`; answers 400 where that does not have it."""
    try:
        signed, *shown = signer(PAGE).unsign(text).decode().split(" ")
    except (BadSignature, UnicodeDecodeError):
        abort(400, "The list is incomplete. Reload it.")
    states = dict(state.split(":") for state in shown)
    wanted = quote(str(key), safe="")
    if signed != endpoint or wanted not in states:
        abort(400, "This record is not in the list. Reload the list.")
    return states[wanted]
