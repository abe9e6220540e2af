"""The list of users."""

from e2e.pages.listing import ListPage


class UserListPage(ListPage):
    """The list of users, for admins and owners."""

    path = "/admin/users/"
    title = "Users"
    singular = "account"
    new_label = "Invite user"
