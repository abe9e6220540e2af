"""Users of a console in use start where they did before an upgrade, without first steps."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from dashboard.accounts.flows import change_password
from dashboard.accounts.models import User
from dashboard.database.migrating import MIGRATIONS
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD
from unit.conftest import Submit
from unit.upgrades.old_consoles import Upgraded, assert_whole

A_USER = (
    "INSERT INTO users (email, name, password_hash, role, active, created_at, updated_at, version,"
    " email_key, name_key, search_text)"
    " VALUES ('owner@example.test', '', '', 'owner', 1, '2026-01-01', '2026-01-01', 1, '', '', '')"
)


def test_upgraded_users_start_at_the_list_of_products(upgraded: Upgraded, submit: Submit) -> None:
    browser = upgraded.browser()
    assert browser.get("/").location == "/admin/products/"
    with upgraded.app.app_context():
        owner = db.session.scalars(select(User).where(User.email == "owner@example.test")).one()
        change_password(owner, PASSWORD, keep_session=None)
        db.session.commit()
    another = upgraded.app.test_client()
    sent = submit(another, "/login", email="owner@example.test", password=PASSWORD)
    assert sent.location == "/admin/products/"
    assert_whole(upgraded)


def test_upgraded_console_in_use_has_no_first_steps(upgraded: Upgraded) -> None:
    assert "First steps" not in upgraded.browser().get("/admin/").text
    with upgraded.app.app_context():
        assert {*db.session.scalars(select(User.hides_first_steps))} == {True}


@pytest.mark.parametrize("is_in_use", [False, True])
def test_only_an_upgraded_console_in_use_hides_the_first_steps(tmp_path: Path, is_in_use: bool) -> None:
    file, config = tmp_path / "old.sqlite3", Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = f"sqlite:///{file}"
    command.upgrade(config, "0034")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(A_USER)
        if is_in_use:
            connection.execute(
                "INSERT INTO change_sets (id, at, kind, origin, request_id, note)"
                " VALUES (1, '2026-01-01', 'create', 'form', '', '')"
            )
            connection.execute(
                "INSERT INTO changes (change_set_id, record_kind, record_id, action, fields, salt, digest)"
                " VALUES (1, 'own_suppliers', 1, 'create', '{}', x'00', x'00')"
            )
        connection.commit()
    command.upgrade(config, "0035")
    with closing(sqlite3.connect(file)) as connection:
        [found] = connection.execute("SELECT start, hides_first_steps FROM users").fetchall()
    assert found == ("", is_in_use)
    command.downgrade(config, "0034")
    command.upgrade(config, "0035")
