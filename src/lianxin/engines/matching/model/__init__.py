"""What goes into a run and what comes out: frozen, without behaviour beyond small look-ups."""
