"""Where each user starts after logging in, and who has hidden the first steps.

The users of a console in use have hidden them: the steps are for an empty console.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

IN_USE = "EXISTS (SELECT 1 FROM products) OR EXISTS (SELECT 1 FROM changes WHERE record_kind <> 'users')"


def upgrade() -> None:
    no = sa.false()
    op.add_column("users", sa.Column("start", sa.String(length=100), server_default="", nullable=False))
    op.add_column("users", sa.Column("hides_first_steps", sa.Boolean(), server_default=no, nullable=False))
    op.execute(sa.text(f"UPDATE users SET hides_first_steps = true WHERE {IN_USE}"))  # noqa: S608 - from above
    op.create_table(
        "start_views",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_start_views_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_views.id"],
            name=op.f("fk_start_views_view_id_saved_views"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_start_views")),
    )
    op.create_index(op.f("ix_start_views_view_id"), "start_views", ["view_id"])


def downgrade() -> None:
    op.drop_table("start_views")
    op.drop_column("users", "hides_first_steps")
    op.drop_column("users", "start")
