"""What the demo remembers on disk: who plays, with which tokens, and whether the year is played."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Holder:
    """A person of the record and his token."""

    id: str
    token: str


@dataclass(slots=True)
class Notes:
    """Kept in one file that only its owner may read; ``began`` is a day (ISO 8601)."""

    file: Path
    began: str
    finished: bool = False
    people: dict[str, Holder] = field(default_factory=dict)

    def first_day(self) -> datetime:
        """The first moment (UTC) of the day on which the demo began."""
        return datetime.combine(date.fromisoformat(self.began), time(), UTC)

    def note(self, key: str, holder: Holder) -> None:
        """Remembers a person's token, at once: it is shown only once."""
        self.people[key] = holder
        self.save()

    def finish(self) -> None:
        """Remembers that the year is played."""
        self.finished = True
        self.save()

    def save(self) -> None:
        """Writes the file whole or not at all."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(0o600)
        people = {key: asdict(holder) for key, holder in self.people.items()}
        told = {"began": self.began, "finished": self.finished, "people": people}
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
        draft.rename(self.file)


def place(data: Path) -> Path:
    """Where the notes of a data folder are."""
    return data / "secrets" / "demo-tokens.json"


def read(data: Path) -> Notes | None:
    """The notes of a data folder; None when there are none."""
    file = place(data)
    if not file.exists():
        return None
    told = json.loads(file.read_text("utf-8"))
    people = {key: Holder(**holder) for key, holder in told["people"].items()}
    return Notes(file, told["began"], told["finished"], people)
