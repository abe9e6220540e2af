"""The server: waitress, whose threads wait for no client, in workers that gunicorn starts and watches."""
