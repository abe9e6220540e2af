"""A console that was in use goes on after an upgrade: links, views, log-ins and the history are as they were.

The dumps were filled through the console's own pages of their revision: the sample catalogue, renamed,
trashed and purged products, a saved view, three accounts of which one was deleted and erased, an export of
people, and live sessions. That of 0014 also holds what later rules refuse: SKUs that differ in case,
categories that look alike, an invisible name, names with invisible signs inside, and a password in decomposed
Unicode. That of 0016 has a fuller trash (by several people of whom one left, by a command, of a category
that is gone, a later twin, prices and texts at their bounds, a SKU that is taken) and a draft. That of 0017
was deleted from, edited and erased in by both releases.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import URL

from dashboard.accounts import drafts
from dashboard.app import create_app
from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.config import Settings
from dashboard.database.migrating import MIGRATIONS, upgrade
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.values import written
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.search.keys import sort_key
from dashboard.testing.answers import is_redirect
from dashboard.testing.postgresql import run
from dashboard.trash.models import Trashed
from dashboard.trash.sweeping import sweep
from unit.admin.reading import record_form, row_titles
from unit.conftest import SetClock, Submit
from unit.consoles import prepared

HERE = Path(__file__).parent
REVISIONS = ("0011", "0014", "0016", "0017")


@dataclass(frozen=True)
class Upgraded:
    """An upgraded console, and what is known of the database it came from."""

    app: Flask
    known: dict[str, Any]

    def browser(self) -> FlaskClient:
        """The browser in which the owner was logged in before."""
        client = self.app.test_client()
        client.set_cookie("session", self.known["owner_cookie"])
        return client


def load_sqlite(revision: str, folder: Path, _request: pytest.FixtureRequest) -> str:
    file = folder / "old.sqlite3"
    file.write_bytes(gzip.decompress(HERE.joinpath(f"{revision}.sqlite3.gz").read_bytes()))
    return f"sqlite:///{file}"


def load_postgresql(revision: str, folder: Path, request: pytest.FixtureRequest) -> str:
    server: URL = request.getfixturevalue("postgres_server")
    name = f"upgraded_{folder.name}".replace("-", "_").lower()[:60]
    run(server, f'CREATE DATABASE "{name}"')
    request.addfinalizer(lambda: run(server, f'DROP DATABASE "{name}" WITH (FORCE)'))
    url = server.set(database=name)
    statements = gzip.decompress(HERE.joinpath(f"{revision}.sql.gz").read_bytes()).decode()
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statements)  # type: ignore[arg-type]  # a dump is no literal
    return url.render_as_string(hide_password=False)


LOADS = {"sqlite": load_sqlite, "postgresql": load_postgresql}


@pytest.fixture(params=LOADS)
def database(request: pytest.FixtureRequest) -> str:
    """Each of the databases."""
    return str(request.param)


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    """Each revision of which there is a dump."""
    return str(request.param)


@pytest.fixture
def upgraded(
    revision: str, database: str, request: pytest.FixtureRequest, tmp_path: Path, set_clock: SetClock
) -> Iterator[Upgraded]:
    """A console over a dump, an hour after it was left."""
    known = json.loads(HERE.joinpath(f"{revision}.json").read_text(encoding="utf-8"))[database]
    url = LOADS[database](revision, tmp_path, request)
    upgrade(url)
    set_clock(datetime.fromisoformat(known["moment"]) + timedelta(hours=1))
    app = prepared(create_app(Settings(secret_key=known["secret_key"], database_url=url, instance=tmp_path)))
    yield Upgraded(app, known)
    with app.app_context():
        db.engine.dispose()


def assert_whole(upgraded: Upgraded) -> None:
    with upgraded.app.app_context():
        verdict = verify(db.session, upgraded.known["head"])
        assert verdict.faults == []
        assert verdict.erased == upgraded.known["erased"]


def test_whoever_was_logged_in_still_is(upgraded: Upgraded) -> None:
    assert upgraded.browser().get("/profile").status_code == 200
    with upgraded.app.test_client() as other:
        with other.session_transaction() as session:
            session["_user_id"] = upgraded.known["editor_token"]
        assert "editor@example.test" in other.get("/profile").text


def test_links_to_records_lead_where_they_led(upgraded: Upgraded) -> None:
    browser, known = upgraded.browser(), upgraded.known
    assert "Éclair Lamp, renamed" in browser.get(f"/admin/products/details/?id={known['renamed']}").text
    assert browser.get(f"/admin/trash/details/?id={known['trashed']}").status_code == 200
    assert browser.get(f"/admin/products/details/?id={known['purged']}").status_code == 404
    assert "Éclair Lamp, renamed" in browser.get("/admin/products/?q=eclair").text


def test_a_saved_view_shows_its_list(upgraded: Upgraded) -> None:
    page = upgraded.browser().get(f"/admin/products/?view={upgraded.known['view']}&status=active&sort=price")
    assert "Cheapest active" in page.text
    assert len(row_titles(page.text)) == 25


def test_names_of_before_are_in_order_and_found(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    names = row_titles(browser.get("/admin/products/?sort=name&size=100").text)
    assert names == sorted(names, key=sort_key)
    assert len(names) == 100
    for path in ("trash/?sort=name", "categories/?sort=name", "users/?sort=email"):
        titles = row_titles(browser.get(f"/admin/{path}").text)
        assert titles == sorted(titles, key=sort_key)
        for title in titles:
            found = browser.get(f"/admin/{path}&{urlencode({'q': title.upper()})}").text
            assert title in row_titles(found)


def test_the_history_is_whole_and_stays_so(upgraded: Upgraded, submit: Submit) -> None:
    assert_whole(upgraded)
    browser, known = upgraded.browser(), upgraded.known
    address = f"/admin/products/edit/?id={known['renamed']}"
    form = {**record_form(browser.get(address).text).to_dict(), "name": "Renamed again"}
    assert is_redirect(submit(browser, address, **form))
    restore = f"/admin/trash/restore/?id={known['trashed']}"
    question = record_form(browser.get(restore).text).to_dict()
    assert is_redirect(submit(browser, restore, **question))
    assert browser.get(f"/admin/products/details/?id={known['trashed']}").status_code == 200
    assert_whole(upgraded)
    assert "Renamed again" in browser.get(f"/admin/products/history/?id={known['renamed']}").text


only_0014 = pytest.mark.parametrize("revision", ["0014"], indirect=True)


@only_0014
@pytest.mark.parametrize("which", ["twin_skus", "joined", "soft"])
def test_what_new_rules_refuse_can_still_be_edited(upgraded: Upgraded, submit: Submit, which: str) -> None:
    browser, keys = upgraded.browser(), upgraded.known[which]
    for key in keys if isinstance(keys, list) else [keys]:
        address = f"/admin/products/edit/?id={key}"
        form = {**record_form(browser.get(address).text).to_dict(), "price": "7.25"}
        assert is_redirect(submit(browser, address, **form))
        assert "7.25" in browser.get(f"/admin/products/details/?id={key}").text
    assert_whole(upgraded)


only_0016 = pytest.mark.parametrize("revision", ["0016"], indirect=True)


@only_0016
def test_the_trash_of_before_is_whole_and_its_links_lead_there(upgraded: Upgraded) -> None:
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
def test_the_trash_of_before_is_restored_to_the_letter(upgraded: Upgraded) -> None:
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
            row = db.session.get_one(Product, key)
            after = {name: written(value) for name, value in registry()["products"].values(row).items()}
            assert {**after, "price": str(row.price), "version": row.version} == before
        for key in taken:
            with pytest.raises(Refusal, match="Another product now has this SKU"):
                restore_products([key])
            db.session.rollback()
    assert_whole(upgraded)


@only_0016
def test_the_trash_of_before_expires_as_it_would_have(upgraded: Upgraded, set_clock: SetClock) -> None:
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


def test_the_trash_goes_there_and_back_between_versions(
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
def test_a_new_row_of_the_trash_gets_a_new_number(upgraded: Upgraded) -> None:
    with upgraded.app.app_context():
        last = max(map(int, upgraded.known["in_trash"]))
        trash_products([10])
        db.session.commit()
        assert db.session.scalars(select(Trashed.id).where(Trashed.record_key == "10")).one() > last


@only_0016
def test_a_draft_of_before_fills_in_its_form(upgraded: Upgraded) -> None:
    known = upgraded.known
    form = f"/admin/products/edit/?id={known['renamed']}&{drafts.PARAMETER}={known['draft']}"
    assert "Typed before the upgrade" in upgraded.browser().get(form).text


@pytest.mark.parametrize("revision", ["0017"], indirect=True)
def test_product_deleted_before_the_upgrade_is_restored(upgraded: Upgraded, submit: Submit) -> None:
    browser, key = upgraded.browser(), upgraded.known["trashed_by_0017"]
    link = browser.get(f"/admin/products/details/?id={key}").location.replace("details", "restore")
    assert is_redirect(submit(browser, link, **record_form(browser.get(link).text).to_dict()))
    assert browser.get(f"/admin/products/details/?id={key}").status_code == 200
    assert_whole(upgraded)


@only_0014
def test_categories_that_look_alike_stay(upgraded: Upgraded) -> None:
    browser = upgraded.browser()
    for key in upgraded.known["twin_categories"]:
        assert browser.get(f"/admin/categories/details/?id={key}").status_code == 200
    titles = row_titles(browser.get("/admin/categories/?size=100").text)
    alike = [title for title in titles if "rden" in title and title != "Garden"]
    assert len(alike) == len(upgraded.known["twin_categories"])


@only_0014
def test_a_password_hashed_in_decomposed_unicode_logs_in(upgraded: Upgraded, submit: Submit) -> None:
    browser = upgraded.app.test_client()
    password = upgraded.known["decomposed_password"]
    assert is_redirect(submit(browser, "/login", email="decomposed@example.test", password=password))
    assert "decomposed@example.test" in browser.get("/profile").text


def test_a_view_of_before_is_renamed(upgraded: Upgraded, submit: Submit) -> None:
    browser = upgraded.browser()
    address = f"/admin/products/views/edit/?id={upgraded.known['view']}"
    form = {**record_form(browser.get(address).text).to_dict(), "name": "Cheap"}
    assert is_redirect(submit(browser, address, **form))
    assert "Cheap" in browser.get("/admin/products/").text
