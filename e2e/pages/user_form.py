"""The form of another user's account."""

from typing import ClassVar

from playwright.sync_api import Page

from e2e.pages.record_form import RecordFormPage


class UserFormPage(RecordFormPage):
    """Create or edit an account."""

    path = "/admin/users/"
    singular = "account"
    new_title = "Invite user"
    labels: ClassVar[dict[str, str]] = {"email": "Email", "name": "Name", "role": "Role"}

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.create_button = page.get_by_role("button", name="Create invitation")
