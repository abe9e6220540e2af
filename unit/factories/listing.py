"""Saved views for tests: one call, one row, nothing committed."""

from itertools import count

from dashboard.accounts.models import User
from dashboard.listing.models import SavedView
from dashboard.listing.views import save_view
from dashboard.permissions import Role

_numbers = count(1)


def a_view(
    owner: User,
    screen: str = "products",
    name: str = "",
    query: str = "sort=name&size=25",
    audience: Role | None = None,
) -> SavedView:
    """A view of a list, private unless an audience is named."""
    return save_view(owner, screen, name or f"View {next(_numbers)}", query, audience)
