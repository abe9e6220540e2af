"""Exports in words: how many records a file has, its format and columns, and which filters it followed."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from dashboard.admin.kit.screens import screens_of
from dashboard.history.exports import read_file
from dashboard.history.models import Change
from dashboard.listing.state import Listing, read_query
from dashboard.registry import registry
from dashboard.web.addresses import read_pairs
from dashboard.words import counted

NO_FILTER, SELECTED = "None", "Selected records"
SORT = "sort"


def file_words(change: Change) -> str:
    """The records in an exported file, such as ``3 products``."""
    record, file = registry()[change.record_kind], read_file(change)
    return counted(file.number, record.singular) if file else str(record.name).lower()


def file_facts(change: Change) -> Iterator[tuple[str, str]]:
    """The format, the columns and the filters of an exported file, by their labels."""
    file = read_file(change)
    if file is not None:
        yield "Format", file.format
        yield "Columns", ", ".join(file.columns)
        yield "Filter", SELECTED if file.is_selection else _filter_words(change.record_kind, file.query)


def _filter_words(kind: str, query: str) -> str:
    """The search and the filters of a list in words, as far as the current user may read them."""
    listing = next((each.listing for each in screens_of(current_app) if each.kind == kind), None)
    return "; ".join(f"{label}: {value}" for label, value in _filters(listing, query)) or NO_FILTER


def _filters(listing: Listing | None, query: str) -> Iterator[tuple[str, str]]:
    if listing is None:
        yield from read_pairs(query)
        return
    state = read_query(listing, query)
    if state.query:
        yield "Search", state.query
    labels = {facet.name: facet.label for facet in listing.facets}
    yield from ((labels[name], words) for name, words in state.filter_words())
    told = {*read_pairs(state.query_string)}
    for name, value in read_pairs(query):
        if name != SORT and (name, value) not in told:  # an option that is gone, or that is not shown to them
            yield name, value
