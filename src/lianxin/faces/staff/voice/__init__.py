"""Pages of voice: cases, reception days, deliberation, votes, mediation."""
