"""What the voice module registers."""

from lianxin.domain.voice import (
    case_wiring,
    matter_wiring,
    reception_wiring,
    tier_wiring,
    vote_wiring,
)
from lianxin.platform.contributions import Contribution, Reference, SamplePart

CONTRIBUTION = Contribution(
    module="voice",
    measures=(
        *case_wiring.MEASURES,
        *matter_wiring.MEASURES,
        *vote_wiring.MEASURES,
        *reception_wiring.MEASURES,
        *tier_wiring.MEASURES,
    ),
    checks=(
        *case_wiring.CHECKS,
        *matter_wiring.CHECKS,
        *vote_wiring.CHECKS,
        *reception_wiring.CHECKS,
        *tier_wiring.CHECKS,
    ),
    schedules=(
        *case_wiring.SCHEDULES,
        *vote_wiring.SCHEDULES,
        *reception_wiring.SCHEDULES,
        *tier_wiring.SCHEDULES,
    ),
    consequences=(
        *case_wiring.CONSEQUENCES,
        *matter_wiring.CONSEQUENCES,
        *tier_wiring.CONSEQUENCES,
        *vote_wiring.CONSEQUENCES,
        *reception_wiring.CONSEQUENCES,
    ),
    personal_data=(
        *case_wiring.PERSONAL_DATA,
        *matter_wiring.PERSONAL_DATA,
        *vote_wiring.PERSONAL_DATA,
        *reception_wiring.PERSONAL_DATA,
    ),
    retention=(
        *case_wiring.RETENTION,
        *matter_wiring.RETENTION,
        *vote_wiring.RETENTION,
        *reception_wiring.RETENTION,
    ),
    run_kinds=vote_wiring.RUN_KINDS,
    searchables=case_wiring.SEARCHABLES,
    references=(
        Reference("voice.ReceptionSeries", "venue", "venue"),
        Reference("voice.Case", "venue", "venue"),
        Reference("voice.CaseReport", "person", "person"),
        Reference("voice.CaseReport", "household", "household"),
        Reference("voice.ReceptionPlace", "person", "person"),
        Reference("voice.Party", "person", "person"),
        Reference("voice.Invitation", "person", "person"),
        Reference("voice.RegisterFlat", "household", "household"),
        Reference("voice.Ballot", "person", "person"),
        Reference("voice.MediationParty", "person", "person"),
    ),
    sample=(
        SamplePart("cases", "lianxin.domain.voice.sample.cases:build_cases", order=170, background=True),
        SamplePart("receptions", "lianxin.domain.voice.sample.receptions:build_receptions", order=171, background=True),
        SamplePart("mediations", "lianxin.domain.voice.sample.mediations:build_mediations", order=173, background=True),
        SamplePart("opinion maps", "lianxin.domain.voice.sample.opinions:build_opinions", order=175, background=True),
        SamplePart("lift", "lianxin.domain.voice.sample.lift:build_lift", order=172, background=True),
    ),
)
