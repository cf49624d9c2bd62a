"""What comes in and goes out: one marshmallow module a subject."""
