"""Prometheus rules, Alertmanager routing and Grafana dashboards, and what proves them."""
