"""Numbers that were typed in the filters of a list get an address in which they are written in one form."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from dashboard.admin.kit.feature import Feature
from dashboard.bounds import NUMBERS
from dashboard.listing.typed_bounds import typed_address
from dashboard.web.returning import redirect_to


class TypedFilters(Feature[Any]):
    """The filters of the list take numbers as the person writes them."""

    def instead_of_list(self) -> ResponseReturnValue | None:
        """The way to the address of a list that was asked for by its form."""
        if NUMBERS not in request.args:
            return None
        return redirect_to(typed_address(self.screen.listing, self.screen.urls.index, request.args))
