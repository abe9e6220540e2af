"""What a screen of records can do: edit, merge, edit cells, edit in bulk, save views, show a history."""
