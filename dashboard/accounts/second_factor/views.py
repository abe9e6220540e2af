"""The page of the second factors of the current user."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.logged_out import only_logged_in
from dashboard.accounts.second_factor.factors import all_factors, has_second_factor
from dashboard.accounts.second_factor.required import is_required
from dashboard.web.security_headers import is_local_address

bp = Blueprint("second_factor", __name__, url_prefix="/profile/second-factor")
only_logged_in(bp)


@bp.get("")
def overview() -> ResponseReturnValue:
    """Show which second factors the user has, and offer others."""
    user = current_user._get_current_object()
    has_one, goal = has_second_factor(user), request.args.get("next", "")
    shown = (factor for factor in all_factors() if has_one or not factor.is_spare)
    return render_template(
        "accounts/second_factor/overview.html",
        cards=[(factor.card, factor.facts(user)) for factor in shown],
        has_one=has_one,
        is_required=is_required(user),
        next=goal if is_local_address(goal) else None,
    )
