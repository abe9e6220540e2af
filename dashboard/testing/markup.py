"""Reads a page: its elements and texts, and the fields that a browser would send without JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element with its attributes and everything below it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Every element below with this tag and these attributes (``class_`` is one of its classes)."""
        below = [child for child in self.children if isinstance(child, Element)]
        return [
            found
            for child in below
            for found in ([child] if child.is_like(tag, attributes) else []) + child.all(tag, **attributes)
        ]

    def is_like(self, tag: str, attributes: dict[str, str]) -> bool:
        """Whether this element has the tag, if one is given, and the attributes."""
        classes = self.attributes.get("class", "").split()
        return tag in ("", self.tag) and all(
            value in classes if name == "class_" else self.attributes.get(name.replace("_", "-")) == value
            for name, value in attributes.items()
        )

    @property
    def text(self) -> str:
        """The text below, as one line."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return re.sub(r"\s+", " ", " ".join(parts)).strip()

    @property
    def fields(self) -> MultiDict[str, str]:
        """The fields that a browser sends from this form, without its buttons and those that are disabled."""
        sent: MultiDict[str, str] = MultiDict()
        for control in self.all():
            name, value = control.attributes.get("name"), control.attributes.get("value", "")
            if not name or control.tag == "button" or "disabled" in control.attributes:
                continue
            if control.tag == "textarea":
                sent.add(
                    name, "".join(str(c) for c in control.children).removeprefix("\r").removeprefix("\n")
                )
            elif control.tag == "select":
                options = control.all("option")
                chosen = [o for o in options if "selected" in o.attributes] or options[:1]
                sent.add(name, chosen[0].attributes.get("value", chosen[0].text))
            elif (
                control.attributes.get("type") not in ("checkbox", "radio") or "checked" in control.attributes
            ):
                sent.add(name, value)
        return sent


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """A page as a tree of its elements."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0]


def record_form(html: str) -> MultiDict[str, str]:
    """The fields of the one form that creates, changes or asks."""
    forms = [form for form in read(html).all("main")[0].all("form", method="post") if form.fields]
    return forms[-1].fields
