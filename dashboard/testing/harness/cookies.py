"""Cookies as the server sent them; `context.cookies()` adds attributes that were not sent."""

from dataclasses import dataclass

from playwright.sync_api import APIResponse, Response


@dataclass(frozen=True)
class SetCookie:
    """One Set-Cookie header; attribute names are in lower case, flags have the value ''."""

    name: str
    value: str
    attributes: dict[str, str]


def set_cookies(response: Response | APIResponse, name: str) -> list[SetCookie]:
    """Every cookie of that name that the response sets, in order."""
    if isinstance(response, Response):
        headers = response.header_values("set-cookie")
    else:
        headers = [each["value"] for each in response.headers_array if each["name"].lower() == "set-cookie"]
    return [cookie for cookie in map(parse, headers) if cookie.name == name]


def set_cookie(response: Response | APIResponse, name: str = "session") -> SetCookie:
    """Return the cookie of that name that the response sets; fails if it sets no such cookie or several."""
    found = set_cookies(response, name)
    assert len(found) == 1, f"{response.url} sets {name} {len(found)} times"
    return found[0]


def parse(header: str) -> SetCookie:
    """Parse one Set-Cookie header."""
    first, *rest = (part.strip() for part in header.split(";"))
    name, _, value = first.partition("=")
    pairs = (part.partition("=") for part in rest)
    return SetCookie(name, value, {key.lower(): text for key, _, text in pairs})
