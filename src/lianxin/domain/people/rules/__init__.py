"""Pure decisions about people; one file per noun."""
