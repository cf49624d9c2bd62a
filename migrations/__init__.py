"""The schema of the record and of the read models, as Alembic revisions."""
