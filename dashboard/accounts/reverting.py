"""Reverting changes of accounts, by the same rules as changing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_login import current_user
from sqlalchemy import select

from dashboard.accounts.managing import (
    change_account,
    deactivate_accounts,
    delete_accounts,
    manage_accounts,
    reactivate_accounts,
)
from dashboard.accounts.models import User
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import Values, registry

CHANGEABLE = {"name", "role", "active"}


class AccountReverting:
    """Reverts the accounts that the current user may manage."""

    def read(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, Values]:
        """Return the current values of the accounts with these ids."""
        if lock:
            manage_accounts()
            db.session.refresh(current_user._get_current_object())
        found = _rows(keys, lock=lock)
        return {
            key: {"version": row.version, **registry().of(User).values(row)} for key, row in found.items()
        }

    def lost(self, keys: Sequence[int], *, lock: bool) -> Mapping[int, str]:  # noqa: ARG002
        """Return a reason for each of them: a deleted account cannot be restored without its password."""
        return dict.fromkeys(keys, "can't be restored because its password is gone")

    def change(self, new: Mapping[int, Values]) -> int:
        """Change accounts to `new` values; raises Refusal where the current user may not."""
        rows = _rows([*new])
        for key, values in new.items():
            if values.keys() - CHANGEABLE:
                raise Refusal("Only the name, role and state of an account can be reverted.")
            _change(rows[key], values)
        return len(new)

    def remove(self, keys: Sequence[int]) -> int:
        """Delete accounts; raises Refusal where the current user may not."""
        return delete_accounts(current_user, [*_rows(keys).values()])

    def restore(self, old: Mapping[int, Values]) -> int:  # noqa: ARG002
        """Refuse: see `lost`."""
        raise Refusal("A deleted account can't be restored.")


def _rows(keys: Sequence[int], *, lock: bool = True) -> Mapping[int, User]:
    found = select(User).where(User.id.in_(keys))
    return {row.id: row for row in db.session.scalars(for_writing(found, User.id) if lock else found)}


def _change(account: User, values: Values) -> None:
    if "name" in values or "role" in values:
        change_account(
            current_user,
            account,
            name=values.get("name", account.name),
            role=values.get("role", account.role),
        )
    if "active" in values:
        change = reactivate_accounts if values["active"] else deactivate_accounts
        change(current_user, [account])
