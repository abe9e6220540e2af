"""The page on which a user gets recovery codes."""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.reauthentication.asking import only_proved
from dashboard.accounts.recovery_codes.codes import NUMBER
from dashboard.accounts.recovery_codes.flows import make_codes, number_left
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.sessions import current_session_id
from dashboard.extensions import db
from dashboard.web.pages import BRAND
from dashboard.web.returning import next_address, redirect_to

OVERVIEW = "second_factor.overview"

bp = Blueprint("recovery_codes", __name__, url_prefix="/profile/recovery-codes")
only_proved(bp)


@bp.before_request
def _only_with_a_factor() -> ResponseReturnValue | None:
    """Lead users without a factor to where they add one: the codes would stand in for nothing."""
    return None if has_second_factor(current_user) else redirect_to(url_for(OVERVIEW))


@bp.get("")
def recovery_codes() -> ResponseReturnValue:
    """Offer new codes, and say what becomes of those before."""
    return render_template(
        "accounts/recovery_codes/offer.html",
        number=NUMBER,
        left=number_left(current_user),
        goal=next_address(OVERVIEW),
    )


@bp.post("")
def make() -> ResponseReturnValue:
    """Make new codes, and show them this once (security line 61)."""
    user = current_user._get_current_object()
    codes = make_codes(user, session=current_session_id())
    db.session.commit()
    return render_template(
        "accounts/recovery_codes/codes.html", codes=codes, file=_file(codes), goal=next_address(OVERVIEW)
    )


def _file(codes: list[str]) -> str:
    """Return the codes as a file within an address, so that no request asks for them again."""
    text = f"{BRAND}: recovery codes of {current_user.email}. Each works once.\n\n" + "\n".join(codes) + "\n"
    return f"data:text/plain;charset=utf-8;base64,{b64encode(text.encode()).decode()}"
