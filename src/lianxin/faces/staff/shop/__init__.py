"""The office's pages of the service supermarket: shelf, counter, merchants, donors, tills without network."""
