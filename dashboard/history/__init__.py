"""The ledger of every change: who changed what, when and from where, in the transaction of the change.

SQLAlchemy-Continuum 2.0 was considered first. It stores whole copies of rows in a table beside each model. It
records all fields but those that are excluded, so that a forgotten secret is stored; here a field has to be
named to be recorded. It sees only the unit of work, and no bulk change of a hundred thousand rows. It ends a
version by an UPDATE, which the database refuses here: a history that can be rewritten proves nothing. It has
no chain of hashes. Its strength, reverting whole graphs of objects, is not needed.

- ``models.py`` has the rows, ``schema.py`` the triggers that refuse to change or delete them;
- ``values.py`` says how a value is written;
- ``recording.py`` writes them in the transaction of the change;
- ``changed_fields.py`` notes which fields each change set has changed, for the filter;
- ``chain.py`` ties each change set to the previous one, and verifies all of them.
"""
