"""What viewers did, turned into what the next cut starts from."""
