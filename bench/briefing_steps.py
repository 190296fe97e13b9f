"""Asks for one briefing of the whole district in the site that the environment names, makes it, and tells the costs."""

import json
import resource
import sys
import time
import zipfile
from pathlib import Path

import django


def main() -> None:
    """Ask, make, compare; print what it took."""
    django.setup()
    from django.conf import settings

    from lianxin.domain.places.queries.divisions import find_district
    from lianxin.domain.reporting.commands import briefings
    from lianxin.domain.reporting.models import Briefing
    from lianxin.domain.reporting.queries.briefings import file_of
    from lianxin.insight.briefing_compare import differences
    from lianxin.insight.briefing_tasks import make_briefing
    from lianxin.insight.periods import read_period
    from lianxin.platform import files, ids
    from lianxin.platform.actors import Actor
    from lianxin.platform.clock import local_day, now

    class Told:
        id, actor = ids.new_id(), Actor.system()
        steps = 0

        def progress(self, done: int, total: int, note: str = "") -> None:
            self.steps += 1

    kind, text = sys.argv[1:3]
    period = read_period(text, today=local_day(now()))
    office = Actor(None, "district_staff", None, "bench", roles=frozenset({"district_staff"}))
    for left in Briefing.objects.filter(kind=kind, from_on=period.from_on, state__in=("making", "failed", "draft")):
        briefings.drop(actor=office, briefing=left.pk, at=now())
    began, cpu, told = time.monotonic(), time.process_time(), Told()
    row = briefings.ask_briefing(
        actor=office, kind=kind, from_on=period.from_on, until_on=period.until_on, area=find_district().pk, at=now()
    )
    make_briefing(told, briefing=str(row.pk))  # type: ignore[arg-type]
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    row.refresh_from_db()
    if row.state != "draft":
        raise SystemExit(row.failure)
    filling = resource.getrusage(resource.RUSAGE_CHILDREN)
    body = files.path_of(file=file_of(row)).read_bytes()
    kept = Path(settings.VAR_DIR) / f"briefing-{kind}.docx"
    kept.write_bytes(body)
    with zipfile.ZipFile(kept) as package:
        names = package.namelist()
    again = time.monotonic()
    wrong = differences(row.figures, communities=None, whole="")
    if wrong:
        raise SystemExit(f"computed again, {wrong[0].figure} is another number")
    compared = time.monotonic() - again
    briefings.drop(actor=office, briefing=row.pk, at=now())
    told_of = {
        "seconds": seconds,
        "cpu": cpu,
        "cpu_filling": filling.ru_utime + filling.ru_stime,
        "mib_filling": filling.ru_maxrss / 1024,
        "steps": told.steps,
        "numbers": len(row.figures["values"]),
        "charts": sum(name.startswith("word/charts/chart") for name in names),
        "bytes": len(body),
        "compared": compared,
        "path": str(kept.resolve()),
    }
    sys.stdout.write(json.dumps(told_of) + "\n")


if __name__ == "__main__":
    main()
