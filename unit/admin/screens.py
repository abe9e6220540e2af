"""The three screens of records, with a good form for each and a change to it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Screen:
    """A screen: its name and title, valid and invalid values of its form, and its messages."""

    name: str
    title: str
    new: dict[str, str]
    change: dict[str, str]
    named: str
    """The name in messages of the record that `new` makes."""
    changed: str
    """The name in messages of a record after `change`; ``{0}`` is its name before."""
    wrong: dict[str, str] = field(default_factory=dict)
    """Values that the form refuses, each at its own field."""
    created: str = "created"
    """The verb of the message about a new record."""

    @property
    def path(self) -> str:
        """The address of the list."""
        return f"/admin/{self.name}/"

    def __str__(self) -> str:
        return self.name


SCREENS = (
    Screen(
        "products",
        "Products",
        new={
            "name": "Oak Lamp",
            "sku": "LMP-1",
            "description": "Two\nlines",
            "price": "12.50",
            "currency": "EUR",
            "stock": "3",
            "status": "draft",
            "category": "",
        },
        change={"name": "Beech Lamp"},
        named="Product “Oak Lamp”",
        changed="Product “Beech Lamp”",
        wrong={"name": "", "sku": "no spaces", "price": "1e5", "currency": "XXX", "stock": "-1"},
    ),
    Screen(
        "categories",
        "Categories",
        new={"name": "Lighting"},
        change={"name": "Lamps"},
        named="Category “Lighting”",
        changed="Category “Lamps”",
        wrong={"name": "two\nlines"},
    ),
    Screen(
        "users",
        "Users",
        new={
            "email": "Ada@Example.test",
            "name": "Ada",
            "role": "editor",
        },
        change={"name": "Grace"},
        named="Account ada@example.test",
        changed="Account {0}",
        wrong={"email": "nobody", "role": "emperor"},
        created="invited",
    ),
)
