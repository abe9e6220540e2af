"""A device with passkeys, in software: it answers with the bytes that a real one would send."""

from __future__ import annotations

import json
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from dashboard.accounts.models import User
from dashboard.accounts.passkeys.flows import handle_of
from dashboard.accounts.passkeys.models import Passkey
from dashboard.extensions import db

ORIGIN, HOST = "http://localhost:8000", "localhost"
"""Of a console with the settings of development."""
OPTIONS = re.compile(r'data-options="([^"]*)"')
PRESENT, VERIFIED, CAN_BACK_UP, BACKED_UP, WITH_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
GOOD = PRESENT | VERIFIED


def text_of(content: bytes) -> str:
    """Bytes in base64url, as browsers write them."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """The bytes of a text in base64url."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def options_on(page: str) -> dict[str, Any]:
    """The options with which a page asks a browser for a passkey."""
    found = OPTIONS.search(page)
    assert found, page
    options: dict[str, Any] = json.loads(unescape(found[1]))
    return options


@dataclass
class Device:
    """A device with one passkey. ``count`` is how often it was used; a device may always say 0.

    ``said`` and the keywords of its answers bend them: what a browser or a device of a thief would say.
    """

    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0
    counts: bool = True
    key: Any = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def make(self, options: dict[str, Any], **bent: Any) -> str:
        """The answer of a browser that made a passkey."""
        self.handle = bytes_of(options["user"]["id"])
        attested_id = bent.get("attested_id", self.credential_id)
        described = b"\0" * 16 + struct.pack(">H", len(attested_id)) + attested_id
        data = self._data(WITH_KEY, described + bent.get("public_key", self.public_key), bent)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": self._said("webauthn.create", options, bent),
            "attestationObject": text_of(attested),
            "transports": ["internal", "hybrid"],
        }
        return self._answer(response)

    def use(self, options: dict[str, Any], **bent: Any) -> str:
        """The answer of a browser that used the passkey."""
        self.count += self.counts
        data, said = self._data(0, bent.get("more", b""), bent), self._said("webauthn.get", options, bent)
        signed = data + sha256(bytes_of(said)).digest()
        signature = bent.get("key", self.key).sign(signed, ECDSA(SHA256()))
        handle = bent.get("handle", self.handle)
        response = {
            "clientDataJSON": said,
            "authenticatorData": text_of(data),
            "signature": text_of(signature),
            "userHandle": text_of(handle) if handle else None,
        }
        return self._answer(response)

    @property
    def public_key(self) -> bytes:
        """The public key, as COSE has it."""
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _data(self, flags: int, more: bytes, bent: dict[str, Any]) -> bytes:
        host, count = bent.get("host", HOST), bent.get("count", self.count)
        sent = bent.get("flags", GOOD) | flags
        return sha256(host.encode()).digest() + bytes([sent]) + struct.pack(">I", count) + more

    def _said(self, kind: str, options: dict[str, Any], bent: dict[str, Any]) -> str:
        said = {
            "type": bent.get("kind", kind),
            "challenge": bent.get("challenge", options["challenge"]),
            "origin": bent.get("origin", ORIGIN),
            "crossOrigin": False,
        }
        return text_of(json.dumps(said).encode())

    def _answer(self, response: dict[str, Any]) -> str:
        key = text_of(self.credential_id)
        return json.dumps(
            {
                "id": key,
                "rawId": key,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
                "authenticatorAttachment": "platform",
            }
        )


def a_passkey(user: User, name: str = "Work laptop", **given: Any) -> Device:
    """The device of a new passkey of `user`, in an application context."""
    device = Device(handle=handle_of(user), **given)
    row = Passkey(
        user_id=user.id,
        credential_id=text_of(device.credential_id),
        public_key=device.public_key,
        sign_count=device.count,
        name=name,
    )
    db.session.add(row)
    db.session.flush()
    return device
