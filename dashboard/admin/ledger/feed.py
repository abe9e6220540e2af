"""The newest changes by people, in sentences: who changed what, of which record, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from dashboard.accounts.people import Person
from dashboard.admin.ledger.change_display import FieldDiff, Line, read_lines
from dashboard.admin.ledger.change_summary import ChangeSummary, summaries
from dashboard.admin.ledger.deeds import deed_of
from dashboard.admin.ledger.field_filter import labels_of
from dashboard.admin.ledger.history_list import SYSTEM
from dashboard.admin.ledger.history_rows import shortly
from dashboard.admin.ledger.newest_sets import Batch, newest_batches
from dashboard.history.models import Action, Change, ChangeKind, Origin
from dashboard.registry import registry
from dashboard.words import counted, listed, plural

SHOWN = 8
"""The sentences of the home."""
MOST_LABELS = 3
"""The fields that a sentence names; it counts more than these."""
VERBS = {
    ChangeKind.CREATE: "created",
    ChangeKind.DELETE: "deleted",
    ChangeKind.EDIT: "edited",
    ChangeKind.ERASE: "erased the history of",
    ChangeKind.IMPORT: "imported",
    ChangeKind.PURGE: "permanently deleted",
    ChangeKind.RESTORE: "restored",
    ChangeKind.REVERT: "reverted",
    ChangeKind.UNDO: "undid changes of",
}
OF_FIELDS = {
    ChangeKind.EDIT: "changed {} of",
    ChangeKind.REVERT: "set back {} of",
    ChangeKind.UNDO: "undid a change of {} of",
}
"""Verbs for kinds of changes whose fields are named."""


REGISTERED = "Registered:"


@dataclass(frozen=True)
class Told:
    """A sentence: who, the verb, what, and where it leads; ``diff`` is the only field that was changed.

    ``url`` is the record or None, ``change_url`` the change in the history, or the list of several changes.
    ``times`` counts several changes of one record, or ends the sentence.
    """

    who: Person | str
    verb: str
    what: str
    url: str | None
    change_url: str
    at: datetime
    times: str = ""
    diff: FieldDiff | None = None
    reason: str = ""


def newest_changes(most: int = SHOWN) -> list[Told]:
    """The newest changes that the current user may see, as sentences, in at most six statements."""
    batches = newest_batches(most)
    found = summaries([batch.newest.id for batch in batches])
    its = [(batch, found[batch.newest.id]) for batch in batches if batch.newest.id in found]
    single = [summary.first for batch, summary in its if _is_of_one(batch, summary)]
    lines = {line.change.id: line for line in read_lines(single)} if single else {}
    labels = labels_of([summary.id for batch, summary in its if len(batch.sets) == 1 < summary.changes])
    return [
        _of_one(batch, summary, lines[summary.first.id])
        if summary.first.id in lines
        else _of_many(batch, summary, labels.get(summary.id, ()))
        for batch, summary in its
    ]


def _is_of_one(batch: Batch, summary: ChangeSummary) -> bool:
    """Whether all of a batch is about one record, which is named."""
    is_of_one = len(batch.records) == 1 and all(each.changes == 1 for each in batch.sets)
    return is_of_one and not summary.first.is_of_kind


def _of_one(batch: Batch, summary: ChangeSummary, line: Line) -> Told:
    change_set, times = summary.change_set, len(batch.sets)
    if times > 1:
        url, words = _list_of(batch, line.change), f"{times} times"
        return Told(summary.who, VERBS[change_set.kind], line.record, line.url, url, change_set.at, words)
    if (deed := _deed(summary)) is not None:
        verb, after = deed
        url, reason = _page_of(summary), change_set.reason or ""
        return Told(summary.who, verb, line.record, line.url, url, change_set.at, after, reason=reason)
    fields = line.fields if line.change.action is Action.CHANGE and change_set.kind in OF_FIELDS else ()
    shown = shortly(fields)[0] if len(fields) == 1 else ()
    return Told(
        *_beginning(summary, [field.label for field in fields]),
        line.record,
        line.url,
        _page_of(summary),
        change_set.at,
        diff=shown[0] if shown else None,
        reason=change_set.reason or "",
    )


def _of_many(batch: Batch, summary: ChangeSummary, labels: Sequence[str]) -> Told:
    at = summary.change_set.at
    if len(batch.sets) > 1:
        return Told(*_beginning(summary), _records_of(batch), None, _list_of(batch), at)
    (who, verb), after = _beginning(summary, labels), ""
    # A bulk action does the same to all of its records, so that the first one tells.
    is_alike = summary.change_set.origin is Origin.BULK and len(labels) <= 1
    if is_alike and (deed := _deed(summary)) is not None:
        verb, after = deed
    reason = summary.change_set.reason or ""
    return Told(who, verb, summary.records, None, _page_of(summary), at, after, reason=reason)


def _deed(summary: ChangeSummary) -> tuple[str, str] | None:
    """The verb of an edit that has its own, and the words after its records."""
    return deed_of(summary.first) if summary.change_set.kind is ChangeKind.EDIT else None


def _beginning(summary: ChangeSummary, labels: Sequence[str] = ()) -> tuple[Person | str, str]:
    """Who, and the verb; people who registered have done so themselves."""
    its = summary.change_set
    if its.author_id is None and its.kind is ChangeKind.CREATE and its.origin is not Origin.COMMAND:
        return "", REGISTERED
    return summary.who, _verb(its.kind, labels)


def _verb(kind: ChangeKind, labels: Sequence[str]) -> str:
    """The verb of a kind of change, with the changed fields, unless these are many."""
    if not labels or len(labels) > MOST_LABELS or kind not in OF_FIELDS:
        return VERBS[kind]
    return OF_FIELDS[kind].format(f"the {listed([_in_sentence(label) for label in labels])}")


def _in_sentence(label: str) -> str:
    """A label within a sentence: ``price``, but ``SKU``."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _records_of(batch: Batch) -> str:
    """The records of several change sets, with their number where it is known."""
    number = batch.number if batch.is_of_job else len(batch.records)
    noun = registry()[batch.newest.record_kind].singular
    if number is None:
        return plural(noun)
    return counted(number, noun) if batch.is_whole else f"over {counted(number, noun)}"


def _page_of(summary: ChangeSummary) -> str:
    return url_for("history.details_view", id=summary.id)


def _list_of(batch: Batch, change: Change | None = None) -> str:
    """The list of changes like these, of the record of `change` where it is given."""
    newest = batch.newest
    record = f"{change.record_kind}:{change.key}" if change else None
    return url_for(
        "history.index_view",
        record=record,
        kind=newest.kind.value,
        of=None if record else newest.record_kind,
        person=SYSTEM.text if newest.author_id is None else newest.author_id,
        origin=newest.origin.value if newest.author_id is None else None,
    )
