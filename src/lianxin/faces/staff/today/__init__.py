"""Today: what is late and due, who arrives, what waits for me, my doors, and what colleagues did."""
