"""Texts that people read, in both languages of the house."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Chinese first, English complete."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in ``lang``: "en", or Chinese for anything else."""
        return self.en if lang == "en" else self.zh
