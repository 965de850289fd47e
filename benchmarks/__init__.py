"""How fast: benchmarks, the comparison of two commits, and yardsticks. docs/performance.md tells how to read them."""
