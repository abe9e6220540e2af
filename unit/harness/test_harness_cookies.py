"""Cookies as the server sent them."""

import pytest

from dashboard.testing.harness.cookies import SetCookie, parse


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        (
            "session=abc; HttpOnly; Path=/; SameSite=Lax",
            SetCookie("session", "abc", {"httponly": "", "path": "/", "samesite": "Lax"}),
        ),
        ("a=b=c;Secure", SetCookie("a", "b=c", {"secure": ""})),
        ("empty=; Max-Age=0", SetCookie("empty", "", {"max-age": "0"})),
        (
            "x=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            SetCookie("x", "1", {"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}),
        ),
    ],
)
def test_set_cookie_header_is_parsed_as_sent(header: str, cookie: SetCookie) -> None:
    assert parse(header) == cookie
