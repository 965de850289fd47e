"""What a run says of itself: causes, strength, lines on the console, tables and pictures, and no secret in any of them.

Stands below everything: it knows no target, no call's path and no keyword, imports no other package of the project, and
`libraries/`, `history/`, `fuzz/`, `faults/`, `monitoring/` and `tools/` all say it with this.
"""
