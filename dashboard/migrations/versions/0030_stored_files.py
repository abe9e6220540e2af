"""Files of records, the records that have them, and the photos of products."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dashboard.database.types import UTCDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("record_kind", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("stored_by_id", sa.Integer(), nullable=True),
        sa.Column("stored_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_files_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stored_files_stored_at_id", "stored_files", ["stored_at", "id"])
    op.create_table(
        "file_uses",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("record_kind", sa.String(length=63), nullable=False),
        sa.Column("record_key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_file_uses_file_id_stored_files")
        ),
        sa.PrimaryKeyConstraint("file_id", "record_kind", "record_key", name=op.f("pk_file_uses")),
    )
    op.create_index("ix_file_uses_record_kind_record_key", "file_uses", ["record_kind", "record_key"])
    # Without a default, so that no row has to be written again: NULL is an empty list.
    op.add_column("products", sa.Column("photos", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "photos")
    op.drop_table("file_uses")
    op.drop_table("stored_files")
