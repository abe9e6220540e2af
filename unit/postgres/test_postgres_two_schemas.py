"""The console and another program in one database, each with a schema of its own."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.consoles import SECRET_KEY, prepared
from unit.postgres.server import read, run
from unit.record_view.conftest import logged_in, plugin


class Base(DeclarativeBase):
    """The tables of another program."""


class Mailer(Base):
    """A user of the other program, in a table that is called like one of the console's."""

    __tablename__ = "users"
    __table_args__ = {"schema": "public"}  # noqa: RUF012

    user_id: Mapped[int] = mapped_column(
        primary_key=True, server_default=text("nextval('users_seq'::text)"), autoincrement=False
    )
    name: Mapped[str]


@pytest.mark.postgresql
def test_default_that_names_no_schema_is_found_beside_the_console(fresh: URL, tmp_path: Path) -> None:
    run(
        fresh,
        "CREATE SCHEMA console",
        "CREATE SEQUENCE users_seq",
        "CREATE TABLE users (user_id int DEFAULT nextval('users_seq'::text) PRIMARY KEY, name text NOT NULL)",
    )
    address = fresh.render_as_string(hide_password=False)
    address += f"{'&' if fresh.query else '?'}options=-csearch_path%3Dconsole"
    upgrade(address)
    settings = Settings(secret_key=SECRET_KEY, database_url=f"{address}%2Cpublic", instance=tmp_path)
    app = prepared(create_app(settings, plugins=[plugin(lambda: RecordView(Mailer, endpoint="mailers"))]))
    try:
        editor = logged_in(app, "editor")
        form = record_form(editor.get("/admin/mailers/new/").text)
        assert is_redirect(editor.post("/admin/mailers/new/", data={**form, "name": "Ann"}))
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    assert read(fresh, "SELECT user_id || name FROM public.users") == {"1Ann"}
    assert read(fresh, "SELECT email FROM console.users") == {"editor@example.test"}
