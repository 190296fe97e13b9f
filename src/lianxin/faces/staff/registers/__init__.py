"""Pages of registers: what communities keep on paper, looked at, printed and taken along."""
