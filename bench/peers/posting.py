"""Sending a file to an application in this process, as a browser does."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_cookie
from werkzeug.test import encode_multipart

from bench.console import scope


def post(
    application: Any,
    address: str,
    fields: Mapping[str, str],
    file: tuple[str, Path],
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """Send a form with a file, whose field is named first, to an ASGI application; returns the answer.

    Raises RuntimeError where that is no success.
    """
    name, path = file
    with path.open("rb") as content:
        sent = FileStorage(content, path.name, content_type="text/csv")
        boundary, body = encode_multipart({**fields, name: sent})
    kind = {"Content-Type": f'multipart/form-data; boundary="{boundary}"', "Content-Length": str(len(body))}
    request = {**scope(address, {**kind, **(headers or {})}), "method": "POST"}
    begun, *pieces = asyncio.run(_messages(application, request, body))
    text = b"".join(piece.get("body", b"") for piece in pieces)
    if begun["status"] != HTTPStatus.OK:
        raise RuntimeError(f"{address} was answered by {begun['status']}: {text[:200]!r}")
    return text


def cookies(application: Any, address: str) -> dict[str, str]:
    """The cookies that a page sets."""
    begun, *_ = asyncio.run(_messages(application, scope(address, {}), b""))
    lines = [value.decode() for name, value in begun["headers"] if name == b"set-cookie"]
    return {name: value for line in lines for name, value in parse_cookie(line.partition(";")[0]).items()}


async def _messages(application: Any, request: dict[str, Any], body: bytes) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    bodies = [body]

    async def receive() -> dict[str, Any]:
        if not bodies:
            await asyncio.Event().wait()  # the browser stays until it has the whole answer
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await application(request, receive, send)
    return messages
