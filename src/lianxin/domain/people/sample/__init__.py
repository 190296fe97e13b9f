"""The people's part of the sample district."""
