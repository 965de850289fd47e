"""Reference implementation of auth-service and inventory-service."""
