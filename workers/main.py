"""Where the Celery command line finds the app: ``celery -A workers.main worker``."""

from workers.app import create_app, equip
from workers.settings import Settings

settings = Settings.from_environment()
app = equip(create_app(settings), settings)
