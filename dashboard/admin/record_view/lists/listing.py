"""The list of a mapped class: its columns, filters, search, order and file, from Flask-Admin's attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dashboard.admin.kit.links import linked
from dashboard.admin.kit.pictures import file_column
from dashboard.admin.record_view.columns import (
    cut_text,
    is_choices,
    is_orderable,
    mapped_columns,
    plain_as,
    shown_as,
)
from dashboard.admin.record_view.lists.formatting import in_line, plain_of
from dashboard.admin.record_view.lists.list_filters import ListFilters
from dashboard.admin.record_view.lists.looks import with_tones
from dashboard.admin.record_view.lists.path_columns import PathSearch
from dashboard.admin.record_view.lists.sorting import Orders
from dashboard.admin.record_view.lists.source import ListSource
from dashboard.admin.record_view.relations.paths import is_dotted, path_of
from dashboard.admin.record_view.relations.related import collection_of
from dashboard.database.keys import key_text
from dashboard.files.lists import is_file_list
from dashboard.listing.codes import codes_of
from dashboard.listing.columns import CellValue, Column, Kind
from dashboard.listing.state import Listing
from dashboard.registry import kind_of
from dashboard.search.index import SearchIndex
from dashboard.search.kind_search import search_of


def listing_of(source: ListSource) -> Listing:
    """The list of a mapped class."""
    title = source.columns.title
    key = source.columns.key
    orders = Orders(source.columns, source.orders, source.formatters.view)
    first, *others = [
        orders.sorted(column)
        for column in (
            _own_column(source, source.names[0]),
            *(_column(source, name) for name in source.names[1:]),
        )
    ]
    named = replace(
        first,
        sql=(*first.sql, key),
        show=lambda value, key: in_line(first.show(value)) or f"no. {key_text(key)}",
        show_all=_named_by(first) if first.show_all else None,
        shown=True,
    )
    filters = ListFilters(source)
    return Listing(
        key=key,
        title=title,
        sort=source.sorted_by,
        is_ranked=True,
        search=_search(source),
        codes=codes_of([source.columns.all[name] for name in source.searched if name in source.columns.all]),
        columns=tuple(with_tones(source.formatters.view, (named, *others))),
        counted_above=filters.counted_above,
        facets=filters.facets,
        further=filters.further,
        counted=filters.counted,
        joins=(*_joins(source), *orders.joins),
        export=tuple(_exported(source, name) for name in source.exported),
        scope=source.scope,
        size=source.size,
        sizes=source.sizes,
    )


def _named_by(first: Column) -> Callable[..., list[CellValue]]:
    """The cells of the first column, which name the record and are links to it."""

    def named(*values: Sequence[Any]) -> list[CellValue]:
        cells = map(in_line, first.cells(*values[:-1]))
        return [cell or f"no. {key_text(key)}" for cell, key in zip(cells, values[-1], strict=True)]

    return named


def _joins(source: ListSource) -> Sequence[Any]:
    references = source.columns.references
    relationships = {name: getattr(source.columns.model, references[name].key) for name in source.entities}
    return [relationships[name].of_type(entity) for name, entity in source.entities.items()]


def _column(source: ListSource, name: str) -> Column:
    """A column; the name of another record leads to it."""
    column = _own_column(source, name)
    if name not in source.columns.references or name in source.formatters.by_name:
        return column
    model = source.columns.references[name].mapper.class_
    if name not in source.entities:
        return replace(column, show=lambda key: linked(column.show(key), model, key))
    key = getattr(source.entities[name], mapped_columns(model).key.key)
    return replace(column, sql=(*column.sql, key), show=partial(_named, column.show, model))


def _named(show: Callable[..., CellValue], model: type[Any], value: Any, key: Any) -> CellValue:
    return None if key is None else linked(show(value) or f"no. {key_text(key)}", model, key)


def _own_column(source: ListSource, name: str) -> Column:
    if name in source.formatters.by_name:
        return _formatted(source, name)
    if source.columns.leads_to_others(name):
        its = collection_of(source.columns, name)
        return its.column(source.label(name), shown=name not in source.hidden)
    if name in source.along.paths:
        choices, shown = source.choices.get(name, {}), name not in source.hidden
        return source.along.column(
            name, source.label(name), formatters=source.formatters, choices=choices, shown=shown
        )
    read = source.read(name)
    if is_file_list(read.type):
        files = file_column(name, source.label(name), read, kind_of(source.columns.model))
        return replace(files, shown=name not in source.hidden)
    kind, show = shown_as(read.type)
    if labels := source.choices.get(name):
        kind, show = Kind.TEXT, lambda value: labels.get(value, cut_text(value))
    elif read is source.columns.all[name] and _is_number_of_something(source, name):
        kind, show = Kind.TEXT, cut_text
    show = show if name in source.entities else source.formatters.around(name, show)
    sortable = source.sortable(name) and is_orderable(read.type)
    shown = name not in source.hidden
    is_choice = bool(labels) or is_choices(read.type)
    return Column(name, source.label(name), (read,), kind, show, sortable, shown=shown, is_choice=is_choice)


def _formatted(source: ListSource, name: str) -> Column:
    """A column that a function of the view shows: it gets the record itself."""
    key, is_column = source.columns.key, name in source.columns.all
    read = source.read(name) if is_column else key
    kind = shown_as(read.type)[0] if is_column else Kind.TEXT

    def show_all(_values: Sequence[Any], keys: Sequence[Any]) -> list[CellValue]:
        records = source.objects.of(keys)
        return [source.formatters.of_record(record, name) for record in records]

    return Column(
        name,
        source.label(name),
        (read, key),
        Kind.DAY if kind in (Kind.DATE, Kind.CLOCK) else kind,  # the function may write no moment
        show=lambda *_: None,
        sortable=is_column and source.sortable(name) and is_orderable(read.type),
        shown=name not in source.hidden,
        show_all=show_all,
    )


def _is_number_of_something(source: ListSource, name: str) -> bool:
    """Whether an integer names something, so that no comma stands in it: a key, or a reference."""
    column = source.columns.column(name)
    return bool(column.primary_key or column.foreign_keys)


def _exported(source: ListSource, name: str) -> Column:
    formatters, label = source.export_formatters, source.label(name)
    if name in formatters.by_name:

        def plain_all(keys: Sequence[Any]) -> list[Any]:
            return [formatters.of_record(record, name, plain_of) for record in source.objects.of(keys)]

        return Column(name, label, (source.columns.key,), plain_all=plain_all)
    if source.columns.leads_to_others(name):
        return collection_of(source.columns, name).exported(label)
    if name in source.along.paths:
        return source.along.exported(name, label, formatters)
    read = source.read(name)
    plain = plain_as(read.type)
    if formatters.by_type and name not in source.entities:
        plain = formatters.around_plain(name, plain)
    return Column(name, label, (read,), plain=plain)


def _search(source: ListSource) -> SearchIndex:
    columns = source.columns
    own = tuple(columns.all[name] for name in source.searched if not is_dotted(columns, name))
    found = (path_of(columns.model, name) for name in source.searched if is_dotted(columns, name))
    paths = tuple(path.to_title for path in found if path is not None)
    return PathSearch(own, paths) if paths else search_of(columns.model, columns.key, own)
