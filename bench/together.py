"""`python -m bench.together`: changes of very many products at once, and taking them back; prints seconds."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from flask import Flask
from sqlalchemy import select

from bench.databases import opened
from bench.ours import fill
from dashboard.app import create_app
from dashboard.catalogue.flows import edit_products, set_status
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.trash import trash_products
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import ChangeSet
from dashboard.history.revert import Part, revert
from dashboard.registry import Values

SLICE = 1000
Step = tuple[str, Callable[[], object]]


def in_slices(change: Callable[[Sequence[int]], int]) -> int:
    """Change all products, as a bulk action does, and return how many there are."""
    done, last = 0, 0
    following = select(Product.id).order_by(Product.id).limit(SLICE)
    while keys := db.session.scalars(following.where(Product.id > last)).all():
        done, last = done + change(keys), keys[-1]
    return done


def reprice(row: Values) -> Values:
    """A price and a stock of its own for each product."""
    return {"price": row["price"] + Decimal(1), "stock": row["stock"] + row["id"] % 7 + 1}


def rename(row: Values) -> Values:
    """Another name, which the search has to learn."""
    return {"name": f"{row['name']} Mark {row['id'] % 9}"}


def undo() -> int:
    """Take the last change set back."""
    newest = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()
    return revert(db.session, Part(newest), untouched=True)


STEPS: Sequence[Step] = (
    ("one status for all", lambda: in_slices(lambda keys: set_status(keys, ProductStatus.ARCHIVED))),
    ("undoing it", undo),
    ("new price and stock for each", lambda: in_slices(lambda keys: edit_products(keys, reprice))),
    ("undoing it", undo),
    ("new name for each", lambda: in_slices(lambda keys: edit_products(keys, rename))),
    ("undoing it", undo),
    ("moving all to the trash", lambda: in_slices(trash_products)),
    ("undoing it", undo),
)


def measure(database_url: str, count: int, instance: Path) -> Iterator[tuple[str, float]]:
    """Each step with the seconds that it takes in one transaction, over `count` new products.

    Raises RuntimeError where the history is not whole afterwards.
    """
    fill(database_url, count)
    app = create_app(Settings(secret_key=secrets.token_hex(32), database_url=database_url, instance=instance))
    for name, step in STEPS:
        yield name, _seconds(app, step)
    with app.app_context():
        if faults := verify(db.session).faults:
            raise RuntimeError(f"the history is not whole: {faults[0]}")
        db.engine.dispose()


def _seconds(app: Flask, step: Callable[[], object]) -> float:
    with app.app_context():
        begun = perf_counter()
        begin_write(db.session)
        step()
        db.session.commit()
        return perf_counter() - begun


def main() -> None:
    """Measure on each database and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.together", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="products in the catalogue")
    databases = ["sqlite", "postgresql"]
    parser.add_argument("--databases", nargs="+", default=databases, choices=databases)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        for kind in options.databases:
            with opened(kind, Path(folder)) as made:
                print(f"\n{made.version()}, {options.rows:,} products", flush=True)
                for name, seconds in measure(made.url("bench_together"), options.rows, Path(folder) / kind):
                    print(f"{seconds:8.2f} s  {name}", flush=True)


if __name__ == "__main__":
    main()
