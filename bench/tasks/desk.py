"""A desk for one task: a console with the sample catalogue, and a browser in which an editor is logged in."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import ColumnElement, event, select
from sqlalchemy.orm import Session

from bench.tasks.person import Person
from dashboard.app import create_app
from dashboard.catalogue.models import Product
from dashboard.catalogue.sample import load_sample
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.worker import start_threads
from dashboard.testing.accounts import a_session, an_account, email_of, session_cookie, storage_state
from dashboard.testing.harness.served import Served
from dashboard.testing.sqlite import wait_for_no_disk

START = "/admin/products/"
"""The page on which every task begins, which is where logging in leads."""
SCREENS: dict[bool, dict[str, Any]] = {
    False: {"viewport": {"width": 1440, "height": 900}},
    True: {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
PATIENCE_MS = 20_000


class WrongEndError(Exception):
    """A task did not do what it is for."""


@dataclass
class Desk:
    """A served console and a browser; `person` is who sits there after `begin`."""

    served: Served
    browser: Browser
    cookie: str
    person: Person | None = None

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session to arrange or to check a task; it is committed at the end."""
        with self.served.app.app_context():
            begin_write(db.session)
            yield db.session
            db.session.commit()

    def products(self, *where: ColumnElement[bool]) -> Sequence[Product]:
        """The products as they are now, in the order of their list, newest first."""
        with self.database() as session:
            newest_first = (Product.created_at.desc(), Product.id.desc())
            rows = session.scalars(select(Product).where(*where).order_by(*newest_first)).all()
            session.expunge_all()
            return rows

    def begin(self, on_phone: bool = False) -> tuple[Person, Page]:
        """Sit down before the list of products: nothing is counted before that."""
        state = storage_state(self.cookie)
        context = self.browser.new_context(
            base_url=self.served.url, storage_state=state, reduced_motion="reduce", **SCREENS[on_phone]
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(START)
        self.person = Person(page)
        return self.person, page

    def expect(self, found: object, wanted: object) -> None:
        """Check the end of a task; raises WrongEndError where it is another."""
        if found != wanted:
            raise WrongEndError(f"found {found!r} instead of {wanted!r}")
        if self.served.faults:
            raise WrongEndError(f"the server failed: {self.served.faults}")


@contextmanager
def desk(folder: Path, browser: Browser) -> Iterator[Desk]:
    """A desk whose console has a new database in `folder`, with a worker beside it for imports."""
    expect.set_options(timeout=PATIENCE_MS)
    url = f"sqlite:///{folder / 'console.sqlite3'}"
    served = Served(create_app(Settings(secret_key=secrets.token_hex(32), database_url=url, instance=folder)))
    served.app.extensions["settings"] = replace(served.app.extensions["settings"], listens_at=served.url)
    ends = Event()
    upgrade(url)
    with served.app.app_context():
        event.listen(db.engine, "connect", wait_for_no_disk)
        an_account("owner", email=email_of("owner"))  # the first one is the owner's
        token = a_session(an_account("editor", email=email_of("editor")), address="127.0.0.1")
        load_sample()
        db.session.commit()
        cookie = session_cookie({"_user_id": token})
    threads = start_threads(served.app, ends, 1)
    try:
        yield Desk(served, browser, cookie)
    finally:
        for context in browser.contexts:
            context.close()
        ends.set()
        for thread in threads:
            thread.join()
        served.stop()
        with served.app.app_context():
            db.engine.dispose()
