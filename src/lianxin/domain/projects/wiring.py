"""What the projects module registers."""

from lianxin.platform.contributions import Contribution, Reference

CONTRIBUTION = Contribution(
    module="projects",
    references=(
        Reference("projects.OutcomePerson", "person", "person"),
        Reference("projects.OutcomePerson", "household", "household"),
        Reference("projects.Project", "venue", "venue"),
        Reference("projects.Proposal", "venue", "venue"),
    ),
)
