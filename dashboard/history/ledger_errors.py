"""The refusals of changes that the history would not have."""

from __future__ import annotations

from werkzeug.exceptions import Conflict, InternalServerError

from dashboard.refusal import Refusal


class LedgerError(Refusal, InternalServerError):
    """The ledger could not be written, so the change was not made: answered by an error page of 500."""

    def __init__(self) -> None:
        super().__init__(
            "The change could not be recorded in the history, so it was not made. Try again later."
        )

    def __str__(self) -> str:
        return self.description or ""


class UnrecordedError(Refusal, RuntimeError, Conflict):
    """A statement would change records without the ledger: answered by a page of 409 that says so."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This would change {name} without recording it in the history, so it was not done."
            " Change the records one by one."
        )
        self.description = str(self)

    def __str__(self) -> str:
        return str(self.args[0])
