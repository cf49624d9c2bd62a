"""Figures of a leaf as they travel inside events; ``domain.figure_checks`` says which a leaf takes."""

from typing import Any

Figures = dict[str, Any]
