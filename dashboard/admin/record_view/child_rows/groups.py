"""The child rows that a form shows or that were sent with it, read once for a request."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode

from flask import abort, request

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.record_view import writing
from dashboard.admin.record_view.child_rows.repeated import added_before
from dashboard.admin.record_view.child_rows.rows import NEW, Children, ChildRow
from dashboard.admin.record_view.child_rows.written import write_rows
from dashboard.admin.record_view.relations.reference import ReferenceField
from dashboard.admin.record_view.relations.targets import Target, learn
from dashboard.admin.record_view.relations.together import may_be_called
from dashboard.bounds import CHILD_FIELDS, CHILD_ROWS, NEW_CHILD_ROWS
from dashboard.number_form import number_words
from dashboard.web.forms import YOURS_PREFIX, sent_fields

BLANK_ROWS = NEW_CHILD_ROWS - CHILD_ROWS
PAGE = "rows"
"""The parameter of an address that says which rows the form shows, a page of them at a time."""
LAST_PAGE = 100_000


@dataclass(frozen=True)
class RowGroup:
    """The rows of one class that a form shows; ``total`` counts all that the record has, if that is known."""

    children: Children
    rows: Sequence[ChildRow]
    number: int = 1
    total: int | None = None

    @property
    def label(self) -> str:
        """The heading, and which rows of how many the form shows."""
        shown = [row for row in self.rows if not row.is_new]
        if self.total is None or len(shown) == self.total:
            return self.children.label
        first = (self.number - 1) * size_of(self.children) + 1
        ends = number_words(first), number_words(first + len(shown) - 1)
        return f"{self.children.label} ({' to '.join(ends)} of {number_words(self.total)})"

    @property
    def singular(self) -> str:
        """The noun for one row."""
        return str(self.children.view.singular)

    @property
    def pages(self) -> list[tuple[str, str]]:
        """The links to the pages before and after, each with its words."""
        if self.total is None:
            return []
        size, last = size_of(self.children), -(-self.total // size_of(self.children))
        found = [("Previous", self.number - 1), ("Next", self.number + 1)]
        return [(f"{words} {size}", self._address(number)) for words, number in found if 1 <= number <= last]

    def _address(self, number: int) -> str:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != PAGE]
        return f"?{urlencode([*pairs, (PAGE, str(number))])}"


def size_of(children: Children) -> int:
    """How many rows a form shows at once: fewer of those with many fields."""
    fields = max(len(children.names), len(children.new_names)) + 1
    return max(1, min(CHILD_ROWS, CHILD_FIELDS // fields))


class ChildRows:
    """The child rows in the form of a record, read once for a request."""

    def __init__(self, children: Sequence[Children], record: Any) -> None:
        self.record, self.sent = record, sent_fields()
        self.groups = [self._group(each) for each in children]
        for group in self.groups:
            self._learn(group)

    def _learn(self, group: RowGroup) -> None:
        """Read the records that the rows refer to at once; each field of each row would ask for its own."""
        texts = defaultdict[type[Any], list[str]](list)
        for row in group.rows:
            for name in row.names:
                field = writing.blank(row.form_with(name))[name]
                if isinstance(field, ReferenceField):
                    stored = field.written(getattr(row.record, name)) if row.record is not None else None
                    texts[field.target.model] += [self.sent.get(row.name_of(name), ""), stored or ""]
        learn({Target(model): filter(may_be_called, its) for model, its in texts.items()})

    @property
    def rows(self) -> list[ChildRow]:
        """The rows of all classes."""
        return [row for group in self.groups for row in group.rows]

    def _group(self, children: Children) -> RowGroup:
        marks = self._sent_marks(children)
        if marks:
            return RowGroup(children, [*self._sent_rows(children, marks), *_blank(children, marks)])
        if self.record is None or not children.may_be_touched:
            return RowGroup(children, _blank(children))
        total, size = children.count(self.record), size_of(children)
        number = max(1, min(page_number(), -(-total // size)))
        found = children.page(self.record, number, size)
        return RowGroup(children, [*self._stored(children, found), *_blank(children)], number, total)

    def _stored(self, children: Children, found: Sequence[Any]) -> Iterator[ChildRow]:
        for record in found:
            row = ChildRow(children, mark_of(children.view.record.key_of(record)), record)
            if row.has_fields:
                yield row

    def _sent_marks(self, children: Children) -> list[str]:
        """The mark of each row that was sent, in the order of the form; answers 400 beyond the bound."""
        form = re.compile(rf"(?:{YOURS_PREFIX})?{re.escape(children.name)}-(.+)-[^-]+")
        found = dict.fromkeys(match[1] for name in self.sent if (match := form.fullmatch(name)))
        new = [mark for mark in found if is_new_mark(mark)]
        old = [mark for mark in found if is_old_mark(mark)]
        if len(old) > size_of(children) or any(int(mark) > NEW_CHILD_ROWS for mark in new):
            # No form of the console has so many.
            abort(400, f"The form has too many {children.label.lower()}.")
        return [*old, *new]

    def _sent_rows(self, children: Children, marks: Sequence[str]) -> Iterator[ChildRow]:
        texts = {mark: unquote(mark) for mark in marks if not mark.startswith(NEW)}
        there = {} if self.record is None else children.with_keys(self.record, [*texts.values()])
        for mark in marks:
            row = ChildRow(children, mark, there.get(texts.get(mark, "")))
            if row.has_fields:
                yield row

    def stored(self) -> dict[str, str]:
        """The texts of all their fields as they are stored; without those of rows that are gone."""
        return {name: text for row in self.rows if not row.is_gone for name, text in row.stored().items()}

    def write(self, form: RecordForm, parent: Any) -> None:
        """Write what was typed: what is removed first, so that its values are free; raises Refusal."""
        repeated = self.repeated(form)
        write_rows([row for row in self.rows if row not in repeated], form, parent)

    def repeated(self, form: RecordForm) -> Collection[ChildRow]:
        """The new rows that the form of a stored record added when it was sent before."""
        new = [row for row in self.rows if row.is_new and not row.is_left_out(form)]
        if self.record is None or not new:
            return ()
        return added_before(new, form, self.record, form.read_state(self.record).texts or {})


def _blank(children: Children, sent: Sequence[str] = ()) -> list[ChildRow]:
    """Blank rows after those that were sent, as long as the form may have more."""
    numbers = [int(mark.removeprefix(NEW)) for mark in sent if mark.startswith(NEW)]
    more = BLANK_ROWS if children.may_be_added and len(numbers) < CHILD_ROWS else 0
    first = max(numbers, default=0) + 1
    return [ChildRow(children, f"{NEW}{number}") for number in range(first, first + more)]


def is_new_mark(mark: str) -> bool:
    """Whether this identifies a new row, as the form spells its number."""
    return bool(re.fullmatch(r"\+[1-9][0-9]{0,5}", mark))


def is_old_mark(mark: str) -> bool:
    """Whether this identifies a stored row, as the form spells its key: another spelling is no second row."""
    return not mark.startswith(NEW) and mark_of(unquote(mark)) == mark


def mark_of(key: object) -> str:
    """The mark of a stored row by its key."""
    return quote(str(key), safe="")


def page_number() -> int:
    """The page of child rows that the address asks for, by default the first."""
    text = request.args.get(PAGE, "")
    return min(int(text), LAST_PAGE) if re.fullmatch(r"[0-9]{1,6}", text) else 1
