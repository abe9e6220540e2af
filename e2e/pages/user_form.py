"""The form of another user's account."""

from typing import ClassVar

from e2e.pages.record_form import RecordFormPage


class UserFormPage(RecordFormPage):
    """Create or edit an account."""

    path = "/admin/users/"
    singular = "account"
    new_title = "New user"
    labels: ClassVar[dict[str, str]] = {
        "email": "Email",
        "password": "Password",
        "confirm": "Confirm password",
        "name": "Name",
        "role": "Role",
    }
