"""The filter of a list by another record: the first of them are offered, any other is taken by its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from dashboard.admin.record_view.columns import Attribute
from dashboard.admin.record_view.relations.targets import Target
from dashboard.database.keys import key_text
from dashboard.listing.emptiness import with_emptiness
from dashboard.listing.filters import Choices, FacetView, FilterValue, OneOf, Option

FEW_OPTIONS = 50
"""Records that the filter offers; the page of any other links to the list with it."""
MOST_ASKED = 50
"""Records that one address can ask for beside those that are offered."""


@dataclass(frozen=True)
class ByReference(OneOf):
    """Refers to one of: offers the first records by their names, if ``is_offered``, else those asked for."""

    target: Target
    is_offered: bool = True

    @property
    def is_counted(self) -> bool:
        """Whether the options are shown, each of which is a value of the column."""
        return self.is_offered

    def read(self, args: MultiDict[str, str]) -> FilterValue:
        """Keep the records that the current user may see, also those beyond the first."""
        asked = [text for text in dict.fromkeys(args.getlist(self.name)) if text.strip()]
        if not asked:
            return FilterValue()
        offered = self.options()
        known = {option.text for option in offered}
        beyond = [text for text in asked if text not in known][:MOST_ASKED]
        options = [*offered, *self._options(self.target.with_keys(beyond))]
        return Choices.read(replace(self, options=lambda: options), args)

    def view(self, filter_value: FilterValue, counts: Mapping[Any, int] | None = None) -> FacetView:
        """Show the options; one that is not offered shows those that were asked for."""
        if self.is_offered or filter_value.pairs:
            return super().view(filter_value, counts)
        error = filter_value.errors.get(self.name)
        return FacetView(self.name, self.label, "choices", multiple=True, error=error)

    def _options(self, found: Any) -> list[Option]:
        return [Option(key_text(key), self.target.words(key, name), key) for key, name in found]


def by_reference(
    name: str, label: str, column: Attribute, target: Target, *, is_offered: bool, may_be_blank: bool
) -> ByReference:
    """The filter by the records of `target` that `column` refers to; rows `may_be_blank`."""

    def options() -> list[Option]:
        found = target.first(FEW_OPTIONS) if is_offered else ()
        options = [Option(key_text(key), target.words(key, name), key) for key, name in found]
        return with_none(options, may_be_blank)

    return ByReference(name, label, options, column, target, is_offered)


def ask_together(facets: Iterable[Any]) -> None:
    """Let the filters of a list read the records that they offer by one statement."""
    inner = (getattr(each, "inner", each) for each in facets)
    targets = [each.target for each in inner if isinstance(each, ByReference) and each.is_offered]
    for target in targets:
        target.beside = targets


def with_none(options: list[Option], may_be_blank: bool) -> list[Option]:
    """The options, and those for rows without a value and with any, where there may be some."""
    return with_emptiness(options) if may_be_blank else options
