"""One step of a rush, in a process of its own: make the date, or count what came of it."""

import json
import sys
from datetime import timedelta
from typing import Any

import lianxin.config.wsgi  # noqa: F401 - starts Django with the settings of the web server
from lianxin.domain.activities.models import Occurrence, SignUp
from lianxin.domain.activities.tests.sign_up_factories import differences, make_scene
from lianxin.faces.cli.setup import everything_ready
from lianxin.platform import scope
from lianxin.platform.clock import now


def prepare(places: str) -> None:
    """Make tables, keys and files, and one date with so many places."""
    everything_ready()
    starts = now().replace(microsecond=0) + timedelta(days=8)
    text = "社区医生讲讲秋冬怎么保养,量血压、问用药都可以。" * 8
    scene = make_scene(
        size=int(places), starts_at=starts, ends_at=starts + timedelta(hours=2), activity={"poster_text": text}
    )
    tell({"occurrence": str(scene.occurrence.pk)})


def count(occurrence: str) -> None:
    """Tell every sign-up in its order, the counters, and what the recount finds."""
    with scope.everything():
        place = Occurrence.objects.get(pk=occurrence)
        rows = SignUp.objects.filter(occurrence=occurrence).order_by("place_no")
        told = list(rows.values_list("place_no", "state", "guest_name", "code"))
    tell(
        {
            "rows": told,
            "taken": place.taken,
            "waiting": place.waiting,
            "differences": differences(),
        }
    )


def tell(what: dict[str, Any]) -> None:
    """Write what was found as the last line."""
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    {"prepare": prepare, "count": count}[sys.argv[1]](*sys.argv[2:])
