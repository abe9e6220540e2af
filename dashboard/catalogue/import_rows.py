"""The effects of the rows of a file on products, by the rules of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from dashboard.catalogue.import_categories import NamedCategories
from dashboard.catalogue.models import SKU_LENGTH, Product, ProductStatus
from dashboard.catalogue.rules import CLEANERS, Checked, check_product, plain_price
from dashboard.catalogue.skus import taken_fault, taken_keys
from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.importing.fields import Does, Given, Matching, Outcome
from dashboard.importing.file_lists import FileChange, FileLists
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.search.index import among
from dashboard.search.keys import sort_key
from dashboard.text.characters import is_unicode

USUAL: Mapping[str, str] = {
    "sku": "",
    "name": "",
    "description": "",
    "price": "",
    "currency": "EUR",
    "stock": "0",
    "status": ProductStatus.DRAFT.value,
}
"""The texts of the form of a new product."""
READ = (*CLEANERS, "category_id", "photos")
NO_PRODUCT = "No product has this SKU."
A_PRODUCT = "A product has this SKU already."


class Written(NamedTuple):
    """The values that an outcome writes, and the product that it changes; None where it creates one."""

    row: Values | None
    values: dict[str, Any]


class ProductRows:
    """Some rows of a file, with what the database has of the products and categories that they name."""

    def __init__(self, rows: Sequence[Given], how: Matching, *, lock: bool) -> None:
        self.how = how
        skus = [each.texts.get("sku", "") for each in rows]
        self.found = _read(skus, lock=lock) if how.key else {}
        unknown = (text for text in skus if how.creates and self._row(text) is None)
        self.taken = taken_keys(text.strip() for text in unknown if _can_be_sku(text))
        self.categories = NamedCategories(
            {text for each in rows if (text := each.texts.get("category", "")).strip()},
            {key for row in self.found.values() if (key := row["category_id"])},
            creates="category" in how.creates_related,
            lock=lock,
        )
        named = any(each.files for each in rows)
        self.lists = FileLists(row["photos"] for row in self.found.values() if named)
        self.created: dict[str, tuple[int, str]] = {}
        """The number and the SKU of the rows that create products, by the sort key of that."""
        self.changed: dict[int, int] = {}
        """The numbers of the rows that are about products, by the ids of these."""

    def outcome(self, given: Given) -> Outcome:
        """The effect of a row, after those that were asked for before."""
        row = self._row(given.texts.get("sku", ""))
        return self._create(given) if row is None else self._change(given, row)

    def _row(self, sku: str) -> Values | None:
        return self.found.get(sku) or self.found.get(sku.strip())

    def _create(self, given: Given) -> Outcome:
        number = given.number
        if not self.how.creates:
            return Outcome(number, Does.REFUSE, {"sku": NO_PRODUCT})
        usual = {
            name: USUAL[name] for name, text in given.texts.items() if USUAL.get(name) and _is_blank(text)
        }
        texts = {**USUAL, **given.texts, **usual}
        checked = check_product(texts)
        values, errors = checked.values, checked.errors
        sku = values.get("sku", "")
        key = sort_key(sku)
        if fault := self._sku_fault(sku, key):
            errors["sku"] = fault
        new = self._category(texts.get("category", ""), checked)
        changes, faults = self.lists.changes(given, {}, clears=False)
        if errors := {**errors, **faults}:
            return Outcome(number, Does.REFUSE, errors, values.get("name", ""))
        self.created[key] = (number, sku)
        after = {name: text for name, text in self._shown(values, values["currency"], new).items() if text}
        outcome = Outcome(number, Does.CREATE, name=values["name"], after=after, creates=self._creates(new))
        return _with_files(outcome, None, values, changes)

    def _sku_fault(self, sku: str, key: str) -> str | None:
        """Say why no product can get `sku`, which has the sort key `key`, or None."""
        number, other = self.created.get(key, (0, ""))
        if number:
            return _same_sku(number) if other == sku else taken_fault(sku, [other])
        return taken_fault(sku, self.taken.get(key, ()))

    def _change(self, given: Given, row: Values) -> Outcome:
        number, name = given.number, row["name"]
        if not self.how.changes:
            return Outcome(number, Does.REFUSE, {"sku": A_PRODUCT}, name)
        if (earlier := self.changed.setdefault(row["id"], number)) != number:
            return Outcome(number, Does.REFUSE, {"sku": _same_sku(earlier)}, name)
        before = self._texts(row)
        typed = {
            each: text
            for each, text in given.texts.items()
            if before.get(each, text) != text and (self.how.clears or text.strip())
        }
        changes, faults = self.lists.changes(given, row, clears=self.how.clears)
        if not (typed or changes or faults):
            return Outcome(number, Does.NOTHING, name=name)
        checked = _check_change(typed, row) if typed else Checked({}, {})
        new = self._category(typed["category"], checked) if "category" in typed else ""
        if errors := {**checked.errors, **faults}:
            return Outcome(number, Does.REFUSE, errors, name)
        values = {each: value for each, value in checked.values.items() if row[each] != value}
        if not (values or new or changes):
            return Outcome(number, Does.NOTHING, name=name)
        after = self._shown(values, values.get("currency") or row["currency"], new)
        before = {each: before[each] for each in after}
        if "status" in before:
            before["status"] = before["status"].capitalize()
        outcome = Outcome(
            number,
            Does.CHANGE,
            name=name,
            key=row["id"],
            before=before,
            after=after,
            creates=self._creates(new),
        )
        return _with_files(outcome, row, values, changes)

    def _category(self, text: str, checked: Checked) -> str:
        """Check a category; returns the name of the one that is created, if any."""
        if not text.strip():
            checked.values["category_id"] = None
            return ""
        if (key := self.categories.find(text)) is not None:
            checked.values["category_id"] = key
            return ""
        try:
            return self.categories.new_name(text)
        except Refusal as error:
            checked.errors["category"] = str(error)
            return ""

    def _creates(self, name: str) -> Sequence[tuple[str, str]]:
        if not name:
            return ()
        self.categories.add(name)
        return (("category", name),)

    def _texts(self, row: Values) -> dict[str, str]:
        """The texts of a product as exported files have them; its SKU never changes."""
        return {
            "name": row["name"],
            "description": row["description"],
            "price": plain_price(row["price"], row["currency"]),
            "currency": row["currency"],
            "stock": str(row["stock"]),
            "status": row["status"].value,
            "category": self.categories.names.get(row["category_id"], ""),
        }

    def _shown(self, values: Values, currency: str, new: str) -> dict[str, str]:
        """New values as people read them."""
        shown = {name: value for name, value in values.items() if name != "category_id"}
        if "price" in shown:
            shown["price"] = plain_price(shown["price"], currency)
        if "stock" in shown:
            shown["stock"] = str(shown["stock"])
        if "status" in shown:
            shown["status"] = shown["status"].capitalize()
        if new or "category_id" in values:
            shown["category"] = new or self.categories.names.get(values["category_id"], "")
        return shown


def _with_files(
    outcome: Outcome, row: Values | None, values: dict[str, Any], changes: Mapping[str, FileChange]
) -> Outcome:
    """The outcome of a row with what it writes, and with the lists of files that it changes."""
    for name, change in changes.items():
        outcome.after = {**outcome.after, name: change.after}
        outcome.before = {**outcome.before, name: change.before}
    outcome.needs = [file for change in changes.values() for file in change.needs]
    outcome.data = Written(row, {**values, **{name: change.new for name, change in changes.items()}})
    return outcome


def _read(skus: Sequence[str], *, lock: bool) -> dict[str, Values]:
    """The products with these SKUs, by their SKUs, with what changing them takes."""
    fields = select(Product.id, Product.version, *(getattr(Product, name) for name in READ))
    its = {name for text in skus for name in (text, text.strip()) if _can_be_sku(name)}
    found = fields.where(among(Product.sku, [*its]))
    rows = db.session.connection().execute(for_writing(found, Product.id) if lock else found)
    names = [*rows.keys()]
    values = (dict(zip(names, row, strict=True)) for row in rows)
    return {each["sku"]: each for each in values}


def _can_be_sku(text: str) -> bool:
    """Whether the database may have `text` as a SKU, maybe one that is older than the rules."""
    return 0 < len(text) <= SKU_LENGTH and "\0" not in text and (text.isascii() or is_unicode(text))


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def _check_change(typed: Mapping[str, str], row: Values) -> Checked:
    """Check new texts of a product; an amount stays right in its currency."""
    texts = {"currency": row["currency"], **typed}
    if "price" not in typed and texts["currency"].strip().upper() != row["currency"]:
        texts["price"] = f"{row['price']:f}"
    checked = check_product(texts)
    if "currency" not in typed:  # it may be older than the rules
        checked.errors.pop("currency", None)
        checked.values.pop("currency", None)
    return checked


def _same_sku(number: int) -> str:
    return f"Row {number_words(number)} has the same SKU."
