"""The account list."""

from e2e.pages.listing import ListPage


class UserListPage(ListPage):
    """Who may log in, for admins and owners."""

    path = "/admin/users/"
    title = "Users"
    singular = "account"
    new_label = "New user"
