"""SQLAdmin's import, which creates records only and has no check apart."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any, ClassVar

from sqladmin import Admin, ModelView
from sqlalchemy import create_engine
from sqlalchemy.exc import SAWarning
from starlette.applications import Starlette

from bench.imports import files, steps
from bench.imports.steps import Figures
from bench.memory import forget_peak, megabytes
from bench.peers.posting import post
from bench.peers.tables import Product

COLUMNS: list[Any] = [getattr(Product, name) for name in (*files.COLUMNS, files.CATEGORY_ID)]


class ProductAdmin(ModelView, model=Product):
    """Products with the columns of the file, without a limit of its size."""

    can_import = True
    max_import_file_size = 10**9
    import_max_rows = 0
    column_import_list: ClassVar[list[Any]] = COLUMNS
    form_columns: ClassVar[list[Any]] = COLUMNS


def measure(database_url: str, rows: int, folder: Path) -> Figures:
    """Measure the import over empty tables."""
    warnings.filterwarnings("ignore", "Dialect sqlite.*Decimal", SAWarning)
    application, found = Starlette(), Figures(rows)
    Admin(application, create_engine(database_url)).add_view(ProductAdmin)
    given = files.write(folder / "sqladmin.csv", rows, numbered=True)
    forget_peak()
    with found.timed(steps.IMPORT):
        text = post(application, "/admin/product/import", {}, ("csvfile", given))
    result = json.loads(text.splitlines()[-1])
    if result.get("imported") != rows:
        raise RuntimeError(f"SQLAdmin did not import the file: {str(result)[:500]}")
    found.megabytes = megabytes()["peak"]
    return found
