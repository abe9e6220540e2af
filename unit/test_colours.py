"""The contrast of the colours in the tokens (WCAG 1.4.3), in light and dark, on the page and over it."""

import re

import pytest

from dashboard.accounts.people import HUES
from dashboard.web.assets import STATIC

PAIR = re.compile(r"^ *--([\w-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));$", re.M)
PAGE, OVER = (STATIC / "styles/tokens.css").read_text().split("dialog, :popover-open", 1)
MODES = {"light": 0, "dark": 1}
TEXTS = ("text", "muted", "accent", "bad")
GROUNDS = ("surface", "sunken")


def colours(text: str, mode: str) -> dict[str, str]:
    """The colours that a part of the tokens declares for a mode."""
    return {name: one or (light, dark)[MODES[mode]] for name, light, dark, one in PAIR.findall(text)}


def luminance(colour: str) -> float:
    """The relative luminance of a colour."""
    digits = colour[1:] if len(colour) > 4 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in TEXTS for ground in ("bg", *GROUNDS)),
        *((tone, f"{tone}-soft") for tone in ("accent", "ok", "warn", "bad")),
        ("on-accent", "accent"),
        ("on-bad", "bad-fill"),
    ],
)
def test_text_of_the_page_can_be_read(mode: str, text: str, ground: str) -> None:
    page = colours(PAGE, mode)
    assert contrast(page[text], page[ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_over_the_page_can_be_read(mode: str, text: str, ground: str) -> None:
    assert contrast(colours(PAGE, mode)[text], colours(OVER, mode)[ground]) >= 4.5


def test_what_lies_over_a_dark_page_is_lighter_than_its_surfaces() -> None:
    page, over = colours(PAGE, "dark"), colours(OVER, "dark")
    assert luminance(over["surface"]) > 1.5 * luminance(page["surface"]) > luminance(page["bg"])
    assert luminance(over["line"]) > luminance(page["line"])


def test_bad_is_a_red_and_no_pink_in_the_dark() -> None:
    red, *others = (int(colours(PAGE, "dark")["bad"][at : at + 2], 16) for at in (1, 3, 5))
    assert red == 255
    assert all(other < red / 2 for other in others)


def test_initials_can_be_read_on_each_of_their_colours() -> None:
    hues = re.findall(r"^\.(\w+) \{ background: (#\w+); \}$", OVER, re.M)
    assert [name for name, _ in hues] == [*HUES]
    assert [name for name, colour in hues if contrast("#ffffff", colour) < 4.5] == []
