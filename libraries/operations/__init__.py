"""How the services tell how they are, and how they are troubled: metrics, logs, outages (contract, section 6).

Keywords: `libraries.operations.keywords`. The only place that starts, stops or cuts off a service.
"""
