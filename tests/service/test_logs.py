"""The log as those who run Kaohe configure and read it."""

import structlog
from structlog.testing import capture_logs

from service import logs


def test_a_logger_that_was_used_follows_what_is_configured_afterwards() -> None:
    logs.configure()
    log = structlog.get_logger()
    log.info("first use")
    logs.configure()
    with capture_logs() as said:
        log.info("heard")
    assert [line["event"] for line in said] == ["heard"]
