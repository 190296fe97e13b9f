"""Says of each proposal why it is as it is: in figures and ids, which a face puts into words."""

from collections import Counter
from dataclasses import dataclass

from lianxin.engines.matching.model.plan import Explanation, Proposal
from lianxin.engines.matching.tables import Tables

QUOTES = 2


@dataclass(frozen=True)
class Instead:
    """What would be without a proposal: the next best offer, if any, and what the plan would lose."""

    offer: str
    loss: float


def explain(tables: Tables, proposals: tuple[Proposal, ...], instead: tuple[Instead, ...]) -> tuple[Explanation, ...]:
    """Explain all proposals, in their order."""
    explaining = _Explaining(tables, proposals)
    return tuple(explaining.of(p, other) for p, other in zip(proposals, instead, strict=True))


class _Explaining:
    def __init__(self, tables: Tables, proposals: tuple[Proposal, ...]) -> None:
        self.tables = tables
        self.weekly = tables.problem.kind == "weekly"
        self.weight = tables.weight.tolist()
        self.home = tables.need_community.tolist()
        self.metres = tables.metres
        self.asking: Counter[tuple[int, int, int]] = Counter()
        people, categories = tables.people.tolist(), tables.need_category.tolist()
        for row, part in zip(*(rows.tolist() for rows in tables.need_parts.nonzero()), strict=True):
            self.asking[categories[row], self.home[row], part] += people[row]
        self.asked: Counter[int] = Counter()
        for row, home in enumerate(self.home):
            self.asked[home] += tables.needs[row].people
        self.served: Counter[int] = Counter()
        for proposal in proposals:
            for name, count in proposal.served:
                self.served[self.home[tables.at["needs"][name]]] += count
        self.rates = {home: self.served[home] / asked for home, asked in self.asked.items()}
        self.lowest = sorted((rate, home) for home, rate in self.rates.items())

    def of(self, proposal: Proposal, instead: Instead) -> Explanation:
        tables, at = self.tables, self.tables.at
        offer = tables.offers[at["offers"][proposal.offer]]
        rows = [(at["needs"][name], count) for name, count in proposal.served]
        place = at["communities"][proposal.community]
        by_urgency = sorted(
            rows, key=lambda item: (-self.weight[item[0]], -tables.needs[item[0]].waiting_days, item[0])
        )
        own: Counter[int] = Counter()
        for row, count in rows:
            own[self.home[row]] += count
        rate = self.rates.get(place, 0.0)
        without = {home: (self.served[home] - count) / self.asked[home] for home, count in own.items()}
        others = next((rate for rate, home in self.lowest if home not in without), 1.0)
        return Explanation(
            needs=len(rows),
            people=proposal.people,
            oldest_waiting_days=max((tables.needs[row].waiting_days for row, _ in rows), default=0),
            quotes=tuple(tables.needs[row].id for row, _ in by_urgency[:QUOTES]),
            level=dict(offer.categories)[proposal.category],
            metres=round(float(self.metres[at["offers"][proposal.offer], place])),
            kept=offer.kept,
            promised=offer.promised,
            could_come_then=self._could_come(proposal, place),
            score=self._score(proposal, rows, place),
            next_best_offer=instead.offer,
            loss_without=round(instead.loss, 6),
            community_rate=rate,
            community_rate_without=without.get(place, rate),
            lowest_rate=self.lowest[0][0] if self.lowest else 0.0,
            lowest_rate_without=min([others, *without.values()]) if self.lowest else 0.0,
        )

    def _could_come(self, proposal: Proposal, place: int) -> int:
        """Count those near by who ask for this and can come then, whether the plan serves them or not."""
        tables = self.tables
        category = tables.at["categories"][proposal.category]
        part = int(tables.part_of_slot[tables.at["slots"][proposal.slot]])
        homes = [place] if self.weekly else [int(home) for home in tables.walkable[:, place].nonzero()[0]]
        return sum(self.asking[category, home, part] for home in homes)

    def _score(self, proposal: Proposal, rows: list[tuple[int, int]], place: int) -> dict[str, float]:
        """Take the worth apart; the parts add up to it."""
        tables, parameters = self.tables, self.tables.parameters
        offer_row = tables.at["offers"][proposal.offer]
        offer = tables.offers[offer_row]
        fit = float(tables.quality[offer_row, tables.at["categories"][proposal.category]])
        priority = sum(count * tables.needs[row].priority for row, count in rows)
        waiting = sum(count * self.weight[row] for row, count in rows) - priority
        quality, way, near_of_offer = 0.0, 0.0, float(tables.nearness[offer_row, place])
        for row, count in rows:
            weight = self.weight[row] if self.weekly else 1.0
            near = near_of_offer if self.weekly else float(tables.near(tables.between[self.home[row], place]))
            quality -= count * weight * (1.0 - fit)
            way -= count * weight * fit * (1.0 - near)
        parts = {"priority": priority, "waiting": waiting, "provider": quality, "distance": way}
        if not self.weekly:
            travel = parameters.travel_cost_per_km * float(self.metres[offer_row, place]) / 1000.0
            parts |= {"setup": -parameters.setup_cost - offer.setup_cost, "travel": -travel}
        return {name: round(value, 6) for name, value in (parts | {"total": sum(parts.values())}).items()}
