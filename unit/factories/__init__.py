"""Small makers of rows: each takes only what a test is about, and flushes; the caller commits."""
