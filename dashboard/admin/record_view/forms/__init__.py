"""The forms of a mapped class, from Flask-Admin's attributes and the types of its columns."""
