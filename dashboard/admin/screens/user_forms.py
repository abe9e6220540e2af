"""The forms of an account."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard.accounts import flows
from dashboard.accounts.fields import person_name
from dashboard.accounts.models import NAME_LENGTH
from dashboard.accounts.register.forms import RegisterForm
from dashboard.admin.kit.forms import RecordForm
from dashboard.web.forms import AtMost


class UserForm(RecordForm):
    """What can be changed of another user's account."""

    name = StringField("Name", [AtMost(NAME_LENGTH), person_name], render_kw={"maxlength": NAME_LENGTH})
    role = SelectField(
        "Role",
        description="Viewers can view products and categories. Editors can also change and export them. "
        "Admins can also manage users. Owners can do everything.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [
            SelectChoice(r.value, r.capitalize()) for r in flows.grantable_roles(current_user)
        ]


class NewUserForm(RegisterForm, UserForm):
    """What a new account begins with; its owner is told the password and changes it in the profile."""
