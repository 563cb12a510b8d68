"""The site, its media and the API: a FastAPI application over one workplace. `repurpose serve` runs it."""
