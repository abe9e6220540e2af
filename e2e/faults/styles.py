"""Faults in the style sheet."""

from e2e.faults.fault import Fault

STYLES = {
    "muted words are too pale": Fault(
        "static/styles/tokens.css",
        "--muted: light-dark(#565f6d,",
        "--muted: light-dark(#8b93a0,",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-profile]",
        ),
    ),
    "edges of fields are too pale": Fault(
        "static/styles/tokens.css",
        "--input: light-dark(#7d8694,",
        "--input: light-dark(#b6bcc6,",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-new product]",
        ),
    ),
    "the ring is thin": Fault(
        "static/styles/elements.css",
        "pointer; }\n:focus-visible { outline: 2px",
        "pointer; }\n:focus-visible { outline: 1px",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-profile]",
        ),
    ),
    "the ring has the colour of lines": Fault(
        "static/styles/elements.css",
        "pointer; }\n:focus-visible { outline: 2px solid var(--accent)",
        "pointer; }\n:focus-visible { outline: 2px solid var(--line)",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-profile]",
        ),
    ),
    "tabs cut their ring off": Fault(
        "static/styles/list.css",
        "text-decoration: none; white-space: nowrap; outline-offset: -2px; }\n.views .button",
        "text-decoration: none; white-space: nowrap; }\n.views .button",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-products with saved views]",
        ),
    ),
    "modes show no ring": Fault(
        "static/styles/shell.css",
        ".modes button:focus-visible { outline: 2px solid var(--accent); }",
        ".modes button:focus-visible { outline: 0; }",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-profile]",
        ),
    ),
    "an error is as green as a success": Fault(
        "static/styles/messages.css",
        ".flash.error, .badge.bad { background: var(--bad-soft); color: var(--bad); }",
        ".flash.error, .badge.bad { background: var(--ok-soft); color: var(--ok); }",
        ("screens/test_visibility.py::test_kinds_of_messages_differ_in_colour_and_shape",),
    ),
    "a warning has no shape of its own": Fault(
        "static/styles/messages.css",
        ".flash.warning { --mark: polygon(50% 0, 100% 100%, 0 100%); }",
        "",
        ("screens/test_visibility.py::test_kinds_of_messages_differ_in_colour_and_shape",),
    ),
    "a faulty field has a sound edge": Fault(
        "static/styles/form.css",
        '[aria-invalid="true"] { border-color: var(--bad) !important; box-shadow: 0 0 0 1px var(--bad); }',
        "",
        ("screens/test_visibility.py::test_invalid_field_is_marked_by_more_than_colour",),
    ),
    "words of an error are grey": Fault(
        "static/styles/form.css",
        "p.error { color: var(--bad);",
        "p.error { color: var(--muted);",
        ("screens/test_visibility.py::test_invalid_field_is_marked_by_more_than_colour",),
    ),
    "rows slide over the bar of a phone": Fault(
        "static/styles/shell.css",
        "inset-block-start: 0; z-index: 3; }",
        "inset-block-start: 0; }",
        ("screens/test_visibility.py::test_sticky_bars_lie_above_scrolled_content",),
    ),
    "fields slide over the save bar": Fault(
        "static/styles/form.css",
        ".save-bar { position: sticky; inset-block-end: 0; z-index: 2;",
        ".save-bar { position: sticky; inset-block-end: 0; z-index: -1;",
        ("screens/test_visibility.py::test_sticky_bars_lie_above_scrolled_content",),
    ),
    "the save bar does not stick": Fault(
        "static/styles/form.css",
        ".save-bar { position: sticky;",
        ".save-bar { position: static;",
        ("screens/test_visibility.py::test_sticky_bars_lie_above_scrolled_content",),
    ),
    "targets of a phone are small": Fault(
        "static/styles/tokens.css",
        ":root { --target: 2.75rem; }",
        ":root { --target: 2.25rem; }",
        (
            "screens/test_accessibility.py::test_axe_finds_nothing_and_nothing_scrolls_sideways[chromium-new product]",
        ),
    ),
    "the password lies under its button": Fault(
        "static/styles/form.css",
        ".password input { padding-inline-end: 4.5rem !important; }",
        "",
        ("screens/test_visibility.py::test_text_for_screen_readers_takes_no_room",),
    ),
    "the question is taller than the window": Fault(
        "static/styles/overlay.css",
        "max-block-size: calc(100dvh - 2rem); padding: 1.25rem;",
        "max-block-size: none; padding: 1.25rem;",
        ("screens/test_responsive.py::test_dialog_fits_a_window_of_little_height",),
    ),
    "words for screen readers are shown": Fault(
        "static/styles/elements.css",
        "clip-path: inset(50%); white-space: nowrap; }\n.skip",
        "white-space: nowrap; }\n.skip",
        ("screens/test_visibility.py::test_text_for_screen_readers_takes_no_room",),
    ),
    "required fields are not marked": Fault(
        "static/styles/form.css",
        '.logged-in .required::after { content: " *" / ""; color: var(--bad); }',
        "",
        ("screens/test_visibility.py::test_required_fields_and_selected_rows_are_marked",),
    ),
    "dark mode prints pale words": Fault(
        "static/styles/media.css",
        "  :root, :root[data-mode] { color-scheme: light; }",
        "",
        ("screens/test_visibility.py::test_printed_text_is_dark_in_dark_mode_too",),
    ),
    "boxes of rows are printed": Fault(
        "static/styles/media.css",
        ".trail, .pick, .row-actions",
        ".trail, .row-actions",
        ("screens/test_media.py::test_printed_list_is_its_table_and_nothing_else",),
    ),
    "boxes vanish in forced colours": Fault(
        "static/styles/media.css",
        ':is([type="checkbox"], [type="radio"]) { appearance: auto; }',
        "",
        ("screens/test_media.py::test_forced_colours_keep_selected_controls_distinct",),
    ),
    "the bar moves for those who want less": Fault(
        "static/styles/media.css",
        "{ animation: none !important; transition",
        "{ animation: unset; transition",
        ("screens/test_media.py::test_reduced_motion_stops_animations_and_transitions",),
    ),
    "a sent button looks ready": Fault(
        "static/styles/buttons.css",
        ".button:is(:disabled, [aria-disabled])",
        ".button:is(:disabled)",
        ("as_editor/test_sending_once.py::test_post_without_a_page_in_answer_can_be_sent_again_later",),
    ),
    "selected rows look like others": Fault(
        "static/styles/table.css",
        ".records tbody tr:has(:checked) { background: var(--accent-soft); }",
        "",
        ("screens/test_visibility.py::test_required_fields_and_selected_rows_are_marked",),
    ),
    "a link under the mouse cannot be read": Fault(
        "static/styles/table.css",
        ".row-action[data-confirm]:hover { background: var(--bad-soft); color: var(--bad); }",
        ".row-action[data-confirm]:hover { background: var(--bad-soft); color: var(--bad-soft); }",
        ("screens/test_visibility.py::test_hovered_controls_change_and_stay_readable",),
    ),
}
