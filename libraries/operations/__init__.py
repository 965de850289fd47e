"""How the services tell how they are, and how they are troubled: metrics, logs, outages (contract, section 6)."""
