"""Words of what is done with briefings; their pages stand in the district face."""
