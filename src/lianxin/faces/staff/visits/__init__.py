"""Pages of visits: who is due, what was promised, records to compare, and the phone that goes along."""
