"""Every direct dependency has its reason in docs/dependencies.md, and none is listed that is not one."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_direct_dependency_has_one_line_of_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = sorted(re.split(r"[\[>=<~! ]", each, maxsplit=1)[0] for each in asked)
    told = re.findall(r"^- `([a-z0-9-]+)` \S.*$", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == names
