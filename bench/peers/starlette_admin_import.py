"""starlette-admin's import, which finds the records to change by their number."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import create_engine
from sqlalchemy.exc import SAWarning
from starlette.applications import Starlette
from starlette_admin import IntegerField
from starlette_admin.contrib.sqla import Admin, ModelView
from starlette_admin.importers import ImportConfig

from bench.imports import files, steps
from bench.imports.steps import Figures
from bench.memory import forget_peak, megabytes
from bench.peers.posting import cookies, post
from bench.peers.tables import Product

ADDRESS = "/admin/_api/product/import"
COOKIE = "starlette_admin_csrftoken"
UPSERT = {"format": "csv", "update_existing": "1"}


class ProductView(ModelView):
    """Products with the columns of the file."""

    fields: ClassVar[list[Any]] = ["id", *files.COLUMNS, IntegerField(files.CATEGORY_ID)]


def measure(database_url: str, rows: int, folder: Path) -> Figures:
    """Measure the import over empty tables, then the import of changes."""
    warnings.filterwarnings("ignore", "Dialect sqlite.*Decimal", SAWarning)
    application, found = Starlette(), Figures(rows)
    limits = ImportConfig(max_upload_size=10**9, max_rows=None)
    admin = Admin(
        create_engine(database_url),
        import_config=limits,
        secret_key="starlette-admin",
        templates_dir=str(folder),  # else it would find our templates in the current folder
    )
    admin.add_view(ProductView(Product))
    admin.mount_to(application)
    given = files.write(folder / "starlette.csv", rows, numbered=True)
    changed = files.write(folder / "starlette-changed.csv", rows, numbered=True, changed=True)
    token = cookies(application, "/admin/product/list")[COOKIE]
    headers = {"Cookie": f"{COOKIE}={token}", "X-CSRFToken": token}
    forget_peak()
    for step, address, path in (
        (steps.CHECK, f"{ADDRESS}?preview=1", given),
        (steps.IMPORT, ADDRESS, given),
        (steps.CHECK_CHANGES, f"{ADDRESS}?preview=1", changed),
        (steps.CHANGES, ADDRESS, changed),
    ):
        with found.timed(step):
            text = post(application, address, UPSERT, ("file", path), headers)
        _expect(json.loads(text), step, rows)
    found.megabytes = megabytes()["peak"]
    return found


def _expect(result: dict[str, Any], step: str, rows: int) -> None:
    names = {steps.CHECK: "rows_new", steps.IMPORT: "rows_created"}
    if result["has_errors"] or result[names.get(step, "rows_updated")] != rows:
        raise RuntimeError(f"starlette-admin did not {step} the file: {str(result)[:500]}")
