"""Records that belong to another one and are edited in its form: ``inline_models``."""
