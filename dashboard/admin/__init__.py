"""The console: one screen a file, all behind one gate."""
