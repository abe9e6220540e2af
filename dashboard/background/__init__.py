"""What a server does beside answering requests: tasks that one process at a time runs every so often."""
