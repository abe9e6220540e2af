"""The answers of browsers that asked for a passkey, and whether they are good: the cryptography."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from dashboard.accounts.passkeys.cbor import read_item, read_whole
from dashboard.accounts.passkeys.models import CREDENTIAL_LENGTH
from dashboard.accounts.passkeys.relying_party import RelyingParty

# The library takes a third of a second to import, and most commands and servers never need it: so it is
# imported where it is used.
T = TypeVar("T")
CREDENTIAL = re.compile(rf"[A-Za-z0-9_-]{{1,{CREDENTIAL_LENGTH}}}", re.ASCII)
FLAGS_AT, KEY_AT = 32, 37
ID_LENGTH_AT, ID_AT = 16, 18  # behind `KEY_AT`
HAS_KEY, HAS_EXTENSIONS = 0x40, 0x80
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal"})

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """An answer that nobody has checked: ``credential`` is what the browser sent, the rest is read from it.

    ``handle`` is what the device says about whose passkey it is; None where it says nothing.
    """

    credential: dict[str, Any]
    credential_id: str
    challenge: bytes
    handle: bytes | None


@dataclass(frozen=True)
class NewKey:
    """A passkey that was just made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: str
    backed_up: bool


@dataclass(frozen=True)
class Use:
    """A use of a passkey, as its device tells it."""

    sign_count: int
    backed_up: bool


def read_answer(text: str) -> Answer | None:
    """Return the answer in the text that a browser sent; None for anything else."""
    return _tried(lambda: _read(text))


def _read(text: str) -> Answer:
    from webauthn import base64url_to_bytes

    credential = json.loads(text)
    response, credential_id = credential["response"], credential["id"]
    said = json.loads(base64url_to_bytes(response["clientDataJSON"]))
    if not CREDENTIAL.fullmatch(credential_id):
        raise ValueError("This is not the id of a credential.")
    handle = response.get("userHandle")
    return Answer(
        credential=credential,
        credential_id=credential_id,
        challenge=base64url_to_bytes(said["challenge"]),
        handle=base64url_to_bytes(handle) if handle else None,
    )


def checked_new(answer: Answer, party: RelyingParty) -> NewKey | None:
    """Return the passkey that an answer tells of; None where it is not good.

    The challenge has to be checked already.
    """
    return _tried(lambda: _new(answer, party))


def _new(answer: Answer, party: RelyingParty) -> NewKey:
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    attested = read_whole(base64url_to_bytes(answer.credential["response"]["attestationObject"]))
    _refuse_odd(attested["authData"])
    found = verify_registration_response(
        credential=answer.credential,
        expected_challenge=answer.challenge,
        expected_rp_id=party.id,
        expected_origin=party.origin,
        require_user_verification=True,
    )
    if bytes_to_base64url(found.credential_id) != answer.credential_id:  # which has a bound
        raise ValueError("The device made another passkey than the browser says.")
    given = answer.credential["response"].get("transports") or []
    return NewKey(
        credential_id=answer.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=",".join(sorted(TRANSPORTS.intersection(map(str, given)))),
        backed_up=found.credential_backed_up,
    )


def checked_use(answer: Answer, public_key: bytes, party: RelyingParty) -> Use | None:
    """Return what a passkey says in an answer that its key has signed; None where it is not good.

    The challenge has to be checked already, the number of uses afterwards. The device has to have verified
    its user, by a PIN or a finger, so that a passkey is two factors.
    """
    return _tried(lambda: _use(answer, public_key, party))


def _use(answer: Answer, public_key: bytes, party: RelyingParty) -> Use:
    from webauthn import base64url_to_bytes, verify_authentication_response

    _refuse_odd(base64url_to_bytes(answer.credential["response"]["authenticatorData"]))
    found = verify_authentication_response(
        credential=answer.credential,
        expected_challenge=answer.challenge,
        expected_rp_id=party.id,
        expected_origin=party.origin,
        credential_public_key=public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    return Use(sign_count=found.new_sign_count, backed_up=found.credential_backed_up)


def _refuse_odd(data: bytes) -> None:
    """Raise ValueError for authenticator data in which anything but plain CBOR follows (WebAuthn, 6.1)."""
    flags, at = data[FLAGS_AT], KEY_AT
    if flags & HAS_KEY:
        length = int.from_bytes(data[at + ID_LENGTH_AT : at + ID_AT], "big")
        _, at = read_item(data, at + ID_AT + length)
    if flags & HAS_EXTENSIONS:
        _, at = read_item(data, at)
    if at != len(data):
        raise ValueError("Something follows the data.")


def _tried(check: Callable[[], T]) -> T | None:
    try:
        return check()
    except Exception as error:
        # The library raises whatever its decoders of JSON, CBOR and keys do. All of it means one thing.
        log.info("An answer with a passkey was refused: %s", type(error).__name__)
        return None
