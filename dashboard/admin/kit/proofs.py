"""Asking for a fresh proof of who the user is before records change that need it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.admin.kit.gate import WRITES

BULK = "action_view"
"""The view function of bulk actions. Its address is no page: the list asks again about what was sent."""


def ask_before_change(screen: Any, name: str) -> ResponseReturnValue | None:
    """Ask before the view function `name` of a screen changes records of a kind that needs it."""
    keeping = any(name in feature.keeps_records for feature in screen.features)
    if keeping or request.method != WRITES or not screen.needs_proof:
        return None
    return ask_for_proof(keep=name == BULK)
