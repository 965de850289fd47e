*** Settings ***
Documentation    Load on the services by real tools, and the ledger checked afterwards (seed, section 7.3).
...
...              `robot load/` takes under 40 s. `PROFILE` chooses another run: `--variable PROFILE:seed` (4.5 min),
...              `soak` (30 min), `stress` (the highest rate that holds). `TOOL` chooses another tool:
...              `--variable TOOL:locust`, `artillery`. Both can come from the environment.

Library          ../libraries/    AS    Target

Suite Setup      Prepare Target
