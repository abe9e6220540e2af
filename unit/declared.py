"""The input that the code declares to accept, and the rows of docs/bounds.md about it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
from flask_wtf import FlaskForm

from dashboard.accounts.authenticator.forms import CodeForm, SetUpForm
from dashboard.accounts.choosing import ChosenPasswordForm
from dashboard.accounts.email_change.forms import NewEmailForm
from dashboard.accounts.invitations.forms import AcceptForm
from dashboard.accounts.login.forms import LoginForm
from dashboard.accounts.passkeys.forms import AddForm, LoginByPasskeyForm, NamedForm, RenameForm, UseForm
from dashboard.accounts.profile.forms import DetailsForm, PasswordForm
from dashboard.accounts.reauthentication.password import ConfirmPasswordForm
from dashboard.accounts.recovery_codes.forms import RecoveryForm
from dashboard.accounts.register.forms import (
    EmailForm,
    FinishForm,
    RegisterByMailForm,
    RegisterForm,
)
from dashboard.accounts.resets.forms import ForgottenForm
from dashboard.admin.features.bulk_edit import BulkForm
from dashboard.admin.features.export import ExportForm
from dashboard.admin.features.import_forms import ChoicesForm, ReadingForm, UploadForm
from dashboard.admin.features.view_form import ViewForm
from dashboard.admin.kit.forms import ConsoleForm, RecordForm
from dashboard.admin.kit.typed_name import TypedNameForm
from dashboard.admin.record_view.bulk import RecordBulkForm
from dashboard.admin.record_view.child_rows.form import FormWithRows
from dashboard.admin.record_view.deletion.holder_form import HolderForm
from dashboard.admin.screens.categories import CategoryForm
from dashboard.admin.screens.product_bulk_form import ProductBulkForm
from dashboard.admin.screens.product_form import ProductForm
from dashboard.admin.screens.user_forms import NewUserForm, UserForm
from dashboard.cli import main
from dashboard.web.forms import AtMost, BoundedForm, TypedForm
from dashboard.web.opened import OpenedForm
from unit.documents import ROOT, table

PACKAGE = ROOT / "dashboard"
BOUNDS = "docs/bounds.md"
MULTIDICTS = ("args", "form", "values", "cookies", "headers")
READS_THEM_BY_NAME = ("admin", "listing")  # packages whose functions are given them as arguments
FORMS: dict[type[FlaskForm], str] = {
    LoginForm: "/login",
    RegisterForm: "/register",
    RegisterByMailForm: "/register",
    FinishForm: "/registration",
    ForgottenForm: "/password/forgot",
    NewEmailForm: "/profile/email",
    AcceptForm: "/invitation",
    ChosenPasswordForm: "/reset",
    DetailsForm: "/profile",
    PasswordForm: "/profile/password",
    ConfirmPasswordForm: "/login/confirm",
    CodeForm: "/login/factor",
    RecoveryForm: "/login/factor",
    SetUpForm: "/profile/authenticator",
    UseForm: "/login/factor",
    LoginByPasskeyForm: "/login/passkey",
    AddForm: "/profile/passkeys/new",
    RenameForm: "/profile/passkeys/<key>/rename",
    ProductForm: "/admin/products/new/",
    CategoryForm: "/admin/categories/new/",
    NewUserForm: "/admin/users/new/",
    UserForm: "/admin/users/edit/",
    TypedNameForm: "/admin/users/erase/",
    ExportForm: "/admin/products/export/",
    UploadForm: "/admin/categories/import/",
    ReadingForm: "/admin/categories/import/columns/",
    ChoicesForm: "/admin/categories/import/columns/",
    ViewForm: "/admin/products/views/new/",
    ProductBulkForm: "/admin/products/action/",
}
BASES = {
    *(BoundedForm, BulkForm, ConsoleForm, EmailForm, FormWithRows, HolderForm, NamedForm),
    *(OpenedForm, RecordForm, TypedForm, RecordBulkForm),
}
SENT_ALONG = {"opened_state", "version", "opened", "dashboard-opened", "dashboard-numbers", "csrf_token"}


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading of docs/bounds.md, without its head."""
    return [[cell.strip("`") for cell in row] for row in table(BOUNDS, title)]


def named(title: str) -> set[tuple[str, str]]:
    """Where and under which names a section has rows."""
    return {(row[0], row[1]) for row in rows(title)}


def forms(base: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    """Every form of the console; those made for a request live on until the next collection of garbage."""
    for form in base.__subclasses__():
        if form.__module__.startswith("dashboard.") and "is_made" not in vars(form):
            yield form
        yield from forms(form)


def fields(form: type[FlaskForm]) -> set[str]:
    """The names of a form's fields that people fill in."""
    return {name for name in dir(form) if hasattr(getattr(form, name), "field_class")} - SENT_ALONG


def longest(form: type[FlaskForm], name: str) -> int | None:
    """How long a field may be; None where it takes no text, or is the log-in form's."""
    field = getattr(form, name)
    validators = field.kwargs.get("validators") or next(iter(field.args[1:2]), [])
    return next((each.longest for each in validators if isinstance(each, AtMost)), None)


def read_by_name() -> dict[str, set[str]]:
    """The names that the code asks a request for, each with where in a request."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        loose = path.relative_to(PACKAGE).parts[0] in READS_THEM_BY_NAME
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for source, key in lookups(node, loose):
                if isinstance(name := value_of(key, path), str):
                    found.setdefault(name, set()).add(source)
    return found


def lookups(node: ast.AST, loose: bool) -> Iterator[tuple[str, ast.expr]]:
    """Where a node looks into the parts of a request: the part and the key."""
    held: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        held = [(node.func.value, node.args[0])] if node.func.attr in ("get", "getlist") else []
    elif isinstance(node, ast.Subscript):
        held = [(node.value, node.slice)]
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        held = [(node.comparators[0], node.left)]
    for part, key in held:
        whole = ast.unparse(part).removeprefix("request.")
        is_of_request = ast.unparse(part).startswith("request.") or loose
        if whole in MULTIDICTS and is_of_request:
            yield whole, key


def value_of(key: ast.expr, path: Path) -> object:
    """The value of a literal, or of a constant of the module at `path`; None where it is neither."""
    if isinstance(key, ast.Constant):
        return key.value
    return getattr(module(path), key.id, None) if isinstance(key, ast.Name) else None


def module(path: Path) -> ModuleType:
    """The module of a file of the package."""
    return importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def commands(group: click.Group, name: str = "dashboard") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    for part, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {part}")
        else:
            yield f"{name} {part}", command


COMMANDS = dict(commands(main))
WHOLE, HEADERS = rows("A whole request"), rows("Headers and cookies that are read")
TABLES, ARCHIVES = rows("Files with tables"), rows("ZIPs with a table and files")
ADDRESSES, FIELDS = rows("Parameters of addresses"), rows("Fields that people fill in")
ALONG, SETTINGS, COMMAND_ROWS = rows("Fields that forms send along"), rows("Settings"), rows("Commands")
