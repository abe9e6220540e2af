"""Jobs: work that a request asks for and a worker does, whoever closes the page or kills the worker."""
