"""The form with which an invited user joins."""

from __future__ import annotations

from wtforms import StringField

from dashboard.accounts.choosing import ChosenPasswordForm
from dashboard.accounts.fields import person_name
from dashboard.accounts.models import NAME_LENGTH
from dashboard.web.forms import AtMost


class AcceptForm(ChosenPasswordForm):
    """Name and password of an invited user."""

    name = StringField(
        "Name",
        [AtMost(NAME_LENGTH), person_name],
        description="Shown to other users next to the changes you make.",
        render_kw={"autocomplete": "name"},
    )
