"""The chain of hashes: each change set is sealed over what it holds and over the seal before it.

Whoever rewrites a change set has to rewrite every seal after it, and cannot know who noted an earlier one.
What a chain cannot show by itself is that its end was cut off: `verify` says which seal is the last, to be
compared with one that was noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, insert, select

from dashboard.database import AnySession, serialise
from dashboard.history.models import Change, ChangeSet, Seal
from dashboard.history.recorded import RECORDED, written

LOCK = "history chain"
START = b""
ROWS_AT_ONCE = 1000
SEALED_OF_SET = tuple(ChangeSet.__table__.columns)
"""What of a change set the seal covers: all of it."""
SEALED_OF_CHANGE = (
    Change.id,
    Change.record_kind,
    Change.record_id,
    Change.action,
    Change.version,
    Change.digest,
)
"""What of a change the seal covers: everything but what may be erased, for which its digest stands."""


@dataclass
class Verdict:
    """What verifying found: how many change sets and changes, how many erased, the last seal, every fault."""

    sets: int = 0
    changes: int = 0
    erased: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)


def digest(salt: bytes, text: str) -> bytes:
    """What stands in the chain for the text of a change, also after the text was erased."""
    return hashlib.sha256(salt + text.encode()).digest()


def seal(session: AnySession, change_set: Row[Any]) -> None:
    """Close a change set, so that it can be told whether anybody touches it later.

    `change_set` is `SEALED_OF_SET` as the database holds it. From here to the end of the transaction, one at
    a time: the order of the seals is that of the commits.
    """
    serialise(session, LOCK)
    connection = session.connection()
    last = connection.execute(select(Seal.hash).order_by(Seal.id.desc()).limit(1)).scalar()
    number, hashed = _hash(session, last or START, change_set)
    values = {"change_set_id": change_set[0], "changes": number, "hash": hashed}
    connection.execute(insert(Seal.__table__).values(values))


def verify(session: AnySession, noted: str | None = None) -> Verdict:
    """Check every seal, every change under it, and that nothing lies outside; a thousand rows in memory.

    `noted` is the ``head`` of an earlier verdict; where it is no longer there, the end was cut off since.
    """
    verdict, previous, heads = Verdict(), START, {noted}
    rows = select(Seal.id, Seal.changes, Seal.hash, *SEALED_OF_SET).join(ChangeSet).order_by(Seal.id)
    for at, changes, hashed, *rest in _read(session, rows):
        number, expected = _hash(session, previous, rest)
        if (number, expected) != (changes, hashed):
            verdict.faults.append(f"change set {rest[0]} is not what was sealed (seal {at})")
        verdict.sets += 1
        verdict.changes += number
        verdict.head = f"{at}:{hashed.hex()}"
        heads.discard(verdict.head)
        previous = hashed
    verdict.faults += [f"the seal {head} that was noted is gone" for head in heads if head]
    verdict.faults += _unsealed(session)
    _verify_texts(session, verdict)
    return verdict


def _hash(session: AnySession, previous: bytes, change_set: Row[Any] | list[Any]) -> tuple[int, bytes]:
    """How many changes a set has, and the hash of the seal before it, of itself and of its changes."""
    hashed, number = hashlib.sha256(previous), 0
    hashed.update(_line(change_set))
    changes = select(*SEALED_OF_CHANGE).where(Change.change_set_id == change_set[0]).order_by(Change.id)
    for change in _read(session, changes):
        hashed.update(_line(change))
        number += 1
    return number, hashed.digest()


def _line(values: Row[Any] | list[Any]) -> bytes:
    plain = [value.hex() if isinstance(value, bytes) else written(value) for value in values]
    return json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def _unsealed(session: AnySession) -> Iterator[str]:
    for key in session.scalars(select(ChangeSet.id).outerjoin(Seal).where(Seal.id.is_(None))):
        yield f"change set {key} was never sealed"


def _verify_texts(session: AnySession, verdict: Verdict) -> None:
    """Compare what changes say with their digests."""
    personal = {kind for kind, declared in RECORDED.items() if declared.personal}
    texts = select(Change.id, Change.record_kind, Change.salt, Change.fields, Change.digest)
    for key, kind, salt, text, kept in _read(session, texts):
        if text is None and kind in personal:
            verdict.erased += 1
        elif text is None or digest(salt or b"", text) != kept:
            verdict.faults.append(f"change {key} does not say what it said")


def _read(session: AnySession, statement: Any) -> Iterator[Any]:
    # Past the ORM, which has nothing to add to values.
    yield from session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
