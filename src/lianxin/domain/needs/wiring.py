"""What the needs module registers."""

from lianxin.platform.contributions import Contribution, Reference

CONTRIBUTION = Contribution(
    module="needs",
    references=(
        Reference("needs.NeedReport", "person", "person"),
        Reference("needs.NeedReport", "household", "household"),
        Reference("needs.Submission", "person", "person"),
        Reference("needs.Submission", "household", "household"),
        Reference("needs.Visit", "household", "household"),
        Reference("needs.VisitPromise", "household", "household"),
    ),
)
