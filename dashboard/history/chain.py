"""The chain of hashes: the seal of a change set covers its contents and the previous seal.

Rewriting a change set means to rewrite every seal after it, and does not change a seal that was noted
elsewhere. The chain alone cannot show that its end was cut off, or rewritten with its seals, which need no
secret: `verify` returns the last seal, to be compared with a noted one. Nor does it show a change set that
was added after the noted seal, or seals whose numbers were raised in the same order: the number is part of
the noted seal, and of no hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, insert, or_, select, type_coerce

from dashboard.database.locks import serialise
from dashboard.database.transactions import AnySession
from dashboard.history.erasures import NOTHING, recorded_erasures, sets_with_erased
from dashboard.history.models import WITHOUT_CHANGE, Change, ChangeSet, Seal, stored_key
from dashboard.history.values import written

LOCK = "history chain"
START = b""
ROWS_AT_ONCE = 1000
BYTES_KEPT = 16 * 1024 * 1024
"""Of the changes that a transaction writes, for their seal: some 130,000. Those of a longer one are read."""
SEALED_OF_SET: tuple[Any, ...] = (
    ChangeSet.id,
    ChangeSet.at,
    ChangeSet.author_id,
    ChangeSet.kind,
    ChangeSet.origin,
    ChangeSet.request_id,
    ChangeSet.note,
    ChangeSet.reverts_id,
)
"""The columns of a change set that a seal covers: all but those of its reason."""
LATER_OF_SET: tuple[Any, ...] = (ChangeSet.reason_digest,)
"""Columns that are younger than the first seals, as `LATER_OF_CHANGE`; the digest stands for the reason."""
OF_SET = (*SEALED_OF_SET, *LATER_OF_SET)
AT = SEALED_OF_SET.index(ChangeSet.at)
SEALED_OF_CHANGE = (
    Change.id,
    Change.record_kind,
    Change.record_id,
    Change.action,
    Change.version,
    Change.digest,
)
"""The columns of a change that a seal covers: all but what may be erased, for which its digest stands."""
LATER_OF_CHANGE = (Change.record_key,)
"""Columns that are younger than the first seals. A seal covers them by name where they hold a value, so that
seals from before stay valid, and nobody can give their changes one."""
USUAL = frozenset(
    (int, str, int, str, version, bytes, key) for version in (int, type(None)) for key in (str, type(None))
)
"""The types of these columns."""


class Lines:
    """The changes of a set as its seal covers them, kept while they are written."""

    def __init__(self) -> None:
        self.number, self.text = 0, bytearray()
        self.is_whole = True
        """Whether all of them are here: otherwise they have to be read."""

    def add(self, changes: Iterable[Sequence[Any]]) -> None:
        """Add changes, each as the database has `SEALED_OF_CHANGE` and `LATER_OF_CHANGE`, in their order."""
        if not self.is_whole:
            return
        for change in changes:
            if tuple(map(type, change)) not in USUAL:  # the database has made something else of it
                self.forget()
                return
            self.text += _line_of_change(change)
            self.number += 1
        if len(self.text) > BYTES_KEPT:
            self.forget()

    def forget(self) -> None:
        """Drop those that are here, and keep no others."""
        self.is_whole, self.text = False, bytearray()


@dataclass
class Verdict:
    """The result of verifying: how many change sets, changes and erased ones, the last seal, the faults."""

    sets: int = 0
    changes: int = 0
    erased: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)


def digest(salt: bytes, text: str) -> bytes:
    """The hash that stands for the text of a change in the chain, also after the text was erased."""
    return hashlib.sha256(salt + text.encode()).digest()


def seal(session: AnySession, change_set: Row[Any], lines: Lines | None = None) -> None:
    """Seal a change set, so that later changes to it are found.

    `change_set` is `OF_SET` as the database has it, `lines` what was kept of its changes. One
    transaction at a time can do this until it ends: the order of the seals is that of the commits.
    """
    serialise(session, LOCK)
    connection = session.connection()
    last = connection.execute(select(Seal.hash).order_by(Seal.id.desc()).limit(1)).scalar()
    number, hashed = _hash(session, last or START, change_set, lines)
    values = {"change_set_id": change_set[0], "changes": number, "hash": hashed}
    connection.execute(insert(Seal.__table__).values(values))


def verify(session: AnySession, noted: str | None = None) -> Verdict:
    """Check every seal and its changes, and that nothing is without a seal; a thousand rows in memory.

    `noted` is the ``head`` of an earlier verdict; if it is missing, the end has been cut off since.
    """
    verdict, previous, heads = Verdict(), START, {noted}
    for at, changes, hashed, key, *rest in _read(session, _seals()):
        number, expected = _hash(session, previous, [key, *rest])
        previous = _as_bytes(hashed)
        verdict.faults += _faults_of_set(key, at, number, expected == hashed and number == changes)
        verdict.sets += 1
        verdict.changes += number
        verdict.head = f"{at}:{previous.hex()}"
        heads.discard(verdict.head)
    verdict.faults += [f"the seal {head} that was noted is gone" for head in heads if head]
    verdict.faults += _left_over(session)
    _verify_texts(session, verdict)
    verdict.faults += _faults_of_reasons(session)
    return verdict


def _seals() -> Select[Any]:
    """Every seal with its change set, which may be missing."""
    raw = map(_raw, (Seal.id, Seal.changes, Seal.hash, *OF_SET))
    return select(*raw).select_from(Seal).outerjoin(ChangeSet).order_by(Seal.id)


def _raw(column: Any) -> ColumnElement[Any]:
    """A column as the driver returns it: a manipulated value may not fit the column's type."""
    return type_coerce(column, String)


