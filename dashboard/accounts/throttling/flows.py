"""Counting attempts to log in, and refusing those beyond the limits.

An attempt on an account counts before the password is looked at, so that many at the same moment do not all
pass, and no longer once one succeeded. For all accounts together only attempts that failed count: many people
may log in at the same moment from one office. Nobody is locked out by others: attempts from a browser that is
known to the account are counted apart, and no other limit holds for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import case, delete, select, tuple_

from dashboard import clock
from dashboard.accounts.flows import find_account, normalise_email
from dashboard.accounts.known_devices import KNOWN_FOR, known_device, remember_device
from dashboard.accounts.models import KnownDevice, State, User
from dashboard.accounts.networks import network_of
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.origins import acting_user
from dashboard.accounts.throttling.limits import Guess, Limit, general, of_asking, of_codes, pair_of
from dashboard.accounts.throttling.models import AttemptCount
from dashboard.database.inserts import insert_or_update
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.refusal import Refusal

Found = TypeVar("Found")

SWEPT_AT_ONCE = 1000
INSIDE = {
    Guess.PASSWORD: Event.WRONG_PASSWORD,
    Guess.CODE: Event.WRONG_CODE,
    Guess.PASSKEY: Event.WRONG_PASSKEY,
}
"""The events of attempts by users who are logged in and asked for a proof."""


class TooManyAttempts(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """An attempt was refused; ``wait`` is how long until the next may be made."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too many attempts: wait {wait}.")
        self.wait = wait


def counted_attempt(
    email: str, address: str, check: Callable[[], Found], guess: Guess = Guess.PASSWORD
) -> Found:
    """Return what `check` finds: something false where the attempt failed, which then counts.

    An attempt that succeeded counts until `succeed` is called. Raises TooManyAttempts without a check.
    """
    if wait := attempt(email, address, guess):
        raise TooManyAttempts(wait)
    found = check()
    if not found:
        fail(email, address, guess)
    return found


def attempt(email: str, address: str, guess: Guess = Guess.PASSWORD) -> timedelta | None:
    """Count an attempt to log in; returns how long to wait where there were too many, else None.

    Commits, so that all workers count together.
    """
    begin_write(db.session)
    account, network = find_account(email), network_of(address)
    pair, others = _limits(account, email, network, guess)
    ends = _reached([pair, *others]) or _count([pair])  # a refused attempt writes nothing
    db.session.commit()
    wait = max(ends) - clock.now() if ends else timedelta()
    return wait if wait > timedelta() else None


def fail(email: str, address: str, guess: Guess = Guess.PASSWORD) -> None:
    """Count an attempt that failed for the limits besides that of its account and network. Commits."""
    begin_write(db.session)
    account = find_account(email)
    pair, others = _limits(account, email, network_of(address), guess)
    _count(others)
    is_inside = acting_user() is not None  # someone at an open browser, who is asked again
    log_event(INSIDE[guess] if is_inside else Event.LOGIN_FAILED, account, reason=_reason(account, guess))
    if _reached([pair, *others]):  # further attempts write nothing
        log_event(Event.LOGIN_THROTTLED, account)
    db.session.commit()


def succeed(user: User, address: str, *, logs_in: bool = False) -> bool:
    """Forget the failed attempts on an account from this browser, which is known from now on.

    Returns whether the user `logs_in` here for the first time, and has logged in elsewhere. The caller
    commits; the account has to be locked.
    """
    network = network_of(address)
    for device in {"", known_device(user)}:
        _forget(pair_of(user.email, network, device))
    return remember_device(user, logs_in=logs_in)


def ask(address: str) -> timedelta | None:
    """Count a request for a mail by anyone; returns how long to wait where there were too many, else None.

    The caller has begun the write transaction and commits.
    """
    limits = of_asking(network_of(address))
    ends = _reached(limits)  # a refused request writes nothing
    if not ends:
        _count(limits)
    return max(ends) - clock.now() if ends else None


def forgive(email: str, address: str) -> None:
    """Forget the attempts on an account from this network. Commits."""
    begin_write(db.session)
    _forget(pair_of(_normal(email), network_of(address), known_device(find_account(email))))
    db.session.commit()


def sweep() -> bool:
    """Delete counts that have ended and browsers that are no longer known; returns whether there is more."""
    now = clock.now()
    ended = select(AttemptCount.key).where(AttemptCount.ends_at <= now)
    old: Any = select(KnownDevice.user_id, KnownDevice.token_hash)
    old = old.where(KnownDevice.used_at <= now - KNOWN_FOR)
    if not any(db.session.execute(each.limit(1)).first() for each in (ended, old)):
        return False  # without the lock that writing takes
    begin_write(db.session)
    # Rows that another request has locked are left for the next time, or the two could deadlock.
    keys = db.session.scalars(not_locked(ended.limit(SWEPT_AT_ONCE))).all()
    db.session.execute(delete(AttemptCount).where(AttemptCount.key.in_(keys)))
    devices = db.session.execute(not_locked(old.limit(SWEPT_AT_ONCE))).all()
    its = tuple_(KnownDevice.user_id, KnownDevice.token_hash)
    db.session.execute(delete(KnownDevice).where(its.in_([(key, device) for key, device in devices])))
    db.session.commit()
    return SWEPT_AT_ONCE in (len(keys), len(devices))


def _limits(account: User | None, email: str, network: str, guess: Guess) -> tuple[Limit, Sequence[Limit]]:
    """Return the limit of an account in a network or known browser, and those that hold besides."""
    name, device = _normal(email), known_device(account)
    others = () if device else general(network)
    of_code = of_codes(name, device) if guess is Guess.CODE else ()
    return pair_of(name, network, device), (*others, *of_code)


def _reason(account: User | None, guess: Guess) -> str:
    """Why an attempt failed, without the email that was typed."""
    if account is None:
        return "no such account"
    return guess.value if account.state == State.ACTIVE else f"account is {account.state}"


def _normal(email: str) -> str:
    """Return an email as an account would have it, whether or not there is one."""
    try:
        return normalise_email(email)
    except Refusal:
        return email.strip().lower()


def _reached(limits: Sequence[Limit]) -> list[datetime]:
    """Return when those of the limits end that were reached already."""
    now = clock.now()
    ends: list[datetime] = []
    for limit in limits:
        its = (AttemptCount.key == limit.key, AttemptCount.ends_at > now, AttemptCount.number >= limit.most)
        ends += db.session.scalars(select(AttemptCount.ends_at).where(*its)).all()
    return ends


def _count(limits: Sequence[Limit]) -> list[datetime]:
    """Count one more for each limit; returns when those that were reached before end."""
    now = clock.now()
    ends: list[datetime] = []
    for limit in sorted(limits, key=lambda limit: limit.key):  # in one order, or two attempts could deadlock
        row = insert_or_update(db.engine.dialect.name, AttemptCount)
        row = row.values(key=limit.key, number=1, ends_at=now + limit.period)
        has_ended = AttemptCount.ends_at <= now
        counted = row.on_conflict_do_update(
            index_elements=[AttemptCount.key],
            set_={
                "number": case((has_ended, 1), else_=AttemptCount.number + 1),
                "ends_at": case((has_ended, row.excluded.ends_at), else_=AttemptCount.ends_at),
            },
        )
        number, ends_at = db.session.execute(
            counted.returning(AttemptCount.number, AttemptCount.ends_at)
        ).one()
        ends += [ends_at] if number > limit.most else []
    return ends


def _forget(limit: Limit) -> None:
    db.session.execute(delete(AttemptCount).where(AttemptCount.key == limit.key))
