"""Accounts as a test arranges and checks them, past the pages."""

from dataclasses import dataclass

from sqlalchemy import select

from dashboard.accounts.flows import create_account
from dashboard.accounts.models import User
from e2e.server import PASSWORD, Console


@dataclass(frozen=True)
class Stored:
    """The stored fields of an account."""

    id: int
    name: str
    role: str
    active: bool


def add_account(
    server: Console, email: str, *, role: str = "viewer", name: str = "", active: bool = True
) -> int:
    """Make an account with the password that all accounts of tests have and return its id."""
    with server.database() as session:
        user = create_account(email, PASSWORD, role=role, name=name)
        user.active = active
        session.flush()
        return user.id


def stored(server: Console, email: str) -> Stored | None:
    """The account with this address, None where there is none."""
    with server.database() as session:
        user = session.scalar(select(User).where(User.email == email))
        return user and Stored(user.id, user.name, user.role.value, user.active)
