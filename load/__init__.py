"""Load on the services: k6, Locust and Artillery as real processes, and what judges a run afterwards."""
