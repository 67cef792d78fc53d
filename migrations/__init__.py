"""The tables, step by step. Alembic runs these; db.migrate runs Alembic."""
