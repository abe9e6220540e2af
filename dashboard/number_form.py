"""How numbers are written for the person of this request: ``1,200.00``, ``1.200,00`` and the like.

It is the one place where numbers become texts. Outside of requests, and where nobody chose anything, the form
is ``1,200.00``. Files, addresses, mails and logs have it for everyone; see docs/numbers.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from decimal import Decimal

NOT_SURE = "?"
"""The end of the mark of a form that nobody chose: the language of the browser is a guess."""


@dataclass(frozen=True)
class NumberForm:
    """A form of numbers, with the ``group`` sign between thousands and the decimal ``point``.

    Where the person chose it, ``is_chosen``, a text that it fits has one meaning.
    """

    name: str
    group: str
    point: str
    is_chosen: bool = False

    @property
    def mark(self) -> str:
        """The text by which a page says that it was made in this form."""
        return self.name if self.is_chosen else f"{self.name}{NOT_SURE}"

    @property
    def point_word(self) -> str:
        """The name of the sign before decimals."""
        return "comma" if self.point == "," else "point"

    def write(self, text: str) -> str:
        """A number that is written as ``1,200.00``, in this form."""
        if self.group == ",":
            return text
        return text.translate({ord(","): self.group, ord("."): self.point})


DEFAULT = NumberForm("point", ",", ".")
FORMS = {
    form.name: form
    for form in (
        DEFAULT,
        NumberForm("comma", ".", ","),
        NumberForm("space", "\N{NARROW NO-BREAK SPACE}", ","),
        NumberForm("apostrophe", "'", "."),
    )
}
CHOSEN = {name: replace(form, is_chosen=True) for name, form in FORMS.items()}
MARKED = {form.mark: form for form in (*FORMS.values(), *CHOSEN.values())}
LANGUAGES = {
    **dict.fromkeys(("az", "bs", "ca", "da", "de", "el", "es", "eu", "gl", "hr", "id", "is", "it"), "comma"),
    **dict.fromkeys(("lb", "mk", "nl", "pt", "ro", "sl", "sr", "tr", "vi"), "comma"),
    **dict.fromkeys(("af", "be", "bg", "cs", "et", "fi", "fr", "hu", "hy", "ka", "kk", "lt", "lv"), "space"),
    **dict.fromkeys(("nb", "nn", "no", "pl", "ru", "sk", "sq", "sv", "uk", "es-cr"), "space"),
    **dict.fromkeys(("de-ch", "de-li", "it-ch"), "apostrophe"),
    **dict.fromkeys(("es-419", "es-cu", "es-do", "es-gt", "es-hn", "es-mx", "es-ni", "es-pa"), "point"),
    **dict.fromkeys(("es-pe", "es-pr", "es-sv", "es-us"), "point"),
}
"""The form of each language, or of one in one country; any other has `DEFAULT`."""
_current: ContextVar[NumberForm] = ContextVar("number_form", default=DEFAULT)


def number_form() -> NumberForm:
    """The form of this request."""
    return _current.get()


def use(form: NumberForm) -> Token[NumberForm]:
    """Let `form` hold until `stop_using` is called with what this returns."""
    return _current.set(form)


def stop_using(token: Token[NumberForm]) -> None:
    """Let the form from before `use` hold again."""
    _current.reset(token)


@contextmanager
def numbers_in(form: NumberForm) -> Iterator[None]:
    """Let `form` hold within a block."""
    token = use(form)
    try:
        yield
    finally:
        stop_using(token)


def form_of_language(languages: str) -> NumberForm:
    """The form for the first language of an ``Accept-Language`` header."""
    first = languages[:99].partition(",")[0].partition(";")[0].strip().lower()
    name = LANGUAGES.get(first) or LANGUAGES.get(first.partition("-")[0])
    return FORMS[name] if name else DEFAULT


def number_words(number: float | Decimal, decimals: int | None = None) -> str:
    """A number as the person reads it, with a sign between thousands, and with so many decimals if given."""
    exact = "" if decimals is None else f".{decimals}"
    is_fixed = decimals is not None or isinstance(number, Decimal)
    return _current.get().write(f"{number:,{exact}f}" if is_fixed else f"{number:,}")


def in_form(text: str) -> str:
    """The numbers of a text that is ours, such as ``12.50`` in an example, in the person's form."""
    return _current.get().write(text)
