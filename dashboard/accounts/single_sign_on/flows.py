"""Finding the account of a person whom the provider knows, and connecting the two.

Flows change and flush; the caller has begun the write transaction and commits.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.accounts.flows import add_account, find_account, lock_account, no_accounts_yet
from dashboard.accounts.managing import change_account
from dashboard.accounts.models import State, User
from dashboard.accounts.one_time_links import end_links
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.single_sign_on.claims import Person
from dashboard.accounts.single_sign_on.models import Identity
from dashboard.config import Settings
from dashboard.database.locks import serialise
from dashboard.extensions import db
from dashboard.identity_provider import IdentityProvider, told
from dashboard.permissions import Role
from dashboard.refusal import Refusal

IDENTITIES = "identities"  # the lock for connecting accounts, or the same person could get two
NO_EMAIL = "{} has not confirmed your email, so no account can be found or created for you."
NO_GROUP = "You are in no group at {} whose users may use this console. Ask an admin."
NOT_CONNECTED = (
    "There is an account with your email that is not connected with {}. Log in with your password, then "
    "connect it on your profile."
)
NO_ACCOUNT = "You have no account here. Ask an admin for an invitation."
FIRST = "There is no account yet. The first one is registered with a password."
DEACTIVATED = "Your account is deactivated. Ask an admin."
TAKEN = "You are connected with another account already. Log in with {} to use it."
CONNECTED = "Your account is connected with another user at {}. Disconnect it first."


def account_of(person: Person, settings: Settings) -> User:
    """Return the locked account of a person who logs in, connected or created if need be.

    Raises Refusal with the reason why they cannot log in.
    """
    provider = _provider(settings)
    role = role_of(person, provider)
    serialise(db.session, IDENTITIES)
    user = find_user(person.subject, provider)
    user = user and lock_account(user.id)
    if user is None:
        user = _connected_by_email(person, settings) or _created(person, role, settings)
    elif not user.active:
        raise Refusal(DEACTIVATED)
    if role and user.role not in (role, Role.OWNER):
        change_account(None, user, name=user.name, role=role)
    return user


def role_of(person: Person, provider: IdentityProvider) -> Role | None:
    """Return the highest role that the groups of a person give; None where the settings map no groups.

    Raises Refusal where they do, and no group is among them.
    """
    if not provider.roles:
        return None
    given = [Role(provider.roles[group]) for group in person.groups if group in provider.roles]
    if not given:
        raise Refusal(NO_GROUP.format(provider.name))
    return max(given, key=lambda role: role.rank)


def find_user(subject: str, provider: IdentityProvider) -> User | None:
    """Return the account of the person with this subject at the provider, or None."""
    its = (Identity.issuer == provider.issuer, Identity.subject == subject)
    user: User | None = db.session.scalar(
        select(User).join(Identity, Identity.user_id == User.id).where(*its)
    )
    return user


def identity_of(user: User, provider: IdentityProvider) -> Identity | None:
    """Return the identity of a user at the provider, or None."""
    its = (Identity.issuer == provider.issuer, Identity.user_id == user.id)
    identity: Identity | None = db.session.scalar(select(Identity).where(*its))
    return identity


def connect(user: User, person: Person, provider: IdentityProvider) -> None:
    """Let `user`, whose account is locked, log in as `person`; raises Refusal where either has another."""
    serialise(db.session, IDENTITIES)
    if identity := identity_of(user, provider):
        if identity.subject != person.subject:
            raise Refusal(CONNECTED.format(provider.name))
        return
    if find_user(person.subject, provider):
        raise Refusal(TAKEN.format(provider.name))
    db.session.add(Identity(issuer=provider.issuer, subject=person.subject, user_id=user.id))
    try:
        db.session.flush()
    except IntegrityError as error:  # another node was faster
        raise Refusal(TAKEN.format(provider.name)) from error
    log_event(Event.IDENTITY_CONNECTED, user, by=user)


def disconnect(user: User, provider: IdentityProvider) -> bool:
    """End that `user` can log in at the provider; returns whether they could.

    The account is locked. Raises Refusal where they would have no way to log in any more.
    """
    identity = identity_of(user, provider)
    if identity is None:
        return False
    if not user.password_hash:
        raise Refusal("Choose a password first. Without one you couldn't log in any more.")
    db.session.delete(identity)
    db.session.flush()
    log_event(Event.IDENTITY_DISCONNECTED, user, by=user)
    return True


def note_use(user: User, provider: IdentityProvider) -> None:
    """Note that a user logged in at the provider just now."""
    if identity := identity_of(user, provider):
        identity.used_at = clock.now()


def _connected_by_email(person: Person, settings: Settings) -> User | None:
    """Connect the account with the email of a person; None where there is none."""
    provider = _provider(settings)
    found = find_account(person.email) if person.email else None
    user = found and lock_account(found.id)
    if user is None:
        return None
    if not (provider.links_by_email and proves_owner(user, settings)):
        raise Refusal(NOT_CONNECTED.format(provider.name))
    if not user.active:
        raise Refusal(DEACTIVATED)
    if user.state == State.INVITED:
        user.joined_at = clock.now()
        db.session.flush()  # before the links, or the account would be written twice
        log_event(Event.INVITATION_ACCEPTED, user, by=user)
    end_links(user)
    connect(user, person, provider)
    return user


def proves_owner(user: User, settings: Settings) -> bool:
    """Whether the email of an account says whose it is.

    Where anyone can register without a mail, an account may have been registered with the email of another
    person, who would then share it with its maker.
    """
    return user.state == State.INVITED or settings.registration != "open" or settings.mail is not None


def _created(person: Person, role: Role | None, settings: Settings) -> User:
    provider = _provider(settings)
    if no_accounts_yet():
        raise Refusal(FIRST)
    if role is None and settings.registration == "open":
        role = Role(settings.default_role)
    if role is None:
        raise Refusal(NO_ACCOUNT)
    if not person.email:
        raise Refusal(told(NO_EMAIL, provider))
    try:
        user = add_account(person.email, "", role, person.name, has_joined=True)
    except Refusal as refusal:
        if refusal.field != "name":
            raise
        user = add_account(person.email, "", role, "", has_joined=True)  # their name there is none here
    log_event(Event.REGISTERED, user, by=user)
    connect(user, person, provider)
    return user


def _provider(settings: Settings) -> IdentityProvider:
    if settings.identity_provider is None:
        raise RuntimeError("The settings name no provider.")
    return settings.identity_provider
