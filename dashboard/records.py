"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class, `Refusal` what its hooks raise about one field, `CardText` the
text of a card on the home. Names here stay as they are; see docs/promises.md.
"""

from dashboard.admin.record_view.view import RecordView
from dashboard.admin.screens.cards import CardText
from dashboard.refusal import Refusal

__all__ = ["CardText", "RecordView", "Refusal"]
