"""How many products there are, kept by the database itself for each status and category.

Counting a million rows takes longer than showing a page of them, and every list shows its count. One counter
that all change would make writers wait for each other on PostgreSQL; there a writer takes any counter of its
kind that nobody holds, and makes another one where there is none. The counters of a kind add up.
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

NO_CATEGORY_ID = 0

# SQLite lets one writer in at a time, so one counter of each kind is enough.
SQLITE_CHANGE = (
    "INSERT INTO product_tallies (status, category_id, products) "
    "SELECT {row}.status, coalesce({row}.category_id, 0), 0 WHERE NOT EXISTS (SELECT 1 FROM product_tallies "
    "WHERE status = {row}.status AND category_id = coalesce({row}.category_id, 0)); "
    "UPDATE product_tallies SET products = products + ({number}) "
    "WHERE status = {row}.status AND category_id = coalesce({row}.category_id, 0);"
)
SQLITE_TRIGGER = "CREATE TRIGGER products_tally_{name} AFTER {moment} ON products BEGIN {changes} END"
ADD, TAKE = SQLITE_CHANGE.format(row="new", number=1), SQLITE_CHANGE.format(row="old", number=-1)
SQLITE = (
    SQLITE_TRIGGER.format(name="insert", moment="INSERT", changes=ADD),
    SQLITE_TRIGGER.format(name="delete", moment="DELETE", changes=TAKE),
    SQLITE_TRIGGER.format(name="update", moment="UPDATE OF status, category_id", changes=f"{TAKE} {ADD}"),
)

# Once for each statement: a bulk change of a hundred thousand rows moves a handful of counters.
POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION add_to_product_tally(of_status text, of_category integer, number bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE product_tallies SET products = products + number WHERE id = (
        SELECT id FROM product_tallies WHERE status = of_status AND category_id = of_category
        LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO product_tallies (status, category_id, products) VALUES (of_status, of_category, number);
    END IF;
END $$
""",
    """
CREATE OR REPLACE FUNCTION tally_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM add_to_product_tally(status, coalesce(category_id, 0), count(*))
        FROM new_rows GROUP BY status, category_id;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM add_to_product_tally(status, coalesce(category_id, 0), -count(*))
        FROM old_rows GROUP BY status, category_id;
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM add_to_product_tally(status, coalesce(category_id, 0), sum(number)::bigint)
        FROM (SELECT status, category_id, 1 AS number FROM new_rows
              UNION ALL SELECT status, category_id, -1 FROM old_rows) AS moved
        GROUP BY status, category_id HAVING sum(number) <> 0;
    ELSE
        DELETE FROM product_tallies;
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER products_tally_insert AFTER INSERT ON products
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_products()
""",
    """
CREATE OR REPLACE TRIGGER products_tally_delete AFTER DELETE ON products
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_products()
""",
    """
CREATE OR REPLACE TRIGGER products_tally_update AFTER UPDATE ON products
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION tally_products()
""",
    """
CREATE OR REPLACE TRIGGER products_tally_truncate AFTER TRUNCATE ON products
FOR EACH STATEMENT EXECUTE FUNCTION tally_products()
""",
)


def keep_tallies(products: Table) -> None:
    """Let the counters be kept from the moment that the table of products is made."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            trigger = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(products, "after_create", trigger)
