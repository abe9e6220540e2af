"""Relations of the records of a screen to those of others, which every screen has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.gate import route
from dashboard.admin.kit.lookup import MOST_FOUND, Suggestion, suggestion, suggestions
from dashboard.admin.kit.referrers import Referrer, referring_to
from dashboard.listing.query import clean_query
from dashboard.permissions import Access


class Relations(Feature[Any]):
    """The page of a record lists what refers to it, and the inputs that refer to one find it here.

    ``referrers`` are set once all screens are there, and ``target``, which reads records for inputs.
    """

    referrers: Sequence[Referrer] = ()
    target: Any = None

    def on_record(self, record: Any) -> Mapping[str, Any]:
        """List what refers to a record."""
        return {"referring": referring_to(self.referrers, getattr(record, self.screen.listing.key.key))}

    def suggestion_of(self, record: Any) -> Suggestion:
        """A record, as an input that refers to it takes it."""
        key, title = self.screen.record.key_of(record), getattr(record, self.screen.listing.title.key)
        return suggestion(key, "" if title is None else str(title), "", self.target)

    @route("/lookup/", Access.READ)
    def lookup_view(self) -> ResponseReturnValue:
        """The first records that ``q`` finds, and whether there are more, as JSON."""
        found = suggestions(self.screen, self.target, clean_query(request.args.get("q", "")))
        items = [asdict(each) for each in found[:MOST_FOUND]]
        return jsonify(items=items, more=len(found) > MOST_FOUND)
