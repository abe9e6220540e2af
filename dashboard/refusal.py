"""The one way in which the console says that something cannot be done."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - says what it is to the user, who did nothing wrong
    """Something that cannot be done; its text says why in a sentence for the user.

    ``field`` is the name of the form's field that is to be changed, None where no single one is. Flows and
    rules raise it; a screen shows it where the change was made, and then nothing of the change is stored.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
