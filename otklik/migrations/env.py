"""Alembic's entry: runs on the connection the program hands over."""

from alembic import context

from otklik.migrations.metadata import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
