"""Being here, in a package, puts the root of the checkout on the import path of all tests."""
