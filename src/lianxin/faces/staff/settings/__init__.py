"""Settings by role: staff and accounts, calendar, purposes, kinds, texts, jobs, the audit log."""
