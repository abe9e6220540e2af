"""Pages that show a one-time link, and browsers that use one."""

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read
from unit.conftest import Submit

USERS = "/admin/users/"


def shown_link(html: str) -> str:
    """Return the link that a page shows, without its host; empty on a page without one."""
    address = next((field.attributes["value"] for field in read(html).all("input", id="link")), "")
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if address else ""


def link_for(client: FlaskClient, submit: Submit, key: int) -> str:
    """Let a user create a link for the account with this id, and return it."""
    answer = submit(client, f"{USERS}new-link/", id=str(key))
    assert is_redirect(answer)
    return shown_link(client.get(answer.location).text)


def invited(client: FlaskClient, submit: Submit, email: str, role: str = "viewer") -> str:
    """Let a user invite another, and return the link of the invitation."""
    answer = submit(client, f"{USERS}new/", email=email, role=role, name="")
    assert is_redirect(answer)
    return shown_link(client.get(answer.location).text)


def account(app: Flask, email: str) -> User:
    """Return the account of an email, detached."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        db.session.expunge(user)
        return user
