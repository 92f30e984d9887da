"""What Alembic runs: the migrations, in the transaction that the store has begun."""

from alembic import context

from stillwell.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
