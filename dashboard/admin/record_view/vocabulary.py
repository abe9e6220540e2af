"""The public names of Flask-Admin's `ModelView`: each is honoured, or refused when the console starts.

A test walks all of them, so that a new release cannot add one that is silently ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from flask_admin.contrib.sqla import ModelView

HONOURED = frozenset(
    [
        "column_list",
        "column_exclude_list",
        "column_labels",
        "column_descriptions",
        "column_searchable_list",
        "column_filters",
        "column_sortable_list",
        "column_default_sort",
        "column_editable_list",
        "column_details_list",
        "column_details_exclude_list",
        "column_export_list",
        "column_export_exclude_list",
        "column_display_pk",
        "column_display_all_relations",
        "column_choices",
        "form_columns",
        "form_excluded_columns",
        "form_args",
        "form_optional_types",
        "form_widget_args",
        "form_base_class",
        "can_create",
        "can_edit",
        "can_delete",
        "can_export",
        "list_template",
        "details_template",
        "create_template",
        "edit_template",
        "on_model_change",
        "after_model_change",
        "on_model_delete",
        "after_model_delete",
        "build_new_instance",
        "get_query",
        "inline_models",
        "action_disallowed_list",
        "is_action_allowed",
        "render",
        "column_formatters",
        "column_formatters_detail",
        "column_formatters_export",
        "column_type_formatters",
        "column_type_formatters_detail",
        "column_type_formatters_export",
        "page_size",
        "page_size_options",
        "can_set_page_size",
        "form_choices",
        "form_overrides",
        "form_extra_fields",
        "form_rules",
        "form_create_rules",
        "form_edit_rules",
        "on_form_prefill",
        "ignore_hidden",
        "can_view_details",
        "column_display_actions",
    ]
)
"""The names that a class may define."""
SEARCH = "Use column_searchable_list, or a listing of your own."
HOOKS = "Use on_model_change, or a function of your own in the feature Edit."
CSRF = "The console makes this form itself, with its token."
FIELDS = "Use form_columns, form_args, form_overrides and form_extra_fields."
ROW_ACTIONS = "Use the method record_actions: it adds links to the page of a record."
ROLES = "Use roles, which say who may read and write, and get_query, which says what."
LIST = "Use a listing of your own: it says how rows are read."
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("create_modal", "create_modal_template", "edit_modal", "edit_modal_template"), "Forms are pages."
    ),
    **dict.fromkeys(("details_modal", "details_modal_template"), "Records have pages."),
    **dict.fromkeys(("create_model", "update_model", "delete_model"), HOOKS),
    **dict.fromkeys(("delete_form", "get_delete_form", "action_form", "get_action_form"), CSRF),
    **dict.fromkeys(("list_form", "get_list_form", "scaffold_list_form"), CSRF),
    **dict.fromkeys(("get_list", "get_count_query", "scaffold_auto_joins"), LIST),
    **dict.fromkeys(
        ("column_auto_select_related", "column_select_related_list"), "The list joins what it shows."
    ),
    **dict.fromkeys(("init_search", "search_placeholder"), SEARCH),
    **dict.fromkeys(
        ("filter_converter", "scaffold_filters", "get_filters", "is_valid_filter", "handle_filter"), LIST
    ),
    **dict.fromkeys(("get_filter_arg", "named_filter_urls"), "Addresses name filters by their columns."),
    **dict.fromkeys(("extra_css", "extra_js"), "The policy for content allows only the console's own files."),
    **dict.fromkeys(("get_column_names", "get_list_columns", "scaffold_list_columns"), "Use column_list."),
    **dict.fromkeys(
        ("get_sortable_columns", "scaffold_sortable_columns", "is_sortable"), "Use column_sortable_list."
    ),
    **dict.fromkeys(
        ("get_list_value", "get_detail_value", "get_export_value"), "Use functions in column_formatters."
    ),
    **dict.fromkeys(("get_pk_value", "scaffold_pk"), "The mapping says which column is the key."),
    **dict.fromkeys(("form", "get_form", "scaffold_form", "model_form_converter"), FIELDS),
    **dict.fromkeys(("create_form", "edit_form", "get_create_form", "get_edit_form"), FIELDS),
    **dict.fromkeys(("get_actions_list", "init_actions", "handle_action"), "Use @action."),
    **dict.fromkeys(("column_extra_row_actions", "get_list_row_actions"), ROW_ACTIONS),
    **dict.fromkeys(("is_accessible", "is_visible", "inaccessible_callback"), ROLES),
    "action_delete": "Use can_delete, or on_model_delete.",
    "export_types": "Files are CSV.",
    "export_max_rows": "Files have every row of the list, as it is filtered.",
    "get_column_name": "Use column_labels.",
    "get_details_columns": "Use column_details_list.",
    "get_empty_list_message": "Use empty_text.",
    "get_export_columns": "Use column_export_list.",
    "get_export_name": "Files are named after the endpoint, which is an argument of the class.",
    "get_invalid_value_msg": "The console says itself which values it ignored.",
    "get_one": "Use get_query: it decides which records are seen on every page.",
    "get_save_return_url": "Saving leads back to the list.",
    "get_safe_page_size": "Use page_size_options.",
    "get_url": "Use url_for of Flask.",
    "handle_view_exception": "Raise ValueError in a hook: the form shows its text.",
    "is_editable": "Use column_editable_list.",
    "validate_form": "Use validators in form_args, or on_model_change.",
    "fast_mass_delete": "Each deletion is recorded in the history.",
    "simple_list_pager": "Lists of any length have the same steps.",
    "inline_model_form_converter": "The console makes the fields.",
    "scaffold_inline_form_models": "The console makes the forms of rows: use inline_models and its options.",
    "ajax_lookup": "Fields that refer to other records find them themselves.",
    "ajax_update": "Use column_editable_list.",
    "form_ajax_refs": "Fields that refer to other records find them themselves.",
}
"""The names that a class may not define, each with what to use instead."""
VIEWS = frozenset(
    [
        "index_view",
        "create_view",
        "edit_view",
        "details_view",
        "delete_view",
        "action_view",
        "export",
        "create_blueprint",
    ]
)
"""Flask-Admin's own view functions, which are not replaced one by one."""
PLAIN = (bool, str, int, list, tuple, dict, type(None))
"""The types of attributes that are compared with Flask-Admin's defaults, which say nothing new."""
GATE = "_handle_view"
"""The method that lets a request pass or refuses it."""
OF_EACH_CLASS = frozenset(["_urls", "_default_view"])
"""The names that Flask-Admin gives each class of views."""
NOTHING = object()


