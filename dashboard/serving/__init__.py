"""The server: waitress, whose threads never wait for a client, in workers that gunicorn watches."""
