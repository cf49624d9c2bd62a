"""A city whose log is served and signed."""

from dataclasses import dataclass, field

from events.log.notes import Note
from events.log.signers import SignerKey, cosign
from events.log.storage import read_checkpoint
from events.store import EventStore
from service.resources import log
from tests.service.city import City
from workers.log import Kept, keep_log
from workers.log_keys import ensure_keys


@dataclass
class LogHouse:
    city: City
    worker: EventStore = field(init=False)

    def __post_init__(self) -> None:
        if "log" not in self.city.app.blueprints:
            self.city.app.register_blueprint(log.blueprint)
        self.worker = self.city.projectors[0]._store

    def sign(self) -> Kept:
        ensure_keys(self.city.office.settings)
        return keep_log(self.worker, self.city.office.settings)

    def get(self, path: str, who: str = "stranger") -> bytes:
        answer = self.city.call(who, "GET", f"/log/{path}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data()

    def status(self, path: str, who: str = "stranger") -> int:
        return self.city.call(who, "GET", f"/log/{path}").status_code

    def checkpoint(self) -> Note:
        with self.worker.connection() as connection:
            found = read_checkpoint(connection)
        assert found is not None
        return found[1]

    def cosigned_by(self, key: SignerKey, time: int = 1_800_000_000) -> None:
        note = self.checkpoint()
        line = cosign(note.text, key, time).line
        size = int(note.text.split("\n")[1])
        with self.worker.connection() as connection:
            connection.execute("SELECT log.cosign(%s, %s, %s, to_timestamp(%s))", (size, key.verifier.text, line, time))
