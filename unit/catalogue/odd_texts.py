"""Odd texts for the fields of a product: signs of all kinds, lengths at bounds, amounts and codes."""

from hypothesis import strategies as st

SIGNS = st.characters(exclude_categories=()) | st.sampled_from(
    " \t\n\r\x1c\x7f\x85\xa0\u0301\u202e\u200bAz0.-é"
)
LONG = st.builds(
    lambda sign, times, end: sign * times + end,
    st.sampled_from(["x", "é", "e\u0301", "x ", "\n"]),
    st.sampled_from([39, 40, 41, 199, 200, 201, 2500, 4999, 5000, 5001]),
    st.sampled_from(["", " ", "\x07"]),
)
BLANK = st.sampled_from(["", " ", "  ", "\t", "\n", "\xa0"])
CODES = ["EUR", "eur", "JPY", "KWD", "XXX", "active", "ACTIVE", "draft", "gone", "LMP-1", "-1", "Oak Lamp"]
AMOUNTS = ["9" * 9, "9" * 10, "1" + "0" * 9, "0" * 12, "12.50", "12.5000", "1.005", "0.0", "1.", ".5", "1e3"]
WORDS = st.sampled_from([*CODES, *AMOUNTS, "1_000", "٣", "²"])
NUMBERS = st.text("0123456789.-+, ", max_size=16)
ASCII = st.text(st.characters(max_codepoint=0x7F), max_size=60)
ONES = st.text(SIGNS, max_size=30) | ASCII | LONG | NUMBERS | WORDS
ANY = st.builds("{}{}{}".format, BLANK, ONES, BLANK)
