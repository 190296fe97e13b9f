"""What the bookings module registers."""

from lianxin.platform.contributions import Contribution

CONTRIBUTION = Contribution(module="bookings")
