"""Where a run stands, for the pages that show it: progress, what is wrong in the file, why it stopped."""

from lianxin.platform.models import Job, Run, RunProblem


def progress_of(run: Run) -> tuple[int, int, str]:
    """Give (done, total, note) of the job that works on a run now."""
    job = Job.objects.filter(key__in=[f"stage-{run.pk}", f"apply-{run.pk}"]).order_by("-created_at").first()
    return (job.done_units, job.total_units, job.note) if job else (0, 0, "")


def problems_by_row(run: Run) -> dict[int, list[tuple[str, str]]]:
    """Give the errors of a run: row number to (column, sentence)."""
    found: dict[int, list[tuple[str, str]]] = {}
    for problem in RunProblem.objects.filter(run=run, is_warning=False).order_by("row_number"):
        found.setdefault(problem.row_number, []).append((problem.column, problem.sentence))
    return found


def list_problems(run: Run, *, limit: int = 100) -> list[RunProblem]:
    """Give the first problems of a run, wrong rows before warnings, each in the order of the file."""
    return list(RunProblem.objects.filter(run=run).order_by("is_warning", "row_number", "pk")[:limit])


def why_stopped(run: Run) -> str:
    """Give the failure of a run whose work was put aside after five tries, or an empty text."""
    if run.state not in (Run.State.STAGING, Run.State.APPLYING, Run.State.UNDOING):
        return ""
    parked = Job.objects.filter(args__run=str(run.pk), state=Job.State.PARKED).order_by("-created_at").first()
    return parked.failure or "parked" if parked else ""
