"""Ways into the manual other than a question: experiences by facet, paths for newcomers, search, network."""
