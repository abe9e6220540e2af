"""Faults in scripts."""

from e2e.faults.fault import Fault

SCRIPTS = {
    "leaving amid a cell asks nothing": Fault(
        "static/inline.js",
        'addEventListener("beforeunload", this.whenLeaving);',
        'removeEventListener("beforeunload", this.whenLeaving);',
        ("as_editor/test_inline_edit.py::test_leaving_the_page_amid_a_cell_is_asked_about",),
    ),
    "keys act inside a choice": Fault(
        "static/scripts/keys.js",
        "'textarea, select, [contenteditable]",
        "'textarea, [contenteditable]",
        ("as_viewer/test_shortcuts.py::test_letters_go_to_the_focused_select_or_text",),
    ),
    "the lock does not lapse": Fault(
        "static/scripts/leaving.js",
        "  lapse = setTimeout(stay, LAPSE_MS);",
        "",
        ("as_editor/test_sending_once.py::test_a_post_that_brings_no_page_can_be_sent_again_after_a_while",),
    ),
    "a click with a modifier locks": Fault(
        "static/scripts/leaving.js",
        "  aside = !isPlain(event);",
        "  aside = false;",
        ("as_editor/test_sending_once.py::test_a_form_sent_to_another_tab_locks_nothing_here",),
    ),
    "an export locks nothing but the bar": Fault(
        "static/scripts/leaving.js",
        ' || link.hasAttribute("download")',
        "",
        ("as_editor/test_sending_once.py::test_an_export_leaves_everything_usable",),
    ),
    "a closed message leaves the focus nowhere": Fault(
        "static/scripts/flashes.js",
        '(next.isConnected ? next : document.querySelector(".flash[tabindex]")).focus();',
        "",
        ("as_anonymous/test_flashes.py::test_message_can_be_closed_without_a_request",),
    ),
    "a message does not take the focus": Fault(
        "static/scripts/flashes.js",
        '(summary ?? document.querySelector(".flash[tabindex]"))?.focus();',
        "summary?.focus();",
        ("screens/test_keyboard.py::test_a_product_is_made_changed_and_deleted_by_keyboard_alone",),
    ),
    "a summary keeps the old address": Fault(
        "static/scripts/flashes.js",
        "if (summary && location.hash)",
        "if (!summary && location.hash)",
        ("as_anonymous/test_register.py::test_error_summary_gets_the_focus_at_the_second_try_too",),
    ),
    "the show button says the opposite": Fault(
        "static/scripts/passwords.js",
        'visible ? "Hide" : "Show"',
        'visible ? "Show" : "Hide"',
        ("as_viewer/test_profile_password.py::test_each_password_can_be_shown_and_hidden",),
    ),
    "a shown password is sent as text": Fault(
        "static/scripts/passwords.js",
        'input.form.addEventListener("submit", () => show(false));',
        "",
        ("as_anonymous/test_login.py::test_shown_password_is_hidden_before_it_is_sent",),
    ),
    "the guard asks where nothing changed": Fault(
        "static/scripts/forms.js",
        "contents(form) !== before",
        "contents(form) === before",
        ("as_editor/test_products_unsaved.py::test_a_form_without_a_change_is_left_without_a_question",),
    ),
    "blank filters stay in the address": Fault(
        "static/scripts/forms.js",
        'if (value === "") event.formData.delete',
        'if (value === " ") event.formData.delete',
        ("as_editor/test_product_list_filters.py::test_a_filter_narrows_the_list_and_shows_its_chips",),
    ),
    "a whole page counts as part of it": Fault(
        "static/scripts/selection.js",
        "chosen < boxes.length;",
        "chosen <= boxes.length;",
        ("as_editor/test_bulk_everything.py::test_everything_is_offered_once_a_whole_page_is_selected",),
    ),
    "all pages stay selected without a row": Fault(
        "static/scripts/selection.js",
        "    if (matching) matching.checked &&= all.checked;",
        "",
        (
            "as_editor/test_bulk_everything.py::test_clearing_gives_up_everything_and_leaving_one_out_all_but_the_page",
        ),
    ),
    "clearing leaves the focus behind": Fault(
        "static/scripts/selection.js",
        "setTimeout(() => (count(), all.focus()))",
        "setTimeout(() => count())",
        (
            "as_editor/test_bulk_everything.py::test_clearing_gives_up_everything_and_leaving_one_out_all_but_the_page",
        ),
    ),
    "the selection is not brought back": Fault(
        "static/scripts/selection.js",
        "picked.includes(box.value);",
        "picked.includes(box.id);",
        ("as_editor/test_coming_back.py::test_back_selects_the_same_record_in_whatever_place",),
    ),
    "a move is told one place early": Fault(
        "static/scripts/columns.js",
        "lines.length - 1) + 1;",
        "lines.length - 1);",
        ("as_editor/test_columns.py::test_columns_are_arranged_by_keyboard_and_each_move_is_told",),
    ),
    "a moved column loses the focus": Fault(
        "static/scripts/columns.js",
        "    button.focus();\n  }\n  const now",
        "  }\n  const now",
        ("as_editor/test_columns.py::test_columns_are_arranged_by_keyboard_and_each_move_is_told",),
    ),
    "a question is asked by Delete first": Fault(
        "static/scripts/confirmation.js",
        '  dialog.querySelector("[data-cancel]").focus();',
        '  dialog.querySelector("button").focus();',
        (
            "screens/test_keyboard.py::test_the_focus_stays_in_a_dialog_until_escape_closes_it_and_then_goes_back",
        ),
    ),
    "a saved cell keeps its old name": Fault(
        "static/inline.js",
        "    this.rename(button);",
        "",
        ("as_editor/test_inline_edit.py::test_a_saved_status_has_the_colours_and_the_name_of_its_word",),
    ),
    "a faulty cell is not marked": Fault(
        "static/inline.js",
        '    this.field.setAttribute("aria-invalid", "true");',
        "",
        ("as_editor/test_inline_edit.py::test_a_broken_rule_is_told_at_the_cell_and_what_was_typed_stays",),
    ),
    "a faulty cell is not described": Fault(
        "static/inline.js",
        '    this.field.setAttribute("aria-describedby", this.problem.id);',
        "",
        ("as_editor/test_inline_edit.py::test_a_broken_rule_is_told_at_the_cell_and_what_was_typed_stays",),
    ),
    "a saved status keeps its old colour": Fault(
        "static/inline.js",
        "if (badge) badge.className = `badge ${tone}`;",
        "",
        ("as_editor/test_inline_edit.py::test_a_saved_status_has_the_colours_and_the_name_of_its_word",),
    ),
    "a cell cannot be cancelled by Esc after saving": Fault(
        "static/inline.js",
        "this.saving = this.save.disabled = false;",
        "this.save.disabled = false;",
        ("as_editor/test_inline_edit.py::test_conflict_in_a_cell_keeps_theirs",),
    ),
    "a click beside a changed cell drops it": Fault(
        "static/inline.js",
        "target === this.dialog && this.value === this.before && this.dialog.close()",
        "target === this.dialog && this.dialog.close()",
        ("as_editor/test_inline_edit.py::test_a_click_beside_a_cell_closes_it_only_if_nothing_was_typed",),
    ),
    "End leads to the first result": Fault(
        "static/palette.js",
        "End: -1",
        "End: 0",
        ("as_editor/test_palette.py::test_arrows_home_and_end_move_and_wrap_around",),
    ),
    "an empty list counts as expanded": Fault(
        "static/palette.js",
        "String(this.options.length > 0)",
        "String(this.options.length >= 0)",
        ("as_editor/test_palette.py::test_nothing_found_is_said",),
    ),
    "an old answer replaces a newer one": Fault(
        "static/palette.js",
        "    this.asked.abort();\n    this.goesOn",
        "    this.goesOn",
        ("as_editor/test_palette.py::test_a_late_answer_does_not_replace_a_newer_one",),
    ),
    "the sheet stays on a click beside it": Fault(
        "static/sheet.js",
        "target === dialog && dialog.close()",
        "target !== dialog && dialog.close()",
        ("as_viewer/test_shortcuts.py::test_sheet_shows_each_key_and_closes_by_a_click_outside",),
    ),
    "a command is shown as a sequence": Fault(
        "static/sheet.js",
        'if (first === "mod")',
        'if (first === "Mod")',
        ("as_viewer/test_shortcuts.py::test_sheet_shows_each_key_and_closes_by_a_click_outside",),
    ),
    "Ctrl and Shift with S saves as well": Fault(
        "static/scripts/keys.js",
        "return !event.shiftKey && (MAC",
        "return (MAC",
        ("as_viewer/test_shortcuts.py::test_browser_keys_composed_and_held_keys_do_nothing",),
    ),
    "a held key acts again and again": Fault(
        "static/scripts/keys.js",
        " || event.repeat || opening",
        " || opening",
        ("as_viewer/test_shortcuts.py::test_browser_keys_composed_and_held_keys_do_nothing",),
    ),
    "a key acts while a word is composed": Fault(
        "static/scripts/keys.js",
        " || event.isComposing || event.repeat",
        " || event.repeat",
        ("as_viewer/test_shortcuts.py::test_browser_keys_composed_and_held_keys_do_nothing",),
    ),
    "g waits for ever": Fault(
        "static/scripts/keys.js",
        'key === "g" && !going ? event.timeStamp : -Infinity;',
        'key === "g" && !going ? event.timeStamp : goingSince;',
        ("as_viewer/test_shortcuts.py::test_g_followed_by_another_key_is_forgotten",),
    ),
    "arrows leave the row by its edge": Fault(
        "static/scripts/cells.js",
        "inRow[inRow.indexOf(button) + along]?.focus();",
        "inRow.at((inRow.indexOf(button) + along) % inRow.length).focus();",
        ("as_editor/test_inline_edit.py::test_arrows_lead_through_the_cells_and_stop_at_the_edges",),
    ),
    "a drawer stays when it is left": Fault(
        "static/scripts/dialogs.js",
        "!popover.contains(relatedTarget) && popover",
        "popover.contains(relatedTarget) && popover",
        ("as_editor/test_keyboard.py::test_a_filter_is_set_by_keyboard_alone_and_closed_by_leaving_it",),
    ),
    "a hidden page says that it is edited": Fault(
        "static/editing.js",
        "if (document.hidden || Date.now()",
        "if (Date.now()",
        ("as_editor/test_conflict.py::test_a_page_in_the_background_does_not_edit",),
    ),
}
