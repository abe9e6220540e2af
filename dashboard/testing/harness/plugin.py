"""All of the harness as one plugin of pytest; a conftest may name it where no entry point does."""

# The order matters: pytest cannot rewrite the assertions of a module that was imported before.
pytest_plugins = [
    "dashboard.testing.harness.entry",
    "dashboard.testing.harness.runner",
    "dashboard.testing.harness.guard",
    "dashboard.testing.harness.served",
    "dashboard.testing.harness.browsing",
    "dashboard.testing.harness.accessibility",
]
