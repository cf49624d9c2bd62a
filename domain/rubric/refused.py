"""The one refusal of everything about rubrics."""


class RubricRefused(ValueError):
    """The document is no sound rubric; ``place`` names where, ``zh`` and ``en`` say why."""

    def __init__(self, place: str, zh: str, en: str) -> None:
        super().__init__(f"{place}: {en}")
        self.place = place
        self.zh = zh
        self.en = en
