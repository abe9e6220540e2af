"""Permanent deletion from the trash, by owners and by age."""

from datetime import timedelta

import pytest
from flask import Flask

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import sweep
from unit.admin.ledger import diffs, whats
from unit.admin.reading import field_errors, flashes, read, row_titles
from unit.admin.trashing import TRASH, names
from unit.conftest import ClientAs, MakeApp, SetClock, Submit


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_only_owners_delete_permanently(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int, role: str
) -> None:
    client = client_as(role)
    assert submit(client, f"{TRASH}purge/", id=trashed, typed="Oak Lamp").status_code == 403
    assert names(app, Trashed) == ["Oak Lamp"]
    assert "Delete permanently" not in client.get(f"{TRASH}details/?id={trashed}").text


def test_owner_deletes_permanently(app: Flask, client_as: ClientAs, submit: Submit, trashed: int) -> None:
    owner = client_as("owner")
    assert "Delete permanently" in owner.get(f"{TRASH}details/?id={trashed}").text
    submit(owner, f"{TRASH}purge/", id=trashed, typed=" Oak  Lamp ")
    assert flashes(owner.get(TRASH).text) == [("success", "Product “Oak Lamp” permanently deleted.")]
    assert (names(app, Trashed), names(app, Product)) == ([], [])


def test_history_names_permanently_deleted_records(
    client_as: ClientAs, submit: Submit, trashed: int, trashed_product: int
) -> None:
    owner = client_as("owner")
    submit(owner, f"{TRASH}purge/", id=trashed, typed="Oak Lamp")
    assert whats(owner)[0] == "Permanently deleted product “Oak Lamp”"
    timeline = read(owner.get(f"/admin/products/history/?id={trashed_product}").text)
    assert timeline.all("h1")[0].text == "History of product “Oak Lamp”"
    assert timeline.all("h2")[0].text == "Permanently deleted"
    assert diffs(timeline)[0] == ("Name", "Oak Lamp")


def test_history_names_records_purged_by_the_sweep(
    app: Flask, client_as: ClientAs, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    with app.app_context():
        sweep(30)
    assert whats(client_as("viewer"))[0] == "Permanently deleted product “Oak Lamp”"


@pytest.mark.parametrize("typed", ["", "oak lamp", "Oak Lamp 2", "Oak", "Lamp", "Oak Lam", "Lamp Oak"])
def test_wrong_name_deletes_nothing_and_stays_in_the_field(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int, typed: str
) -> None:
    answer = submit(client_as("owner"), f"{TRASH}purge/", id=trashed, typed=typed)
    assert field_errors(answer.text) == {"typed": "The name doesn't match."}
    assert f'value="{typed}"' in answer.text
    assert names(app, Trashed) == ["Oak Lamp"]


def test_without_a_name_nothing_is_deleted(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int
) -> None:
    assert "Type “Oak Lamp” to confirm" in submit(client_as("owner"), f"{TRASH}purge/", id=trashed).text
    assert names(app, Trashed) == ["Oak Lamp"]


def test_expired_records_are_not_shown_or_restored(
    client_as: ClientAs, submit: Submit, trashed: int, trashed_product: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    editor = client_as("editor")
    assert row_titles(editor.get(TRASH).text) == []
    assert submit(editor, f"{TRASH}restore/", id=trashed).status_code == 404
    assert editor.get(f"/admin/products/details/?id={trashed_product}").status_code == 404


def test_actions_of_users_do_not_sweep_the_trash(
    app: Flask, client_as: ClientAs, submit: Submit, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=31))
    with app.app_context():
        key = a_product("Elm Chair").id
        db.session.commit()
    editor = client_as("editor")
    submit(editor, "/admin/products/delete/", id=key)
    assert names(app, Trashed) == ["Oak Lamp", "Elm Chair"]
    assert row_titles(editor.get(TRASH).text) == ["Elm Chair"]


def test_unlimited_trash_restores_records_of_any_age(
    make_app: MakeApp, log_in: object, trashed: int, set_clock: SetClock
) -> None:
    set_clock(timedelta(days=4000))
    client = make_app(trash_days=0).test_client()
    log_in(client, "editor")  # type: ignore[operator]
    assert row_titles(client.get(TRASH).text) == ["Oak Lamp"]
