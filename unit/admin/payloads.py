"""Texts that try to run a script in the browsers of others, and the parts of a page that would run."""

from html.parser import HTMLParser

CORPUS = [
    "<script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*19000003 }}{% raw %}",
    "${7*19000003}",
    "<!--",
    "]]><blink>",
    "&lt;blink&gt;&amp;",
    "\u202e<blink>gnp.exe",
]

SAFE_SCRIPT = tuple(
    f"/static/{name}."
    for name in ("console", "editing", "lists", "logged-out", "merge", "newfiles", "passkeys")
)


class Dangers(HTMLParser):
    """The parts of a page that would run, and elements that only a payload can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not values.get("src", "").startswith(SAFE_SCRIPT):
            self.found.append("script")
        if tag in ("img", "blink"):
            self.found.append(tag)
        self.found += [name for name in values if name.startswith("on")]
        self.found += [
            v for n, v in values.items() if n in ("href", "src", "action") and "script:" in v.lower()
        ]

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        if "133000021" in data:  # 7 * 19000003, which no random id holds: a template ran what was typed
            self.found.append(data)


def dangers(html: str) -> list[str]:
    parser = Dangers()
    parser.feed(html)
    parser.close()
    return parser.found
