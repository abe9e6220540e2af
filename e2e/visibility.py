"""Checks beyond axe: borders of controls, focus rings, and states shown by more than colour."""

import json

from playwright.sync_api import Page

from dashboard.testing.harness.accessibility import MODES

# Returns the elements that can hardly be seen, and why. Colours are as drawn: a transparent one is mixed with
# those behind it, up to the first opaque background.
HARDLY_SEEN = """() => {
    const LEAST = 3; // WCAG 1.4.11, Non-text Contrast
    const FIELD = 'input:not([type=hidden]), select, textarea';
    const CONTROL = `a[href], button, summary, [tabindex="0"], ${FIELD}`;
    const STATE = '[aria-pressed=true], [aria-selected=true], nav:not(.trail) [aria-current]';

    const parse = text => text.match(/[\\d.]+/g).map(Number);
    const isClear = text => parse(text)[3] === 0;
    const over = (text, ground) => {
        const [r, g, b, alpha = 1] = parse(text);
        return [r, g, b].map((each, at) => each * alpha + ground[at] * (1 - alpha));
    };
    const groundOf = e => e
        ? over(getComputedStyle(e).backgroundColor, groundOf(e.parentElement)) : [255, 255, 255];
    const light = colour => colour.map(each => each / 255)
        .map(each => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
        .reduce((sum, each, at) => sum + each * [.2126, .7152, .0722][at], 0);
    const contrast = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + .05) / (low + .05);
    };
    const isShown = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const all = selector => [...document.querySelectorAll(selector)].filter(isShown);
    const hasBorder = style => parseFloat(style.borderTopWidth) > 0 && !isClear(style.borderTopColor);

    // A field has an edge or a ground that stands out, and so has a button that draws one at all.
    const edge = e => {
        const style = getComputedStyle(e, e.matches('[type=checkbox], [type=radio]') ? '::before' : null);
        const outside = groundOf(e.parentElement);
        const drawn = [style.backgroundColor, hasBorder(style) ? style.borderTopColor : 'rgb(0 0 0 / 0)'];
        if (drawn.every(isClear) && !e.matches(FIELD)) return LEAST;
        return Math.max(...drawn.map(each => contrast(over(each, outside), outside)));
    };
    const faintEdges = all(`${FIELD}, .button, .icon-button, [data-category]`)
        .map(e => [edge(e), e]).filter(([found]) => found < LEAST)
        .map(([found, e]) => [`edge ${found.toFixed(2)}:1`, e]);

    // What is current, pressed or selected has a line or a weight that its neighbours lack.
    const marks = e => {
        const style = getComputedStyle(e), outside = groundOf(e.parentElement);
        const isLine = ([width, colour]) => parseFloat(width) > 0
            && contrast(over(colour, outside), outside) >= LEAST;
        const lines = ['Top', 'Right', 'Bottom', 'Left']
            .map(side => [style[`border${side}Width`], style[`border${side}Color`]]);
        if (style.outlineStyle !== 'none') lines.push([style.outlineWidth, style.outlineColor]);
        if (style.boxShadow.includes('inset')) lines.push(['1', style.boxShadow.split(')')[0]]);
        return lines.filter(isLine).length + style.fontWeight;
    };
    const alike = e => [...e.closest('ul, nav, [role=group], [role=listbox]').querySelectorAll(e.tagName)]
        .filter(other => other !== e && isShown(other) && marks(other) === marks(e));
    const byColour = all(STATE).filter(e => alike(e).length).map(e => ['told by its colour alone', e]);

    // One of each kind of control takes the focus as by a key: its ring stands out, and nothing cuts it off.
    const isCut = (e, room) => {
        const { left, top, right, bottom } = e.getBoundingClientRect();
        const isOut = (hole, by) => left - by < hole.left - 1 || top - by < hole.top - 1
            || right + by > hole.right + 1 || bottom + by > hole.bottom + 1;
        let box = e.parentElement;
        while (box !== document.body && getComputedStyle(box).overflow === 'visible') box = box.parentElement;
        const hole = box.getBoundingClientRect();
        return box !== document.body && isOut(hole, room) && !isOut(hole, 0);
    };
    const kindOf = e => [e.tagName, e.type, e.className, e.parentElement.className,
        e.parentElement.closest('[class]')?.className].join();
    const ring = e => {
        document.activeElement.blur(); // what has the focus by a click would keep it without a ring
        e.focus({ focusVisible: true });
        const style = getComputedStyle(e);
        const width = parseFloat(style.outlineWidth), offset = parseFloat(style.outlineOffset);
        if (document.activeElement !== e) return ''; // a dialog lies before it
        if (style.outlineStyle === 'none' || width < 2) return 'no ring';
        const ground = groundOf(offset < 0 ? e : e.parentElement);
        const found = contrast(over(style.outlineColor, ground), ground);
        if (found < LEAST) return `ring ${found.toFixed(2)}:1`;
        return isCut(e, offset + width) ? 'ring cut off' : '';
    };
    const kinds = new Map(all(CONTROL).map(e => [kindOf(e), e]));
    const faintRings = [...kinds.values()].map(e => [ring(e), e]).filter(([why]) => why);

    const found = [...faintEdges, ...byColour, ...faintRings];
    return found.map(([why, e]) => `${why}: ${e.outerHTML.slice(0, 120)}`);
}"""


def check_everywhere(page: Page) -> None:
    """Check the page in both modes; this moves the focus, which closes open drawers."""
    for mode in MODES:
        page.emulate_media(color_scheme=mode)
        found = page.evaluate(HARDLY_SEEN)
        assert not found, f"hardly seen, {mode}: {json.dumps(found, indent=1)}"
