"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class, `CardText` the text of a card on the home.
Names here stay as they are; see docs/promises.md.
"""

from dashboard.admin.record_view.view import RecordView
from dashboard.admin.screens.cards import CardText

__all__ = ["CardText", "RecordView"]
