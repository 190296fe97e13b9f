"""Points: awards, passbooks, notices, rules and what else belongs to a community's book."""
