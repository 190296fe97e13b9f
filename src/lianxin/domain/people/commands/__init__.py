"""The only writers of people; one file per noun."""
