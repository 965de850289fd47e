"""Known ways to be wrong: each file in ``gallery`` breaks a running service from outside its own code.

``python -m faults list`` names them; ``python -m stack up --fault NAME`` starts a stack that has one;
``python -m faults prove`` runs the suites against each and demands that they go red.
"""
