"""The console and the fixtures for one deed of the security log."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask

from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, the_account
from unit.conftest import ClientAs, MakeApp, Submit

USERS = "/admin/users/"
NEW = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
KIM = "kim@example.test"
Deed = Callable[[], object]


@dataclass
class Scene:
    """The console and the fixtures for a deed."""

    app: Flask
    client_as: ClientAs
    submit: Submit
    make_app: MakeApp

    def send(self, address: str, who: str = "", **fields: Any) -> Deed:
        """Sending a form, as a user who is logged in, or as a stranger."""
        client = self.client_as(who) if who else self.app.test_client()
        return partial(self.submit, client, address, **fields)

    def in_database(self, make: Callable[[], Any]) -> Any:
        """The result of `make`, committed."""
        with self.app.app_context():
            made = make()
            db.session.commit()
            return made

    def key(self, who: str = "viewer") -> str:
        """The number of an account."""
        return str(self.in_database(lambda: the_account(who).id))

    def manage(self, what: str, **fields: str) -> Deed:
        """The owner's change of a viewer's account."""
        return self.send(f"{USERS}{what}/", "owner", id=self.key(), **fields)
