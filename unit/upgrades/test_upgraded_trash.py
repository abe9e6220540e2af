"""The trash of a console in use is unchanged by an upgrade: its rows, links and expiry."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.database.migrating import MIGRATIONS
from dashboard.extensions import db
from dashboard.history.values import written
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.testing.answers import is_redirect
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import sweep
from unit.admin.reading import record_form
from unit.conftest import SetClock, Submit
from unit.upgrades.old_consoles import LOADS, Upgraded, assert_whole, only_0016, only_0017


@only_0016
def test_old_trash_is_complete_and_its_links_work(upgraded: Upgraded) -> None:
    with upgraded.app.app_context():
        found = {
            row.record_key: (row.id, row.deleted_at.isoformat(), row.deleted_by_id, row.change_set_id)
            for row in db.session.scalars(select(Trashed))
        }
    assert found == {
        key: (int(key), row["deleted_at"], row["deleted_by_id"], row["change_set_id"])
        for key, row in upgraded.known["in_trash"].items()
    }
    browser = upgraded.browser()
    for key in upgraded.known["in_trash"]:
        link = browser.get(f"/admin/products/details/?id={key}").location
        assert upgraded.known["before"][key]["name"] in unescape(browser.get(link).text)


@only_0016
def test_old_trash_is_restored_unchanged(upgraded: Upgraded) -> None:
    known = upgraded.known
    taken = [known["keys"][name] for name in ("twin", "alike")]
    free = [int(key) for key in known["in_trash"] if int(key) not in taken]
    with upgraded.app.app_context():
        assert restore_products(free) == len(free)
        db.session.commit()
        for key in free:
            before = dict(known["before"][str(key)])
            before["version"] += 1
            before["category_id"] = known["in_trash"][str(key)]["category_id"]
            before["photos"] = None  # which products did not have then
            row = db.session.get_one(Product, key)
            after = {name: written(value) for name, value in registry()["products"].values(row).items()}
            assert {**after, "price": str(row.price), "version": row.version} == before
        for key in taken:
            with pytest.raises(Refusal, match="Another product now has this SKU"):
                restore_products([key])
            db.session.rollback()
    assert_whole(upgraded)


@only_0016
def test_old_trash_expires_when_it_would_have(upgraded: Upgraded, set_clock: SetClock) -> None:
    set_clock(timedelta(days=10, hours=-1))  # an hour went by before
    old = [key for key, row in upgraded.known["in_trash"].items() if "11-08" in row["deleted_at"]]
    with upgraded.app.app_context():
        assert sweep(30) == len(old) == 3
        left = {*db.session.scalars(select(Trashed.record_key))}
    assert left == {*upgraded.known["in_trash"]} - {*old}
    assert_whole(upgraded)


def trashed_products(url: str) -> list[tuple[Any, ...]]:
    """Every row of the trash of 0016, as the database has it."""
    names = (
        "id, sku, name, description, price, currency, stock, status, category_id, created_at, version,"
        " search_text, name_key, sku_key, deleted_at, deleted_by_id, change_set_id"
    )
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT {names} FROM trashed_products ORDER BY id"))
            return [tuple(row) for row in rows]
    finally:
        engine.dispose()


def test_upgrade_and_downgrade_leave_the_trash_unchanged(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = LOADS[database]("0016", tmp_path, request)
    before = trashed_products(url)
    assert len(before) == 7
    more = (
        "INSERT INTO trashed_products SELECT {key}, sku, name, description, price, currency, stock, status,"
        " category_id, created_at, version, search_text, deleted_at, deleted_by_id, change_set_id, name_key,"
        " sku_key FROM trashed_products WHERE id = 201"
    )
    engine = create_engine(url)
    with engine.begin() as connection:  # more than are moved at once
        for key in range(1_000, 5_100):
            connection.execute(text(more.format(key=key)))
    engine.dispose()
    filled = trashed_products(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    for _ in range(2):
        command.upgrade(config, "0017")
        command.downgrade(config, "0016")
        assert trashed_products(url) == filled
    assert len(filled) == len(before) + 4_100


@only_0016
def test_new_row_of_the_trash_gets_a_new_id(upgraded: Upgraded) -> None:
    with upgraded.app.app_context():
        last = max(map(int, upgraded.known["in_trash"]))
        trash_products([10])
        db.session.commit()
        assert db.session.scalars(select(Trashed.id).where(Trashed.record_key == "10")).one() > last


@only_0017
def test_product_deleted_before_the_upgrade_is_restored(upgraded: Upgraded, submit: Submit) -> None:
    browser, key = upgraded.browser(), upgraded.known["trashed_by_0017"]
    link = browser.get(f"/admin/products/details/?id={key}").location.replace("details", "restore")
    assert is_redirect(submit(browser, link, **record_form(browser.get(link).text).to_dict()))
    assert browser.get(f"/admin/products/details/?id={key}").status_code == 200
    assert_whole(upgraded)
