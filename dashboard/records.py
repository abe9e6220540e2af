"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class. Names here stay as they are; see docs/promises.md.
"""

from dashboard.admin.record_view.view import RecordView

__all__ = ["RecordView"]
