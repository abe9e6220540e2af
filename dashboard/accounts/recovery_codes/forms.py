"""The form that asks for a recovery code."""

from __future__ import annotations

from wtforms.validators import InputRequired

from dashboard.accounts.authenticator.forms import CodeField
from dashboard.web.forms import AtMost, BoundedForm

CODE_LENGTH = 40  # with spaces


class RecoveryForm(BoundedForm):
    """A recovery code of a user."""

    recovery_code = CodeField(
        "Recovery code",
        [AtMost(CODE_LENGTH), InputRequired("Enter one of your recovery codes.")],
        description="For example, k7wq-2mzr-pd4x-9ytn. Each works once.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
