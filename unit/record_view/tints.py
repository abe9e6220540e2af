"""Records whose columns have types of an application: what Python has differs from what is stored."""

from enum import Enum
from typing import Any

from flask import Flask
from sqlalchemy import DateTime, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from dashboard.extensions import db


class Base(DeclarativeBase):
    """Tables with types of an application."""


class Tint:
    """A tint, which is stored by its code."""

    def __init__(self, code: str) -> None:
        if not code.startswith("#"):
            raise ValueError(f"{code} is no tint")
        self.code = code

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tint) and self.code == other.code

    def __hash__(self) -> int:
        return hash(self.code)

    def __str__(self) -> str:
        return f"tint {self.code}"


class TintType(TypeDecorator[Tint]):
    """A tint in a column of text."""

    impl = String(9)
    cache_ok = True
    python_type = Tint

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The code."""
        return None if value is None else value.code

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """The tint with a code."""
        return None if value is None else Tint(value)


class Finish(Enum):
    """How a surface looks."""

    MATT = 1
    HIGH_GLOSS = 2


class ByNumber(TypeDecorator[Finish]):
    """A choice that is stored by its number; the type says so of its values, too."""

    impl = Integer
    cache_ok = True
    python_type = int

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The number."""
        return None if value is None else Finish(value).value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        """The choice with a number."""
        return None if value is None else Finish(value)


class SmallLetters(TypeDecorator[str]):
    """A text in small letters."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The text in small letters."""
        return None if value is None else value.lower()


class Code(TypeDecorator[str]):
    """A text in capital letters, of a type that says that its values are texts."""

    impl = String(8)
    cache_ok = True
    python_type = str

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The text in capital letters."""
        return None if value is None else value.upper()


class Mixed(TypeDecorator[Any]):
    """A moment that Python has as a text."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        """The moment."""
        return value


class Paint(Base):
    """A paint."""

    __tablename__ = "own_paints"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    tint: Mapped[Tint] = mapped_column(TintType)
    second: Mapped[Tint | None] = mapped_column(TintType)
    finish: Mapped[Finish] = mapped_column(ByNumber)
    brand: Mapped[str | None] = mapped_column(SmallLetters)
    code: Mapped[str | None] = mapped_column(Code)
    mixed: Mapped[Any] = mapped_column(Mixed, nullable=True)


PAINTS = "/admin/own_paints"
EDIT = f"{PAINTS}/edit/?id=1"
RED = {
    "name": "Red",
    "tint": "#ff0000",
    "finish": "1",
    "brand": "Oak",
    "code": "r1",
    "mixed": "2026-03-31 09:30",
}


def paint(app: Flask) -> tuple[Any, ...]:
    """The values of the only paint."""
    with app.app_context():
        found = db.session.scalars(db.select(Paint)).one()
        values = found.name, found.tint, found.second, found.finish, found.brand, found.code
        return *values, str(found.mixed)
