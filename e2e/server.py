"""The console under test: the real application over a database that is restored before each test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from dashboard import clock
from dashboard.accounts import passwords
from dashboard.accounts.models import User, UserSession
from dashboard.app import create_app
from dashboard.catalogue.sample import load_sample
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.recording import PAST_LEDGER
from dashboard.testing.accounts import PASSWORD as PASSWORD  # the suite's pages log in with it
from dashboard.testing.accounts import a_session, an_account, email_of, session_cookie, storage_state
from dashboard.testing.harness.served import Served
from dashboard.testing.passwords import CHEAP_HASHER
from dashboard.testing.sqlite import wait_for_no_disk
from e2e.databases import Database, SqliteFile

ROLES = ("viewer", "editor", "admin", "owner")
DEACTIVATED = "deactivated@example.test"
SECRET_KEY = "3f9c1b7d5e2a4860"
SEEDED, EMPTY = "seeded", "empty"


class Console(Served):
    """One served console and its database, a SQLite file unless ``store`` is another.

    `settings` replace those of a development installation.
    """

    def __init__(self, folder: Path, store: Database | None = None, **settings: Any) -> None:
        # Hashing is not under test, and a real hash takes 25 ms a login.
        passwords.hasher = CHEAP_HASHER
        self.store = store or SqliteFile(folder)
        defaults = {"secret_key": SECRET_KEY, "database_url": self.store.url, "instance": folder}
        super().__init__(create_app(Settings(**{**defaults, **settings})))
        # Which port the console has is known only now.
        self.app.extensions["settings"] = replace(self.app.extensions["settings"], listens_at=self.url)
        with self.app.app_context():
            event.listen(db.engine, "connect", wait_for_no_disk)
        self.cookies: dict[str, str] = {}
        self._seed()

    def stop(self) -> None:
        """Stop serving and disconnect from the database."""
        super().stop()
        self._disconnect()
        self.store.close()

    def reset(self, snapshot: str = SEEDED) -> None:
        """Restore the database under the running engine, once no request is open."""
        self.wait_until_idle()
        self.faults.clear()
        self._disconnect()
        self.store.restore(snapshot)
        # The sessions of the snapshot grow older than a proof counts while the suite runs.
        with self.database() as session:
            session.execute(update(UserSession).values(proved_at=clock.now()), execution_options=PAST_LEDGER)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session to arrange or check a test; it is committed at the end, and other writers wait for it."""
        with self.app.app_context():
            # A page may write at any time, and SQLite refuses a transaction that only read before that.
            begin_write(db.session)
            yield db.session
            db.session.commit()

    def log_in(self, email: str) -> str:
        """Return the cookie of a new session of an account, as if it had logged in elsewhere."""
        with self.database() as session:
            user = session.scalars(select(User).where(User.email == email)).one()
            token = a_session(user, address="127.0.0.1", user_agent="Mozilla/5.0 (X11; Linux x86_64)")
        return self.sign({"_user_id": token})

    def sign(self, contents: dict[str, Any]) -> str:
        """Return a session cookie with these contents and a valid signature."""
        with self.app.app_context():
            return session_cookie(contents)

    def contents(self, cookie: str) -> dict[str, Any]:
        """Return the contents of a session cookie of this console; raises BadSignature for any other."""
        return self.app.session_interface.get_signing_serializer(self.app).loads(cookie)

    def storage_state(self, role: str | None) -> dict[str, Any]:
        """Return the storage state of a browser context logged in as a role; None is logged out."""
        if role is None:
            return {"cookies": [], "origins": []}
        return self.state_with(self.cookies[role])

    def state_with(self, cookie: str) -> dict[str, Any]:
        """Return the storage state of a browser context with this session cookie."""
        return storage_state(cookie)

    def _seed(self) -> None:
        upgrade(self.store.url)
        self._save(EMPTY)
        with self.database():
            for role in ROLES:
                an_account(role, email=email_of(role))
            an_account(email=DEACTIVATED, active=False)
            load_sample()
        # One session a role, inside the snapshot: whatever a test does to it, it is alive in the next test.
        self.cookies = {role: self.log_in(email_of(role)) for role in ROLES}
        self._save(SEEDED)

    def _save(self, name: str) -> None:
        self._disconnect()
        self.store.save(name)

    def _disconnect(self) -> None:
        # A connection that knows the tables from before finds none of them once, when a trigger writes to the
        # full-text table first (SQLite 3.40); PostgreSQL copies no database that anyone is connected to.
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


class ServerClock:
    """The server's clock, which the browser's `page.clock` does not move."""

    def __init__(self, set_clock: Callable[[Callable[[], datetime] | None], None] = clock.set_clock) -> None:
        self.set_clock = set_clock
        self.ahead = timedelta()

    def advance(self, **amount: float) -> None:
        """Let this amount of time pass: `advance(hours=9)`."""
        self.ahead += timedelta(**amount)
        self.set_clock(lambda: datetime.now(UTC) + self.ahead)

    def reset(self) -> None:
        """Return to the time of the system."""
        self.ahead = timedelta()
        self.set_clock(None)
