"""The forms of an account."""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from dashboard.accounts import managing
from dashboard.accounts.fields import person_name
from dashboard.accounts.models import NAME_LENGTH
from dashboard.accounts.register.forms import EmailForm
from dashboard.admin.kit.forms import RecordForm
from dashboard.permissions import Role
from dashboard.web.forms import AtMost

ROLES = {
    Role.VIEWER: "Viewers can see records.",
    Role.EDITOR: "Editors can also create, change, delete and export them.",
    Role.ADMIN: "Admins can also manage users.",
    Role.OWNER: "Owners can also manage other owners and delete permanently.",
}


class UserForm(RecordForm):
    """The fields of an account that another user can change."""

    name = StringField("Name", [AtMost(NAME_LENGTH), person_name], render_kw={"maxlength": NAME_LENGTH})
    role = SelectField("Role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = managing.grantable_roles(current_user)
        self.role.choices = [SelectChoice(role.value, role.capitalize()) for role in roles]
        self.role.description = " ".join(ROLES[role] for role in roles)


class NewUserForm(EmailForm, UserForm):
    """The fields of a new account; its user chooses the password."""
