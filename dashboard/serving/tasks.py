"""Answers requests: by the application, or by the server if the request is malformed."""

from __future__ import annotations

from typing import Any

from waitress.task import ErrorTask, WSGITask

from dashboard.web.slots import LATE

NO_REQUEST = {
    400: "The request could not be understood.",
    413: "The request is larger than this server accepts.",
    431: "The address or the headers of the request are longer than this server accepts.",
    501: "The request is encoded in a way that this server does not know.",
}
OUR_FAULT = "Something went wrong on our side."


class Answer(WSGITask):  # type: ignore[misc]
    """A request that the application answers."""

    def start(self) -> None:
        """Begin the answer; the last one of a connection says so."""
        super().start()
        if self.channel.closes_next:
            self.set_close_on_finish()

    def execute(self) -> None:
        """Let the application answer."""
        try:
            super().execute()
        except OSError as error:  # waitress would blame the client and log nothing
            raise RuntimeError("The application failed while sending its answer.") from error

    def get_environment(self) -> dict[str, Any]:
        """The WSGI environment, with a mark if the request waited too long."""
        environ: dict[str, Any] = super().get_environment()
        environ["SERVER_SOFTWARE"] = "waitress"  # the `ident` setting would also send it to every client
        environ[LATE] = self.channel.is_late or self.request.is_refused
        return environ


class RefusedRequest(ErrorTask):  # type: ignore[misc]
    """The answer to a malformed request, or to a fault while answering."""

    def execute(self) -> None:
        """Answer in plain text, with the headers that every answer carries."""
        error, self.channel.is_refused = self.request.error, True
        body = f"{error.reason}\r\n\r\n{NO_REQUEST.get(error.code, OUR_FAULT)}\r\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *self.channel.server.policies.items(),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
