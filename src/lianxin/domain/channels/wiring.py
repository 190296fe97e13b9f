"""What the channels module registers."""

from functools import partial

from lianxin.domain.channels import commands
from lianxin.platform.contributions import Channel, Contribution, Retention

CONTRIBUTION = Contribution(
    module="channels",
    channels=tuple(Channel(name, partial(commands.deliver, channel=name)) for name in commands.NAMES),
    retention=(Retention("delivered messages", commands.KEEP_DAYS, commands.forget_deliveries),),
)
