"""The codes of authenticator apps: seeds, the steps of time, and which step a code is for."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pyotp
from pyotp.utils import strings_equal

from dashboard import clock

PERIOD_SECONDS = 30
DIGITS = 6
WINDOW = 1
"""How many steps a code may be early or late (security line 60): clocks differ, and typing takes time."""


def new_seed() -> str:
    """Return a new seed: 160 random bits in base 32."""
    return pyotp.random_base32()


def matching_step(seed: str, typed: str) -> int | None:
    """Return the step of time near now whose code was typed, with or without spaces; None for no code."""
    code, now = _digits(typed), clock.now()
    codes = pyotp.TOTP(seed, digits=DIGITS, interval=PERIOD_SECONDS)
    steps = [step_of(now) + offset for offset in range(-WINDOW, WINDOW + 1)]
    matching = [step for step in steps if strings_equal(codes.generate_otp(step), code)]
    return max(matching, default=None)


def step_of(moment: datetime) -> int:
    """Return the step of time of a moment."""
    return int(moment.timestamp()) // PERIOD_SECONDS


def moment_of(step: int) -> datetime:
    """Return when a step of time begins."""
    return datetime.fromtimestamp(step * PERIOD_SECONDS, UTC)


def address_of(seed: str, email: str, console: str) -> str:
    """Return the otpauth address that apps read from a QR code; `console` names the console in the app."""
    codes = pyotp.TOTP(seed, digits=DIGITS, interval=PERIOD_SECONDS)
    return codes.provisioning_uri(name=email, issuer_name=console)


def _digits(typed: str) -> str:
    """Return what was typed without spaces, its digits as ASCII has them."""
    return "".join(unicodedata.normalize("NFKC", typed).split())
