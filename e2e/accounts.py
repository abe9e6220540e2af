"""Accounts, created and read in the database without the pages."""

from dataclasses import dataclass

from sqlalchemy import select

from dashboard.accounts.flows import create_account
from dashboard.accounts.models import User
from e2e.server import PASSWORD, Console


@dataclass(frozen=True)
class Stored:
    """An account as the database stores it."""

    id: int
    name: str
    role: str
    active: bool


def add_account(
    server: Console, email: str, *, role: str = "viewer", name: str = "", active: bool = True
) -> int:
    """Create an account with the password of all test users and return its id."""
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
