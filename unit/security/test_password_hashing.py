"""Security lines 1 and 2: how passwords are hashed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts import passwords
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, an_account, the_account
from unit.conftest import Submit
from unit.security.passwords import logs_in, registers, stored_hash


@pytest.mark.security(1)
class TestArgon2id:
    def test_passwords_are_hashed_with_argon2id_at_19_mib_and_2_passes(
        self, app: Flask, client: FlaskClient, submit: Submit, real_hasher: PasswordHasher
    ) -> None:
        assert registers(submit, client, PASSWORD)
        stored = extract_parameters(stored_hash(app, "kim@example.test"))
        assert stored.type is Type.ID
        assert stored.memory_cost >= 19 * 1024
        assert (stored.time_cost, stored.parallelism) == (2, 1)
        assert stored.salt_len >= 16

    def test_equal_passwords_have_different_hashes(self, app: Flask) -> None:
        with app.app_context():
            assert an_account().password_hash != an_account().password_hash

    def test_at_most_four_passwords_are_hashed_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        crowd = CrowdedHasher()
        monkeypatch.setattr(passwords, "hasher", crowd)
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(passwords.hash_password, ["plum"] * 12))
            list(pool.map(passwords.verify_password, [None] * 12, ["plum"] * 12))
        assert crowd.most == 4


class CrowdedHasher(PasswordHasher):
    """A hasher that records how many threads use it at the same time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.lock, self.inside, self.most = Lock(), 0, 0

    def hash(self, *args: object, **kwargs: object) -> str:
        return str(self._crowded(super().hash, *args, **kwargs))

    def verify(self, *args: object, **kwargs: object) -> bool:
        return bool(self._crowded(super().verify, *args, **kwargs))

    def _crowded(self, work: Callable[..., object], *args: object, **kwargs: object) -> object:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        sleep(0.01)  # long enough for all threads that are let in to arrive
        try:
            return work(*args, **kwargs)
        finally:
            with self.lock:
                self.inside -= 1


@pytest.mark.security(2)
class TestRehash:
    OLD = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)

    def test_login_replaces_a_hash_with_older_parameters(
        self, app: Flask, client: FlaskClient, submit: Submit
    ) -> None:
        with app.app_context():
            the_account("viewer").password_hash = self.OLD.hash(PASSWORD)
            db.session.commit()
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")
        assert not passwords.needs_rehash(stored_hash(app))
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")

    def test_failed_login_replaces_no_hash(self, app: Flask, submit: Submit) -> None:
        with app.app_context():
            the_account("viewer").password_hash = old = self.OLD.hash(PASSWORD)
            db.session.commit()
        assert not logs_in(submit, app, "something else", "viewer@example.test")
        assert stored_hash(app) == old

    def test_login_keeps_a_hash_with_current_parameters(self, app: Flask, submit: Submit) -> None:
        with app.app_context():
            old = the_account("viewer").password_hash
            db.session.commit()
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")
        assert stored_hash(app) == old
