"""What the voice module registers."""

from lianxin.platform.contributions import Contribution, Reference

CONTRIBUTION = Contribution(
    module="voice",
    references=(
        Reference("voice.CaseReport", "person", "person"),
        Reference("voice.CaseReport", "household", "household"),
        Reference("voice.ReceptionPlace", "person", "person"),
        Reference("voice.Party", "person", "person"),
        Reference("voice.Invitation", "person", "person"),
        Reference("voice.RegisterFlat", "household", "household"),
        Reference("voice.Ballot", "person", "person"),
        Reference("voice.MediationParty", "person", "person"),
    ),
)
