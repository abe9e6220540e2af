"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class, `Refusal` what its hooks raise about one field. Names here
stay as they are; see docs/promises.md.
"""

from dashboard.admin.record_view.view import RecordView
from dashboard.refusal import Refusal

__all__ = ["RecordView", "Refusal"]
