"""Replaying the ledger from its beginning, to compare with the tables."""

from typing import Any

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.history.models import Action, Change
from dashboard.history.values import value_of
from dashboard.registry import registry

State = dict[tuple[str, int], dict[str, Any]]
MODELS = (Product, Category, User)


def replayed() -> State:
    """Every record with its version, from the ledger alone."""
    state: State = {}
    for change in db.session.scalars(select(Change).order_by(Change.id)):
        at = (change.record_kind, change.record_id)
        declared = registry()[change.record_kind]
        after = {name: value_of(declared, name, new) for name, (_, new) in change.pairs.items()}
        if change.action is Action.CREATE:
            assert at not in state, "made twice"
            state[at] = {**dict.fromkeys(declared.fields), **after, "version": change.version}
        elif change.action is Action.CHANGE and change.version is None:
            continue  # records an erasure
        elif change.action is Action.CHANGE:
            before = {name: value_of(declared, name, old) for name, (old, _) in change.pairs.items()}
            assert {name: state[at][name] for name in before} == before, "not what it was before"
            state[at] |= {**after, "version": change.version}
        elif change.action is Action.DELETE:
            gone = state.pop(at)
            told = {name: value_of(declared, name, old) for name, (old, _) in change.pairs.items()}
            assert {**dict.fromkeys(declared.fields), **told} == {k: gone[k] for k in declared.fields}
    return _unversioned(state)


def stored() -> State:
    """Every record from its table."""
    db.session.expire_all()
    state = {
        (model.__tablename__, row.id): {**registry()[model.__tablename__].values(row), "version": row.version}
        for model in MODELS
        for row in db.session.scalars(select(model))
    }
    return _unversioned(state)


def _unversioned(state: State) -> State:
    """Leave out versions of users: they rise with passwords too, which the ledger does not record."""
    for (kind, _), values in state.items():
        if kind == User.__tablename__:
            del values["version"]
    return state
