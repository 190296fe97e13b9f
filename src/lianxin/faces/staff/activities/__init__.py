"""The office's pages of activities: planning, publishing, running and following up."""