def refuse_unknown(view: type, base: type) -> None:
    """Raise ValueError with a line for each name that `view` defines and that is not honoured."""
    if lines := [*faults(view, base)]:
        raise ValueError(" ".join(lines))


def faults(view: type, base: type) -> Iterator[str]:
    """A line for each name that `view`, a class below `base`, defines and that is not honoured."""
    known = {name for name in dir(base) if not name.startswith("_")}
    for name in _defined(view, base):
        if reason := _reason(name):
            yield f"{view.__name__}.{name} is not supported. {reason}"
        elif name not in known and (close := get_close_matches(name, HONOURED, 1, 0.85)):
            yield f"{view.__name__}.{name} does not exist. Did you mean {close[0]}?"
    for name in _replaced(view, base):
        instead = ROLES if name == GATE else "Use another name."
        yield f"{view.__name__}.{name} is the console's own. {instead}"
    if not getattr(view, "can_view_details", True):
        yield f"{view.__name__}.can_view_details is false. Records have pages: use column_details_list."


def _defined(view: type, base: type) -> list[str]:
    own = {name: value for name, value in _own(view, base) if not name.startswith("_")}
    return sorted(name for name, value in own.items() if not _is_inherited(value, name, base))


def _replaced(view: type, base: type) -> list[str]:
    """The inner names of the console that a view defines: one of them decides who may do what."""
    inner = {name for name, _ in _own(view, base) if name.startswith("_") and not name.startswith("__")}
    return sorted(name for name in inner - OF_EACH_CLASS if hasattr(base, name))


def _own(view: type, base: type) -> Iterator[tuple[str, Any]]:
    for each in view.__mro__[: view.__mro__.index(base)]:
        yield from vars(each).items()


def _is_inherited(value: Any, name: str, base: type) -> bool:
    """Whether an attribute says no more than it does without the class."""
    is_default = isinstance(value, PLAIN) and value == getattr(ModelView, name, NOTHING)
    return is_default or _is_wrapped(value, getattr(base, name, None))


def _is_wrapped(value: Any, inherited: Any) -> bool:
    """Whether a view function is that of the base: Flask-Admin wraps those again in every class."""
    name = getattr(value, "__qualname__", None)
    return name is not None and name == getattr(inherited, "__qualname__", "")


def _reason(name: str) -> str | None:
    if name in REFUSED:
        return REFUSED[name]
    return "Pages are made by features." if name in VIEWS else None
