"""Rows that are inserted with the numbers that they had, where the database alone gives numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert
from sqlalchemy.ext.compiler import compiles

VALUES = ") VALUES ("
OVERRIDING = ") OVERRIDING SYSTEM VALUE VALUES ("


class NumberedInsert(Insert):
    """An ``INSERT`` that writes columns ``GENERATED ALWAYS AS IDENTITY``, which SQLite does not have."""

    inherit_cache = True


@compiles(NumberedInsert, "postgresql")
def _compile(element: NumberedInsert, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_insert(element, **options)).replace(VALUES, OVERRIDING, 1)
