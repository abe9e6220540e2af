"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class, `Refusal` what its hooks raise about one field, `CardText` the
text of a card on the home. `route` gives a method of a screen an address and the `Access` that it needs; the
least `Role` for an access is declared with both. Names here stay as they are; see docs/promises.md.
"""

from dashboard.admin.kit.gate import route
from dashboard.admin.record_view.view import RecordView
from dashboard.admin.screens.cards import CardText
from dashboard.permissions import Access, Role
from dashboard.refusal import Refusal

__all__ = ["Access", "CardText", "RecordView", "Refusal", "Role", "route"]
