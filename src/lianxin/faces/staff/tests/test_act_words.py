"""Every act that staff can cause has a name in the audit log."""

import re
from pathlib import Path

import lianxin
from lianxin.faces import staff
from lianxin.faces.staff.settings.act_words import all_acts

SOURCE = Path(lianxin.__file__).parent if lianxin.__file__ else Path(next(iter(lianxin.__path__)))
COMMAND = re.compile(r'@command\(\s*"((\w+)\.\w+)"')
ALWAYS = {"platform", "channels", "runs"}


def commands() -> set[tuple[str, str]]:
    """Give the name and module of every command in the source."""
    files = (path for path in SOURCE.rglob("*.py") if "tests" not in path.parts)
    return {(found[1], found[2]) for path in files for found in COMMAND.finditer(path.read_text(encoding="utf-8"))}


def test_each_command_of_a_module_with_office_pages_has_words():
    folder = Path(next(iter(staff.__path__)))
    with_pages = ALWAYS | {path.name for path in folder.iterdir() if (path / "urls.py").exists()}

    missing = sorted(name for name, module in commands() if module in with_pages and name not in all_acts())

    assert not missing, f"name these acts in faces/staff/<module>/act_words.py: {missing}"


def test_no_words_are_kept_for_an_act_that_is_gone():
    assert set(all_acts()) <= {name for name, _module in commands()}
