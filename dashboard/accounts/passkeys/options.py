"""The options of WebAuthn, in JSON: they say which passkey a page asks the browser for."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from flask import session
from flask_login import current_user

from dashboard.accounts.begun_logins import beginner
from dashboard.accounts.entering import BEGUN
from dashboard.accounts.models import User
from dashboard.accounts.passkeys.challenges import Purpose, new_challenge
from dashboard.accounts.passkeys.flows import handle_of, passkeys_of
from dashboard.accounts.passkeys.relying_party import our_party
from dashboard.web.pages import BRAND

TIMEOUT_MS = 120_000
"""How long a browser waits for the user. A login page asks again soon enough for its challenge to last."""
ALGORITHMS = (-8, -7, -257)  # Ed25519, ECDSA over P-256, RSA, as COSE numbers them; the best first


def login_options() -> dict[str, Any]:
    """Ask for any passkey of this console: its user need not say who they are."""
    return _of_use(new_challenge(Purpose.LOG_IN), None)


def use_options() -> dict[str, Any]:
    """Ask for a passkey of the user who has to prove something in this request."""
    purpose, user = asked()
    return _of_use(new_challenge(purpose, user.id if user else 0), user)


def new_options() -> dict[str, Any]:
    """Ask for a new passkey of the current user, on a device that has none of theirs."""
    user, party = current_user._get_current_object(), our_party()
    return {
        "challenge": _text(new_challenge(Purpose.ADD, user.id)),
        "rp": {"id": party.id if party else "", "name": BRAND},
        "user": {
            "id": _text(handle_of(user)),
            "name": user.email,
            "displayName": user.name or user.email,
        },
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in ALGORITHMS],
        "authenticatorSelection": {
            "residentKey": "required",  # or it would log nobody in without an email
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "excludeCredentials": _described(user),
        "attestation": "none",
        "timeout": TIMEOUT_MS,
    }


def asked() -> tuple[Purpose, User | None]:
    """Return what a passkey is asked for in this request, and of which user; None where nobody is known."""
    if current_user.is_authenticated:
        return Purpose.PROVE, current_user._get_current_object()
    return Purpose.SECOND_STEP, beginner(str(session.get(BEGUN, "")))


def _of_use(challenge: bytes, user: User | None) -> dict[str, Any]:
    party = our_party()
    return {
        "challenge": _text(challenge),
        "rpId": party.id if party else "",
        "allowCredentials": _described(user) if user else [],
        "userVerification": "required",
        "timeout": TIMEOUT_MS,
    }


def _described(user: User) -> list[dict[str, Any]]:
    return [
        {
            "type": "public-key",
            "id": row.credential_id,
            **({"transports": row.transports.split(",")} if row.transports else {}),
        }
        for row in passkeys_of(user)
    ]


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
