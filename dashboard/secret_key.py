"""The key that signs cookies: weak keys are refused, and development makes and stores its own."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from zxcvbn import zxcvbn

from dashboard.text.characters import is_unicode

MINIMUM_BYTES = 32
MINIMUM_GUESSES = 10**24
"""The guesses that a key must withstand, likely ones first: 80 bits. Random keys of `MINIMUM_BYTES` take more
than 10**28."""
ESTIMATED_LENGTH = 72  # zxcvbn estimates no more at once
SAMPLE_WORDS = re.compile(
    r"change.?me|secret|example|sample|default|password|insecure|dev.?key|your.?key", re.I
)
ADVICE = "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"


def secret_key_fault(key: str) -> str | None:
    """Say what is wrong with a production secret key, or return None."""
    if not key:
        return f"is required in production. {ADVICE}"
    if not is_unicode(key):
        return f"is not text in UTF-8. {ADVICE}"
    if len(key.encode()) < MINIMUM_BYTES:
        return f"is too weak: at least {MINIMUM_BYTES} random bytes. {ADVICE}"
    if SAMPLE_WORDS.search(key):
        return f"looks like a sample value. {ADVICE}"
    if is_guessable(key):
        return f"is too weak: it repeats itself, or follows a pattern. {ADVICE}"
    return None


def encryption_keys_fault(text: str) -> str | None:
    """Say what is wrong with a list of encryption keys, separated by commas, or return None."""
    keys = split_keys(text)
    if len(set(keys)) < len(keys):
        return "holds the same key twice."
    faults = [secret_key_fault(key) if key else "is empty." for key in keys] if text else []
    return next((f"holds a key that {fault}" for fault in faults if fault), None)


def split_keys(text: str | None) -> tuple[str, ...]:
    """Return the keys of a list separated by commas; empty where there is no list."""
    return tuple(key.strip() for key in text.split(",")) if text else ()


def is_guessable(key: str) -> bool:
    """Whether a key can be guessed by repetitions, sequences, dates, words and neighbours on a keyboard.

    The beginning or the end of a long key has to be hard to guess.
    """
    ends = dict.fromkeys([key[:ESTIMATED_LENGTH], key[-ESTIMATED_LENGTH:]])
    return all(zxcvbn(end)["guesses"] < MINIMUM_GUESSES for end in ends)


def stored_secret_key(instance: Path) -> str:
    """Return the key stored in the instance folder, making it (mode 0600) on the first start.

    The exclusive create lets two first starts agree: the loser reads what the winner wrote. Raises OSError,
    and ValueError if the stored text is not a valid key.
    """
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = instance / "secret_key"
    if not path.exists():
        make_key(path)
    key = path.read_text(errors="replace").strip()
    if secret_key_fault(key):
        raise ValueError(
            f"{path} does not contain a valid key. Delete it, and the next start makes a new one."
        )
    return key


def make_key(path: Path) -> None:
    """Write a new key to `path` unless there is one; raises OSError, leaving no file behind."""
    draft = path.with_name(f".secret_key.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        draft.write_text(secrets.token_hex(MINIMUM_BYTES))
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
