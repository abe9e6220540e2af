"""Relations of the records of a screen to those of others, which every screen has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.admin.kit.feature import Feature
from dashboard.admin.kit.referrers import Referrer, referring_to


class Relations(Feature[Any]):
    """The page of a record lists what refers to it; ``referrers`` are set once all screens are there."""

    referrers: Sequence[Referrer] = ()

    def on_record(self, record: Any) -> Mapping[str, Any]:
        """List what refers to a record."""
        return {"referring": referring_to(self.referrers, getattr(record, self.screen.listing.key.key))}
