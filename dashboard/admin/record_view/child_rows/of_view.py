"""The child rows of the records of a `RecordView`: their screens, and their part in the form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from dashboard.admin.kit.forms import RecordForm
from dashboard.admin.kit.screen import Screen
from dashboard.admin.record_view.child_rows.declared import inline_models_of
from dashboard.admin.record_view.child_rows.form import rows_of, with_rows
from dashboard.admin.record_view.child_rows.groups import ChildRows
from dashboard.admin.record_view.child_rows.rows import Children
from dashboard.admin.record_view.child_rows.screens import screen_of_rows
from dashboard.registry import registry


class InlineModels:
    """The ``inline_models`` of a view; `base` is the class of the screens that are made for them."""

    def __init__(self, view: Any, base: type[Any]) -> None:
        self.view, self.base = view, base
        self.entries = inline_models_of(view)
        self.children: Sequence[Children] = ()
        self.made: list[Any] = []

    def screens(self) -> Iterator[Any]:
        """Screens for the child rows whose class is without one; raises ValueError for options of others."""
        for each in self.entries:
            if registry().find(each.model) is None:
                self.made.append(screen_of_rows(each, self.base))
                yield self.made[-1]
            else:
                each.refuse_other_screen()

    def settle(self, screens: Sequence[Screen]) -> None:
        """Find the screens of all classes among `screens`; raises ValueError for one of another sort."""
        of = {each.model: each for each in screens if isinstance(each, self.base)}
        if other := [each.model.__name__ for each in self.entries if each.model not in of]:
            name = type(self.view).__name__
            raise ValueError(f"{name}.inline_models names {other[0]}, which has another screen.")
        found = [(each, of[each.model]) for each in self.entries]
        self.children = _apart([each.children(screen, is_made=screen in self.made) for each, screen in found])

    def rows(self, record: Any) -> ChildRows:
        """The child rows in the form of a record that the current user may change."""
        its = [each for each in self.children if each.may_be_added or each.may_be_touched]
        return rows_of(its, self.view.endpoint, record)

    def complete(self, form: type[RecordForm], record: Any) -> type[RecordForm]:
        """A form of the view with the child rows of one record, or of a new one."""
        return with_rows(form, self.rows(record))

    def texts(self, record: Any) -> dict[str, str]:
        """The texts of the form of a record, with those of its child rows; of a past state without."""
        is_stored = self.entries and isinstance(record, self.view.model)
        return {**self.view.flow.texts(record), **(self.rows(record).stored() if is_stored else {})}


def _apart(children: Sequence[Children]) -> Sequence[Children]:
    """The same with names of their own: two references of one class are told apart."""
    names = [each.name for each in children]
    return [
        replace(each, name=f"{each.name}_{each.reference}") if each.name in names[:place] else each
        for place, each in enumerate(children)
    ]
