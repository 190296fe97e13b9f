"""Matches needs with offers: a week person by person, a month occurrence by occurrence, without clock or files."""
