"""Counting attempts to log in, and refusing those beyond the limits.

An attempt on an account counts before the password is looked at, so that many at the same moment do not all
pass, and no longer once one succeeded. For all accounts together only attempts that failed count: many people
may log in at the same moment from one office. Nobody is locked out by others. An account is counted for each
network apart, and the limits of all accounts together do not hold where its user has logged in before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, select, tuple_

from dashboard import clock
from dashboard.accounts.flows import find_account, normalise_email
from dashboard.accounts.models import User
from dashboard.accounts.throttling.limits import PERIOD, Limit, general, network_of, pair_of
from dashboard.accounts.throttling.models import AttemptCount, KnownNetwork
from dashboard.database.inserts import insert_or_update
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.refusal import Refusal

KNOWN_FOR = timedelta(days=90)
"""How long a network is known after the last login from it."""
NETWORKS_PER_USER = 20
SWEPT_AT_ONCE = 1000


def attempt(email: str, address: str) -> timedelta | None:
    """Count an attempt to log in; returns how long to wait where there were too many, else None.

    Commits, so that all workers count together.
    """
    begin_write(db.session)
    account, network = find_account(email), network_of(address)
    pair, others = _limits(account, email, network)
    ends = _reached([pair, *others]) or _count([pair])  # a refused attempt writes nothing
    db.session.commit()
    wait = max(ends) - clock.now() if ends else timedelta()
    return wait if wait > timedelta() else None


def fail(email: str, address: str) -> None:
    """Count an attempt that failed for the limits of all accounts together. Commits."""
    begin_write(db.session)
    _, others = _limits(find_account(email), email, network_of(address))
    _count(others)
    db.session.commit()


def succeed(user: User, address: str) -> None:
    """Forget the failed attempts on an account from this network, which is known from now on.

    The caller commits; the account has to be locked.
    """
    network = network_of(address)
    _forget(pair_of(user.email, network))
    _remember(user, network)


def forgive(email: str, address: str) -> None:
    """Forget the attempts on an account from this network. Commits."""
    begin_write(db.session)
    _forget(pair_of(_normal(email), network_of(address)))
    db.session.commit()


def sweep() -> bool:
    """Delete counts that have ended and networks that are no longer known; returns whether there is more."""
    now = clock.now()
    ended = select(AttemptCount.key).where(AttemptCount.ends_at <= now)
    old: Any = select(KnownNetwork.user_id, KnownNetwork.network)
    old = old.where(KnownNetwork.used_at <= now - KNOWN_FOR)
    if not any(db.session.execute(each.limit(1)).first() for each in (ended, old)):
        return False  # without the lock that writing takes
    begin_write(db.session)
    # Rows that another request has locked are left for the next time, or the two could deadlock.
    keys = db.session.scalars(not_locked(ended.limit(SWEPT_AT_ONCE))).all()
    db.session.execute(delete(AttemptCount).where(AttemptCount.key.in_(keys)))
    networks = db.session.execute(not_locked(old.limit(SWEPT_AT_ONCE))).all()
    its = tuple_(KnownNetwork.user_id, KnownNetwork.network)
    db.session.execute(delete(KnownNetwork).where(its.in_([(key, network) for key, network in networks])))
    db.session.commit()
    return SWEPT_AT_ONCE in (len(keys), len(networks))


def _limits(account: User | None, email: str, network: str) -> tuple[Limit, Sequence[Limit]]:
    """Return the limit of an account in a network, and those of all accounts where it is not known there."""
    pair = pair_of(_normal(email), network)
    return pair, () if _is_known(account, network) else general(network)


def _normal(email: str) -> str:
    """Return an email as an account would have it, whether or not there is one."""
    try:
        return normalise_email(email)
    except Refusal:
        return email.strip().lower()


def _is_known(account: User | None, network: str) -> bool:
    key = account.id if account else 0  # asked in any case: the time must not tell which accounts exist
    its = (KnownNetwork.user_id == key, KnownNetwork.network == network)
    recently = KnownNetwork.used_at > clock.now() - KNOWN_FOR
    return db.session.scalar(select(KnownNetwork.user_id).where(*its, recently)) is not None


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
        row = row.values(key=limit.key, number=1, ends_at=now + PERIOD)
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


def _remember(user: User, network: str) -> None:
    known = insert_or_update(db.engine.dialect.name, KnownNetwork)
    row = known.values(user_id=user.id, network=network, used_at=clock.now())
    used = {"used_at": row.excluded.used_at}
    db.session.execute(
        row.on_conflict_do_update(index_elements=[KnownNetwork.user_id, KnownNetwork.network], set_=used)
    )
    its = KnownNetwork.user_id == user.id
    newest = select(KnownNetwork.network).where(its).order_by(KnownNetwork.used_at.desc())
    kept = newest.limit(NETWORKS_PER_USER)
    db.session.execute(delete(KnownNetwork).where(its, KnownNetwork.network.not_in(kept)))
