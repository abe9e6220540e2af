"""The features of a screen: editing, merging, cells, bulk edits, saved views, history and others."""
