"""What the program does when its processes are killed and its statements fail."""
