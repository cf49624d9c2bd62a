"""Brings a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(url: str, to: str = "head") -> None:
    """Migrates the database at ``url`` (an owner's connection URL) to a revision, the newest by default."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    command.upgrade(config, to)
