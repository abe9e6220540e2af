"""Claims of a provider about a user, checked. Nothing here reads or writes anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.accounts.flows import normalise_email
from dashboard.accounts.single_sign_on.models import SUBJECT_LENGTH
from dashboard.identity_provider import IdentityProvider
from dashboard.refusal import Refusal

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key pair. With a shared key, or "none", anyone who knows the client could sign."""
LEEWAY = 60
"""Seconds by which the clocks of the provider and of the console may differ."""
MOST_GROUPS = 1000


class UntrustedError(Exception):
    """An answer of the provider is not to be trusted; the message says why, for the log."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A user as the provider knows them.

    ``email`` is empty unless the provider has verified it. ``logged_in_at`` is when they last proved to the
    provider who they are, None where it does not say.
    """

    subject: str
    email: str
    name: str
    groups: tuple[str, ...]
    logged_in_at: datetime | None


def read_token(
    token: str, keys: KeySet, provider: IdentityProvider, *, nonce: str, now: int
) -> Mapping[str, Any]:
    """Return the claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7); `now` in seconds since 1970.

    Raises UntrustedError, and KeyError where the key that signed it is not among `keys`.
    """
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except ValueError as error:
        if "kid" in str(error).lower() or "key" in str(error).lower():
            raise KeyError(str(error)) from error
        raise UntrustedError(str(error)) from error
    except JoseError as error:
        raise UntrustedError(error.error) from error
    except RecursionError as error:
        raise UntrustedError("The claims are nested too deeply.") from error
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    params = {"nonce": nonce, "client_id": provider.client_id}
    claims = CodeIDToken(decoded.claims, decoded.header, options, params)
    try:
        claims.validate(now=now, leeway=LEEWAY)
    except JoseError as error:
        raise UntrustedError(f"{error.error}: {error.description}") from error
    return dict(decoded.claims)


def read_person(claims: Mapping[str, Any], groups_claim: str) -> Person:
    """Return the user whom claims are about; raises UntrustedError for a wrong subject or time."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH or not subject.isprintable():
        raise UntrustedError("The subject is not a text of 1 to 255 printable characters.")
    return Person(
        subject=subject,
        email=_email(claims),
        name=_text(claims.get("name")),
        groups=_groups(claims.get(groups_claim)),
        logged_in_at=_moment(claims.get("auth_time")),
    )


def _email(claims: Mapping[str, Any]) -> str:
    # Nothing but true: a provider that leaves the claim out has not said that the user owns the address.
    if claims.get("email_verified") is not True:
        return ""
    try:
        return normalise_email(_text(claims.get("email")))
    except Refusal:
        return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _groups(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        return ()
    return tuple(each for each in listed[:MOST_GROUPS] if isinstance(each, str))


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(value)
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise UntrustedError("The time of the login is no number of seconds.") from error
