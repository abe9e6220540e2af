"""Sixteen users edit fifty records at once: every change reported as saved is stored."""

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Action, Change
from dashboard.testing.catalogue import products
from unit.admin.reading import record_form
from unit.conftest import ClientAs
from unit.history.replaying import replayed, stored

EDITORS, RECORDS = 16, 50
SECONDS = float(os.environ.get("EDITING_SECONDS", "4"))  # 20 and more to be thorough
SAVED, CONFLICT, BUSY = 303, 409, 503


def count_up(client: FlaskClient, keys: list[int], seed: int, until: float) -> dict[int, int]:
    """Add one to the stock of records by the form; returns how often each was reported as saved."""
    chance, saved = Random(seed), dict.fromkeys(keys, 0)
    while monotonic() < until:
        key = chance.choice(keys)
        address = f"/admin/products/edit/?id={key}"
        page = client.get(address)
        if page.status_code == BUSY:
            continue
        form = record_form(page.text)
        answer = client.post(address, data={**form, "stock": str(int(form["stock"]) + 1)})
        assert answer.status_code in (SAVED, CONFLICT, BUSY), answer.status_code
        saved[key] += answer.status_code == SAVED
    return saved


@pytest.mark.both_databases
def test_ledger_shows_that_no_change_was_lost(app: Flask, client_as: ClientAs) -> None:
    with app.app_context():
        keys = [row.id for row in products(RECORDS, stock=0)]
        db.session.commit()
    clients = [client_as("editor") for _ in range(EDITORS)]
    until = monotonic() + SECONDS
    with ThreadPoolExecutor(EDITORS) as pool:
        counts = list(pool.map(lambda n: count_up(clients[n], keys, n, until), range(EDITORS)))
    said = {key: sum(count[key] for count in counts) for key in keys}
    with app.app_context():
        assert {row.id: row.stock for row in db.session.scalars(select(Product))} == said
        recorded = select(Change.record_id, func.count()).where(
            Change.record_kind == "products", Change.action == Action.CHANGE
        )
        found = dict(db.session.execute(recorded.group_by(Change.record_id)).all())
        assert {**dict.fromkeys(keys, 0), **found} == said
        assert sum(said.values()) > EDITORS
        assert replayed() == stored()
        assert verify(db.session).faults == []
