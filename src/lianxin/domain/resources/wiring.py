"""What the resources module registers."""

from lianxin.platform.contributions import Contribution, Reference

CONTRIBUTION = Contribution(
    module="resources",
    references=(
        Reference("resources.Offer", "person", "person"),
        Reference("resources.Offer", "organisation", "organisation"),
        Reference("resources.Offer", "venue", "venue"),
        Reference("resources.Partnership", "organisation", "organisation"),
        Reference("resources.Agreement", "organisation", "organisation"),
    ),
)
