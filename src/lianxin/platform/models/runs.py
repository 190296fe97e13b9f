"""A bulk act as rows: staged and validated whole, applied chunk by chunk, undone while nothing depends on it."""

from django.db import models

from lianxin.platform.models.base import Record


class Run(Record):
    """One import or batch, from the file to the last applied chunk."""

    class State(models.TextChoices):
        STAGING = "STAGING"
        STAGED = "STAGED"
        APPLYING = "APPLYING"
        DONE = "DONE"
        REFUSED = "REFUSED"
        UNDOING = "UNDOING"
        UNDONE = "UNDONE"

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STAGING)
    file_id = models.UUIDField(null=True)
    options = models.JSONField(default=dict)
    asked_by = models.UUIDField(null=True)
    actor = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    staged_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_good = models.PositiveIntegerField(default=0)
    rows_wrong = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    rows_applied = models.PositiveIntegerField(default=0)
    refusal = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["asked_by", "created_at"], name="run_by_account")]


class RunChunk(Record):
    """At most 500 clean rows, sealed, and what became of them."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    payload = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    made_ids = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_chunk_once")]


class RunProblem(Record):
    """A sentence about one cell of the file that was read."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="problems")
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    sentence = models.CharField(max_length=300)
    is_warning = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["run", "is_warning", "row_number"], name="run_problem_by_row")]
