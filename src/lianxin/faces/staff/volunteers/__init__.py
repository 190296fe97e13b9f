"""Pages about volunteering: shifts, people, teams, hours, certificates, reporting in."""
