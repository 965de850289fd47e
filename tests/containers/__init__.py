"""Compose file, Dockerfiles and their agreement with the services."""
