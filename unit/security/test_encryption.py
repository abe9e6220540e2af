"""Line 63: secrets that are read again are encrypted under a key of their own, which can be changed."""

from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.accounts.encryption import UnreadableSecret, decrypt, encrypt, newest_key
from unit.conftest import MakeApp
from unit.consoles import SECRET_KEY

pytestmark = pytest.mark.security(63)

SEED, PURPOSE = "JBSWY3DPEHPK3PXP", "seed of user 1"
OWN, OWN_NEWER = "8e1d4f6a2b9c40738e1d4f6a2b9c4073", "5a7c9e0b1d3f48625a7c9e0b1d3f4862"
NEW_SECRET = "17b3c5d7e9f1a2b4c6d8e0f2a4b6c8d0"


@pytest.fixture
def sealed(context: Flask) -> str:
    """A seed that was encrypted before any key was set or changed."""
    return encrypt(SEED, PURPOSE)


def opened(app: Flask, text: str, purpose: str = PURPOSE) -> str:
    with app.app_context():
        return decrypt(text, purpose)


def sealed_by(app: Flask) -> str:
    with app.app_context():
        return encrypt(SEED, PURPOSE)


def test_encrypted_seed_can_be_read_again(context: Flask, sealed: str) -> None:
    assert SEED not in sealed
    assert decrypt(sealed, PURPOSE) == SEED
    assert encrypt(SEED, PURPOSE) != sealed


def test_seed_of_one_user_cannot_be_read_as_that_of_another(context: Flask, sealed: str) -> None:
    with pytest.raises(UnreadableSecret):
        decrypt(sealed, "seed of user 2")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text.partition(".")[2],
        lambda text: f"00000000.{text.partition('.')[2]}",
        lambda text: text[:-2] + ("AA" if text[-2:] != "AA" else "BB"),
        lambda text: text[:12],
        lambda text: f"{text}é",
        lambda text: SEED,
    ],
)
def test_changed_text_is_refused(context: Flask, sealed: str, change: Callable[[str], str]) -> None:
    with pytest.raises(UnreadableSecret):
        decrypt(change(sealed), PURPOSE)


@pytest.mark.parametrize(
    "keys",
    [
        {"secret_key": NEW_SECRET, "secret_key_fallbacks": (SECRET_KEY,)},
        {"encryption_keys": (OWN,)},
        {"encryption_keys": (OWN_NEWER, OWN)},
        {"secret_key": NEW_SECRET, "secret_key_fallbacks": (SECRET_KEY,), "encryption_keys": (OWN,)},
    ],
    ids=["another secret key", "a key of its own", "two keys of its own", "both"],
)
def test_seed_is_read_after_a_change_of_keys(sealed: str, make_app: MakeApp, keys: dict[str, object]) -> None:
    later = make_app(**keys)
    assert opened(later, sealed) == SEED
    with later.app_context():
        assert not sealed.startswith(f"{newest_key()}.")
        assert encrypt(SEED, PURPOSE).startswith(f"{newest_key()}.")


def test_key_that_is_gone_reads_nothing(sealed: str, make_app: MakeApp) -> None:
    with pytest.raises(UnreadableSecret):
        opened(make_app(secret_key=NEW_SECRET), sealed)


def test_own_key_encrypts_whatever_the_secret_key_is(make_app: MakeApp) -> None:
    text = sealed_by(make_app(encryption_keys=(OWN,)))
    assert opened(make_app(secret_key=NEW_SECRET, encryption_keys=(OWN,)), text) == SEED
    with pytest.raises(UnreadableSecret):
        opened(make_app(), text)


def test_first_of_several_keys_encrypts(make_app: MakeApp) -> None:
    text = sealed_by(make_app(encryption_keys=(OWN_NEWER, OWN)))
    assert opened(make_app(encryption_keys=(OWN_NEWER,)), text) == SEED
    with pytest.raises(UnreadableSecret):
        opened(make_app(encryption_keys=(OWN,)), text)


def test_secret_key_given_as_encryption_key_is_another_key(make_app: MakeApp) -> None:
    text = sealed_by(make_app(encryption_keys=(SECRET_KEY,)))
    with pytest.raises(UnreadableSecret):
        opened(make_app(), text)
