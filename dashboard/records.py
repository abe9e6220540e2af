"""The public face for own records: a plug-in imports from here, and nothing else of the package.

`RecordView` is the screen of any mapped class and `PageView` any other page. `Refusal` is what hooks raise
about one field, `CardText` the text of a card on the home. `route` gives a method of a screen an address and
the access that it needs, `needs` says which one an action needs, and `may` asks whether the current user has
it. `Setting` is a variable of the environment. Names here stay as they are; see docs/promises.md.
"""

from dashboard.admin.kit.gate import needs, route
from dashboard.admin.kit.page_view import PageView
from dashboard.admin.record_view.view import RecordView
from dashboard.admin.screens.cards import CardText
from dashboard.files.lists import FileList, Files, ImageList, Images
from dashboard.permissions import Access, Role, may
from dashboard.plugin_settings import Setting
from dashboard.refusal import Refusal

__all__ = [
    "Access",
    "CardText",
    "FileList",
    "Files",
    "ImageList",
    "Images",
    "PageView",
    "RecordView",
    "Refusal",
    "Role",
    "Setting",
    "may",
    "needs",
    "route",
]