def _as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""


def _faults_of_set(key: Any, at: Any, number: int, is_whole: bool) -> Iterator[str]:
    if key is None:
        yield f"the change set of the seal {at} is gone"
    elif not is_whole:
        yield f"change set {key} is not what was sealed (seal {at})"
    elif not number:
        yield f"change set {key} holds no changes"


def _hash(
    session: AnySession, previous: bytes, change_set: Row[Any] | list[Any], lines: Lines | None = None
) -> tuple[int, bytes]:
    """The number of changes in a set, and the hash of the previous seal, the set and its changes."""
    hashed, number = hashlib.sha256(previous), 0
    values = [_moment(value) if at == AT else value for at, value in enumerate(change_set)]
    hashed.update(_line(_with_later(values, SEALED_OF_SET, LATER_OF_SET)))
    if lines is not None and lines.is_whole:
        hashed.update(lines.text)
        return lines.number, hashed.digest()
    changes = select(*map(_raw, (*SEALED_OF_CHANGE, *LATER_OF_CHANGE)))
    changes = changes.where(Change.change_set_id == change_set[0]).order_by(Change.id)
    for change in _read(session, changes):
        hashed.update(_line_of_change(change))
        number += 1
    return number, hashed.digest()


def _line_of_change(change: Sequence[Any]) -> bytes:
    """The line that `_line` makes, in a fifth of the time where the values have the usual types."""
    kinds = tuple(map(type, change))
    if kinds not in USUAL:
        return _line(_with_later(change, SEALED_OF_CHANGE, LATER_OF_CHANGE))
    key, kind, number, action, version, hashed, text = change
    kind, action = encode_basestring_ascii(kind), encode_basestring_ascii(action)
    version = "null" if version is None else version
    later = "" if text is None else f',"{LATER_OF_CHANGE[0].key}",{encode_basestring_ascii(text)}'
    return f'[{key},{kind},{number},{action},{version},"{hashed.hex()}"{later}]\n'.encode()


def _with_later(row: Sequence[Any], columns: Sequence[Any], younger: Sequence[Any]) -> list[Any]:
    """The values of `columns`, and those of `younger` ones by name where they hold one."""
    values, later = row[: len(columns)], row[len(columns) :]
    named = ((column.key, value) for column, value in zip(younger, later, strict=True))
    return [*values, *(part for name, value in named if value is not None for part in (name, value))]


def _moment(value: Any) -> Any:
    """A moment as it was sealed; SQLite stores it as text, without its zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    try:
        return datetime.fromisoformat(f"{value}+00:00")
    except ValueError:
        return value


def _line(values: Sequence[Any]) -> bytes:
    plain = [value.hex() if isinstance(value, bytes) else written(value) for value in values]
    return json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def _left_over(session: AnySession) -> Iterator[str]:
    for key in session.scalars(select(ChangeSet.id).outerjoin(Seal).where(Seal.id.is_(None))):
        yield f"change set {key} was never sealed"
    for key in session.scalars(select(Change.id).outerjoin(ChangeSet).where(ChangeSet.id.is_(None))):
        yield f"the change set of change {key} is gone"


def _verify_texts(session: AnySession, verdict: Verdict) -> None:
    """Compare the texts of changes with their digests, and blank ones with the recorded erasures."""
    erasures = recorded_erasures(session)
    columns = (Change.id, Change.record_kind, Change.record_id, Change.record_key, Change.action)
    texts = select(*map(_raw, (*columns, Change.salt, Change.fields, Change.digest, Seal.id)))
    sealed = texts.select_from(Change).outerjoin(Seal, Seal.change_set_id == Change.change_set_id)
    for key, kind, number, text_key, action, salt, text, hashed, at in _read(session, sealed):
        is_erased = at is not None and at < erasures.get((kind, stored_key(number, text_key)), 0)
        if text is None and salt is None and is_erased and action not in WITHOUT_CHANGE:
            verdict.erased += 1
        elif fault := _fault_of_text(salt, text, hashed, is_erased):
            verdict.faults.append(f"change {key} {fault}")


def _faults_of_reasons(session: AnySession) -> Iterator[str]:
    """Compare reasons with their digests, and blank ones with the recorded erasures."""
    columns = (ChangeSet.id, ChangeSet.reason, ChangeSet.reason_salt, ChangeSet.reason_digest)
    has_any = or_(*(column.is_not(None) for column in columns[1:]))
    rows = session.connection().execute(select(*map(_raw, columns)).where(has_any).order_by(ChangeSet.id))
    erasable = sets_with_erased(session)
    for key, text, salt, hashed in rows:
        is_blank = text is None and salt is None and key in erasable
        is_whole = isinstance(text, str) and isinstance(salt, bytes) and digest(salt, text) == hashed
        if not (is_blank or is_whole):
            yield f"the reason of change set {key} does not say what it said"


def _fault_of_text(salt: Any, text: Any, hashed: Any, is_erased: bool) -> str | None:
    if text is None and salt is None:
        return "is blank, and the history tells of no erasure of it"
    if not (isinstance(text, str) and isinstance(salt, bytes) and digest(salt, text) == hashed):
        return "does not say what it said"
    return "says again what was erased" if is_erased and text != NOTHING else None


def _read(session: AnySession, statement: Any) -> Iterator[Any]:
    # Past the ORM, which adds nothing to plain values.
    yield from session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
