"""The question that a browser asks before it leaves a page with unsaved changes."""

from playwright.sync_api import Dialog, Page


class Asked:
    """Answers the browser's question before leaving, and counts how often it was asked."""

    def __init__(self, page: Page, *, leave: bool) -> None:
        self.times = 0
        self.leave = leave
        page.on("dialog", self.answer)

    def answer(self, dialog: Dialog) -> None:
        assert dialog.type == "beforeunload"
        self.times += 1
        dialog.accept() if self.leave else dialog.dismiss()
