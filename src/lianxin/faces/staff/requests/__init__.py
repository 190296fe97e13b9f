"""What offices above ask of a community: answered once, and noted when it came another way."""
