"""The form of a saved view."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField

from dashboard.admin.kit.forms import ConsoleForm
from dashboard.listing.models import VIEW_NAME_LENGTH, SavedView
from dashboard.permissions import Role
from dashboard.web.forms import AtMost
from dashboard.web.opened import ON, OpenedForm

AUDIENCES = {
    Role.VIEWER: "Everyone",
    Role.EDITOR: "Editors and above",
    Role.ADMIN: "Admins and above",
    Role.OWNER: "Owners",
}
CHANGED = "Another user changed view “{}” while you were editing ({}). Save again to keep yours."


def opened_values(view: SavedView, *, is_default: bool) -> dict[str, str]:
    """The fields of a view that may change while its form is open, as the form holds them.

    Two users may change them at the same time, and a user in two tabs.
    """
    return {"name": view.name, "audience": view.audience or "", "is_default": ON if is_default else ""}


class ViewForm(ConsoleForm, OpenedForm):
    """The name of a view, its audience, and whether it is the user's default view."""

    name = StringField(
        "Name", [AtMost(VIEW_NAME_LENGTH)], render_kw={"required": True, "maxlength": VIEW_NAME_LENGTH}
    )
    audience = SelectField("Visible to", default="")
    is_default = BooleanField("Make this my default view")

    @property
    def chosen_audience(self) -> Role | None:
        """The least role that sees the view; None where only its owner does."""
        return Role(self.audience.data) if "audience" in self and self.audience.data else None

    def is_as_opened(self, view: SavedView, *, is_default: bool) -> bool:
        """Whether no other user changed the same fields; adds an error otherwise."""
        both = self.merge_stored(opened_values(view, is_default=is_default))
        if both:
            self.add_error(CHANGED.format(view, " and ".join(both)))
        return not both
