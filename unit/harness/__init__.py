"""The machinery of browser suites under test."""
