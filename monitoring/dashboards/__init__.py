"""The Grafana dashboards as code; ``python -m monitoring.dashboards`` renders them to JSON."""
