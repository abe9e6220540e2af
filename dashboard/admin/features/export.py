"""Exporting the records of a list as a file."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from flask.typing import ResponseReturnValue

from dashboard.admin.kit.export import csv_response, in_turn
from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.screen import Screen
from dashboard.admin.kit.urls import BOM_ASKED
from dashboard.listing.state import ListState, read_state
from dashboard.permissions import Access
from dashboard.web.returning import FILE
from dashboard.web.security_headers import refuse_foreign


def _nothing(state: ListState) -> None:
    """Do nothing before the file is made."""


class Export(Feature[Screen]):
    """The list can be exported, with the columns that its ``listing.export`` declares.

    ``before`` is called with the state of the list before a file is sent.
    """

    def __init__(self, before: Callable[[ListState], None] = _nothing) -> None:
        self.before = before

    @route(FILE, Access.EXPORT)
    def export(self) -> ResponseReturnValue:
        """Every record of the list, as a file.

        A link on another site must not make a browser fetch it: the history records exports of users.
        """
        refuse_foreign()
        return in_turn(self.make_export)

    def make_export(self) -> Response:
        """The response with the file."""
        listing = self.screen.listing
        state = read_state(listing, request.args)
        if request.method == "GET":  # HEAD asks for no data
            self.before(state)
        return csv_response(listing, state, self.screen.endpoint, bom=BOM_ASKED in request.args)
