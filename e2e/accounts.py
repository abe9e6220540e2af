"""Accounts, created and read in the database without the pages."""

from dataclasses import dataclass

from sqlalchemy import select

from dashboard.accounts.flows import create_account
from dashboard.accounts.invitations.flows import invite
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import Purpose, issue
from dashboard.accounts.register.by_mail import issue_registration
from dashboard.permissions import Role
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


def invitation(server: Console, email: str, *, role: str = "viewer") -> str:
    """Invite a user and return the path of the link."""
    with server.database() as session:
        _, token = invite(email, role=Role(role))
        session.flush()
        return f"/invitation?token={token}"


def reset_link(server: Console, email: str) -> str:
    """Create a link that resets the password of this account and return its path."""
    with server.database() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        return f"/reset?token={issue(user, Purpose.RESET, None)}"


def registration(server: Console, email: str) -> str:
    """Create a link for registering with an address and return its path."""
    with server.database():
        return f"/registration?token={issue_registration(email)}"


def new_email_link(server: Console, email: str, address: str) -> str:
    """Create a link that gives an account another address and return its path."""
    with server.database() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        return f"/profile/email/confirm?token={issue(user, Purpose.EMAIL, None, address=address)}"


def stored(server: Console, email: str) -> Stored | None:
    """The account with this address, None where there is none."""
    with server.database() as session:
        user = session.scalar(select(User).where(User.email == email))
        return user and Stored(user.id, user.name, user.role.value, user.active)
