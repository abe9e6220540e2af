"""The public names of Flask-Admin's `ModelView`: each is honoured, or refused when the console starts.

A test walks all of them, so that a new release cannot add one that is silently ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

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
    ]
)
"""The names that a class may define."""
SEARCH = "Use column_searchable_list, or a listing of your own."
HOOKS = "Use on_model_change, or a function of your own in the feature Edit."
CSRF = "The console makes this form itself, with its token."
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
    "action_delete": "Use can_delete, or on_model_delete.",
    "export_types": "Files are CSV.",
    "fast_mass_delete": "Each deletion is recorded in the history.",
    "simple_list_pager": "Lists of any length have the same steps.",
    "inline_model_form_converter": "The console makes the fields.",
    "ajax_lookup": "Fields that refer to other records find them themselves.",
    "ajax_update": "Use column_editable_list.",
}
"""The names that a class may not define, each with what to use instead."""
NOT_YET = (
    frozenset(
        [
            "form",
            "form_choices",
            "is_accessible",
            "is_visible",
            "action_disallowed_list",
            "can_set_page_size",
            "can_view_details",
            "column_display_actions",
            "column_display_all_relations",
            "column_extra_row_actions",
            "column_formatters",
            "column_formatters_detail",
            "column_formatters_export",
            "column_type_formatters",
            "column_type_formatters_detail",
            "column_type_formatters_export",
            "create_form",
            "edit_form",
            "export_max_rows",
            "form_ajax_refs",
            "form_create_rules",
            "form_edit_rules",
            "form_extra_fields",
            "form_overrides",
            "form_rules",
            "get_actions_list",
            "get_column_name",
            "get_column_names",
            "get_create_form",
            "get_detail_value",
            "get_details_columns",
            "get_edit_form",
            "get_empty_list_message",
            "get_export_columns",
            "get_export_name",
            "get_export_value",
            "get_form",
            "get_invalid_value_msg",
            "get_list_columns",
            "get_list_row_actions",
            "get_list_value",
            "get_one",
            "get_pk_value",
            "get_safe_page_size",
            "get_save_return_url",
            "get_sortable_columns",
            "get_url",
            "handle_action",
            "handle_view_exception",
            "ignore_hidden",
            "inaccessible_callback",
            "init_actions",
            "is_action_allowed",
            "is_editable",
            "is_sortable",
            "model_form_converter",
            "on_form_prefill",
            "page_size",
            "page_size_options",
            "render",
            "scaffold_form",
            "scaffold_inline_form_models",
            "scaffold_list_columns",
            "scaffold_pk",
            "scaffold_sortable_columns",
            "update_model",
            "validate_form",
        ]
    )
    - REFUSED.keys()
)
"""The names that are refused because nothing honours them so far."""
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


def _defined(view: type, base: type) -> list[str]:
    above = view.__mro__[: view.__mro__.index(base)]
    own = {name: value for each in above for name, value in vars(each).items() if not name.startswith("_")}
    return sorted(name for name, value in own.items() if not _is_wrapped(value, getattr(base, name, None)))


def _is_wrapped(value: Any, inherited: Any) -> bool:
    """Whether a view function is that of the base: Flask-Admin wraps those again in every class."""
    name = getattr(value, "__qualname__", None)
    return name is not None and name == getattr(inherited, "__qualname__", "")


def _reason(name: str) -> str | None:
    if name in REFUSED:
        return REFUSED[name]
    if name in VIEWS:
        return "Pages are made by features."
    return "Remove it: nothing honours it so far." if name in NOT_YET else None
