"""The screen of any mapped class: its list, forms and features, from the attributes of Flask-Admin."""
