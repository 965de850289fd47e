"""Laws 1 to 7 while parts of the deployment die, hang and come back: `make resilience`."""
