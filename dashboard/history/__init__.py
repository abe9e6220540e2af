"""The ledger of every change: who changed what, when and from where, written with the change or not at all.

Why not SQLAlchemy-Continuum 2.0, which was weighed first: it keeps whole copies of rows in a table beside
each model, leaves out what is named (a forgotten secret is kept; here a field has to be named to be kept at
all), sees only what goes through the unit of work (a bulk change of a hundred thousand rows does not), marks
the end of a version by an UPDATE (which the database refuses here: history that can be rewritten proves
nothing), and has no chain of hashes. What it does well, reverting whole graphs of objects, is not needed.

- ``recorded.py`` says which fields of a model are kept, and how a value is written;
- ``models.py`` are the rows, ``schema.py`` the triggers that refuse to change or delete them;
- ``recording.py`` writes them in the transaction of the change;
- ``chain.py`` ties each change set to the one before, and verifies all of them.
"""
