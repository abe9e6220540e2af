"""A list of texts as a table of a statement, the same statement however many there are."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, Text, column, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias


def text_list(texts: Collection[str], name: str) -> TableValuedAlias:
    """The `texts` as rows of a table called `name`, in its column ``value``."""
    return table_of(literal(json.dumps([*texts]), Text), name)


def table_of(listed: ColumnElement[Any], name: str) -> TableValuedAlias:
    """The texts in `listed`, a JSON list, as rows of a table called `name`, in its column ``value``."""
    return _TextList(listed).table_valued(column("value", String)).alias(name)


class _TextList(FunctionElement[Any]):
    """The texts in a JSON list, each as a row."""

    name = "text_list"
    inherit_cache = True


@compiles(_TextList)
def _compile_elsewhere(element: _TextList, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSONB))"


@compiles(_TextList, "sqlite")
def _compile_sqlite(element: _TextList, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"
