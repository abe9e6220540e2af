"""Every address of the console, from its own map of routes."""

import re
from html import unescape

from flask import Flask

SAFE = {"GET", "HEAD", "OPTIONS"}


def addresses(app: Flask, method: str) -> list[str]:
    """Every address that takes `method`, naming record 1 where it may name one."""
    found = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            path = re.sub(r"<[^>]*>", "1", rule.rule)
            found.append(path + "?id=1" if path.startswith("/admin/") else path)
    return sorted(found)


def changing_routes(app: Flask) -> list[tuple[str, str]]:
    """Every method and address that is not safe by HTTP's own terms."""
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()} - SAFE
    return sorted((method, address) for method in methods for address in addresses(app, method))


def links(html: str) -> set[str]:
    """Every address on a page that a click leads to, without the way back that it carries."""
    found = {unescape(address) for address in re.findall(r'<a [^>]*href="(/[^"#]*)', html)}
    return {re.sub(r"[?&]next=.*", "", address) for address in found}
