"""The check-list as data: model, reading, refusal, identity."""
