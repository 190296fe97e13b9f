import gzip
import importlib.util
import re
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
ROOT = KIT.parents[3]
STATIC = KIT / "static"
RESIDENT_FIRST_LOAD = ("kit/tokens.css", "kit/parts.css", "kit/resident.css", "kit/icons.svg", "kit/mark.svg")


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_as_recorded():
    assert script("vendor_assets").check() == []


def test_a_residents_styles_and_icons_leave_room_for_the_page():
    total = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in RESIDENT_FIRST_LOAD)

    assert total <= 40 * 1024


def test_every_icon_that_a_template_names_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "kit/icons.svg").read_text()))
    named = set()
    for template in KIT.parent.rglob("*.html"):
        named |= set(re.findall(r'(?:\{% icon |icon_name=)"([a-z0-9-]+)"', template.read_text()))

    assert named - drawn == set()


def test_no_template_of_the_kit_has_inline_style_or_foreign_addresses():
    for template in (KIT / "templates").rglob("*.html"):
        text = template.read_text()
        assert " style=" not in text, template.name
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), template.name


def relative_luminance(colour):
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_that_carries_words_has_enough_contrast():
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STATIC / "kit/tokens.css").read_text()))
    pairs = [
        (name, ground) for name in ("ink", "grey", "red", "green", "blue", "amber") for ground in ("#ffffff", "paper")
    ]
    pairs += [(f"{tone}-word", f"{tone}-tint") for tone in ("red", "amber", "blue", "green")]

    for name, ground in pairs:
        assert contrast(tokens[name], tokens.get(ground, ground)) >= 4.5, (name, ground)
