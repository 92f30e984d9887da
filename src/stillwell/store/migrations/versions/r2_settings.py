"""A table of settings; in it, how the records are encrypted ("{}": they are not)."""

import sqlalchemy as sa
from alembic import op

from stillwell.store.errors import PassphraseError

revision = "r2"
down_revision = "r1"

table = sa.table("settings", sa.column("name"), sa.column("value", sa.LargeBinary))


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "settings",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.bulk_insert(table, [{"name": "key", "value": b"{}"}])


def downgrade() -> None:
    """Take the table away. Raises PassphraseError: without it, encrypted records could not be read again."""
    found = op.get_bind().execute(sa.select(table.c.value).where(table.c.name == "key")).scalar()
    if found is not None and bytes(found) != b"{}":
        raise PassphraseError("take the passphrase away first: older versions cannot use it")
    op.drop_table("settings")
