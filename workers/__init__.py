"""What follows from events: ordering, projections, recomputation, as Celery tasks."""
