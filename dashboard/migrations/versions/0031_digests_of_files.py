"""The digests of stored files, by which an import finds those that a record has already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL for files that were uploaded before: reading all of a store would take hours.
    op.add_column("stored_files", sa.Column("upload_digest", sa.String(length=64), nullable=True))
    op.add_column("stored_files", sa.Column("digest", sa.String(length=64), nullable=True))
    op.create_index("ix_stored_files_upload_digest", "stored_files", ["upload_digest"])


def downgrade() -> None:
    op.drop_index("ix_stored_files_upload_digest", table_name="stored_files")
    op.drop_column("stored_files", "digest")
    op.drop_column("stored_files", "upload_digest")
