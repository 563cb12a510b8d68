"""Pictures and documents designed of an event: what they show is chosen elsewhere, how they look is chosen here."""
