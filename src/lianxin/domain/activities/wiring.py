"""What the activities module registers."""

from lianxin.platform.contributions import Contribution

CONTRIBUTION = Contribution(module="activities")
